/** Faults set on the control port: their settings, and which one applies to a request. Effects: fault-effects.ts. */
import * as z from 'zod';
import { limits } from '../bounds.ts';
import { badRequest } from '../http/http-error.ts';
import { freshToken } from '../token.ts';

const ms = z.number().int().min(0).max(600_000);
const httpStatus = z.number().int().min(200).max(599);

/** Selects the requests a fault applies to; an absent setting matches all. The overview page shows the descriptions. */
export const matching = {
  operationId: z.string().optional().describe('Operation name, as listed under Calls.'),
  path: z.string().optional().describe('Path without the query; a trailing * matches any suffix.'),
  caller: z
    .string()
    .optional()
    .describe('The person, by any address, such as ada; matches all sessions of that person.'),
  skip: z.number().int().min(0).optional().describe('Number of matching requests that pass before the fault applies.'),
  count: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Number of requests the fault applies to; without it, the fault stays until it is deleted.'),
  delayMs: ms.optional().describe('Delay before the request is handled, in milliseconds, for every kind.'),
} as const;

/** One fault. Descriptions state a different effect on an event stream, `createEvents`. */
export const faultOrder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ...matching, delayMs: ms }).describe('Only the delay of delayMs.'),
  z
    .strictObject({
      kind: z.literal('status'),
      ...matching,
      status: httpStatus.describe('The status, such as 503 or 429.'),
      form: z
        .enum(['envelope', 'html', 'text', 'empty'])
        .default('envelope')
        .describe('The body: the failure envelope, a page, plain text, or nothing.'),
      retryAfter: z
        .union([z.number().int().min(0), z.string()])
        .optional()
        .describe('Sent as Retry-After: seconds, or any text such as an HTTP date.'),
      message: z.string().optional().describe('Text of the body.'),
    })
    .describe('The given status; the request is not handled.'),
  z
    .strictObject({
      kind: z.literal('html'),
      ...matching,
      status: httpStatus.default(502).describe('The status; 502 when left out.'),
    })
    .describe('An HTML page, as from a proxy in between; the request is not handled.'),
  z
    .strictObject({
      kind: z.literal('interim'),
      ...matching,
      status: z
        .union([z.literal(100), z.literal(102), z.literal(103)])
        .default(103)
        .describe('The interim status; 103 when left out.'),
    })
    .describe('An interim response, such as 103 Early Hints, precedes the real one. Event stream: before its 200.'),
  z
    .strictObject({
      kind: z.literal('status-line'),
      ...matching,
      line: z.string().default('HTTP/1.1 000 Nothing').describe('The status line, sent unchanged.'),
    })
    .describe('A response with a malformed status line; the request is not handled.'),
  z
    .strictObject({
      kind: z.literal('coded'),
      ...matching,
      coding: z.enum(['gzip', 'deflate', 'br']).default('gzip').describe('The content coding; gzip when left out.'),
    })
    .describe('The real response, compressed whatever Accept-Encoding says. Event stream: no effect.'),
  z
    .strictObject({ kind: z.literal('refuse'), ...matching })
    .describe('The connection is reset before the request is handled.'),
  z
    .strictObject({ kind: z.literal('lose'), ...matching })
    .describe('The request is handled, then the connection is reset without a response: the case a Request-ID is for.'),
  z
    .strictObject({
      kind: z.literal('cut'),
      ...matching,
      afterMs: ms.default(0).describe('Time between the first half and the reset, in milliseconds.'),
    })
    .describe(
      'Half of the response, then a reset; without a body, half of its head. Event stream: half a frame, then a reset.',
    ),
  z
    .strictObject({ kind: z.literal('stall'), ...matching })
    .describe('No response is sent. Event stream: it opens and replays, then sends nothing more, heartbeats included.'),
  z
    .strictObject({
      kind: z.literal('garbage'),
      ...matching,
      text: z.string().default('{"status":"succ\u0000').describe('The text to send.'),
    })
    .describe('200 with a body that is not JSON. Event stream: one such frame, then normal events.'),
  z
    .strictObject({ kind: z.literal('wrong-shape'), ...matching })
    .describe(
      'The real response with its first token replaced by a number: JSON that violates the contract. Event stream: one such frame.',
    ),
  z
    .strictObject({ kind: z.literal('body'), ...matching, body: z.unknown().describe('The document.') })
    .describe('200 with exactly this JSON document.'),
  z
    .strictObject({
      kind: z.literal('oversize'),
      ...matching,
      bytes: z
        .number()
        .int()
        .min(1)
        .max(256 * 1024 * 1024)
        .default(20 * 1024 * 1024)
        .describe('Size in bytes; 20 MiB when left out.'),
    })
    .describe('A response of this size. Event stream: a frame of this size.'),
  z
    .strictObject({ kind: z.literal('duplicate'), ...matching })
    .describe('Event stream: every event is written twice, with the same id. No effect on other requests.'),
]);

export type FaultOrder = z.output<typeof faultOrder>;
export type FaultOrderInput = z.input<typeof faultOrder>;

/** A request before authentication and validation. */
interface FaultTarget {
  readonly operationId: string;
  readonly path: string;
  readonly caller: string | null;
}

export interface StandingFault {
  readonly id: string;
  readonly order: FaultOrder;
  /** Number of requests the fault was applied to. */
  readonly met: number;
}

export interface Faults {
  /** @throws HttpError 400 for invalid settings, or when `limits.faults` are active. */
  order(input: unknown): StandingFault;
  /** The first fault that applies to this request; counts the request. */
  take(target: FaultTarget): FaultOrder | undefined;
  list(): readonly StandingFault[];
  /** Removes one fault, or all without an id. @returns How many were removed. */
  clear(id?: string): number;
}

/** A list of faults, empty at first. */
export function createFaults(): Faults {
  let standing: { id: string; order: FaultOrder; seen: number; met: number }[] = [];
  return {
    order: (input) => {
      if (standing.length >= limits.faults) throw badRequest(`expected at most ${limits.faults} faults at once`);
      const parsed = faultOrder.safeParse(input);
      if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
      const fault = { id: freshToken(), order: parsed.data, seen: 0, met: 0 };
      standing.push(fault);
      return { id: fault.id, order: fault.order, met: 0 };
    },
    take: (target) => {
      for (const fault of standing) {
        if (!isFor(fault.order, target)) continue;
        fault.seen += 1;
        if (fault.seen <= (fault.order.skip ?? 0)) continue;
        fault.met += 1;
        if (fault.met >= (fault.order.count ?? Number.POSITIVE_INFINITY)) {
          standing = standing.filter((other) => other !== fault);
        }
        return fault.order;
      }
      return undefined;
    },
    list: () => standing.map(({ id, order, met }) => ({ id, order, met })),
    clear: (id) => {
      const before = standing.length;
      standing = id === undefined ? [] : standing.filter((fault) => fault.id !== id);
      return before - standing.length;
    },
  };
}

function isFor(order: FaultOrder, { operationId, path, caller }: FaultTarget): boolean {
  if (order.operationId !== undefined && order.operationId !== operationId) return false;
  if (order.caller !== undefined && order.caller !== caller) return false;
  if (order.path === undefined) return true;
  if (order.path.endsWith('*')) return path.startsWith(order.path.slice(0, -1));
  return withoutSlash(path) === withoutSlash(order.path);
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
