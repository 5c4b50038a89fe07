/** Faults ordered over the control port: which request meets which, and for how often. What they do: fault-effects.ts. */
import * as z from 'zod';
import { limits } from './bounds.ts';
import { badRequest } from './http-error.ts';
import { freshToken } from './token.ts';

const ms = z.number().int().min(0).max(600_000);
const httpStatus = z.number().int().min(200).max(599);

/** Which requests an order is for; what is left out matches everything. The descriptions stand on the overview page. */
export const matching = {
  operationId: z.string().optional().describe('The operation, by its name under Calls.'),
  path: z.string().optional().describe('Path without the query; a star at the end stands for any rest.'),
  caller: z
    .string()
    .optional()
    .describe('The person by any address, such as ada; sessions from a login count as theirs.'),
  skip: z.number().int().min(0).optional().describe('Requests let through before the first one that is met.'),
  count: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Requests met before the order ends; left out, it stands until it is deleted.'),
  delayMs: ms.optional().describe('Waited before anything else happens, whatever the kind.'),
} as const;

/** One order. Kinds that say so do their own thing when they meet an event stream, `createEvents`. */
export const faultOrder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ...matching, delayMs: ms }).describe('Nothing but the wait of delayMs.'),
  z
    .strictObject({
      kind: z.literal('status'),
      ...matching,
      status: httpStatus.describe('The status, such as 503 or 429.'),
      form: z
        .enum(['envelope', 'html', 'text', 'empty'])
        .default('envelope')
        .describe('What the body is: the failure envelope, a page, plain text, or nothing.'),
      retryAfter: z
        .union([z.number().int().min(0), z.string()])
        .optional()
        .describe('Sent as Retry-After: seconds, or any text such as an HTTP date.'),
      message: z.string().optional().describe('Words for the body.'),
    })
    .describe('Another status than success; the request is not handled.'),
  z
    .strictObject({
      kind: z.literal('html'),
      ...matching,
      status: httpStatus.default(502).describe('The status; 502 when left out.'),
    })
    .describe('An HTML page, as a proxy on the way would answer.'),
  z
    .strictObject({
      kind: z.literal('interim'),
      ...matching,
      status: z
        .union([z.literal(100), z.literal(102), z.literal(103)])
        .default(103)
        .describe('Which; 103 when left out.'),
    })
    .describe('An interim answer, such as 103 Early Hints, goes before the real one. Event stream: before its 200.'),
  z
    .strictObject({
      kind: z.literal('status-line'),
      ...matching,
      line: z.string().default('HTTP/1.1 000 Nothing').describe('The line as it is sent.'),
    })
    .describe('An answer whose status line is malformed; the request is not handled.'),
  z
    .strictObject({
      kind: z.literal('coded'),
      ...matching,
      coding: z.enum(['gzip', 'deflate', 'br']).default('gzip').describe('Which; gzip when left out.'),
    })
    .describe('The real answer compressed, whatever was asked for. Event stream: as it is.'),
  z
    .strictObject({ kind: z.literal('refuse'), ...matching })
    .describe('The connection is reset before the request is handled.'),
  z
    .strictObject({ kind: z.literal('lose'), ...matching })
    .describe('The request is handled and its answer lost: what makes a Request-ID worth having.'),
  z
    .strictObject({
      kind: z.literal('cut'),
      ...matching,
      afterMs: ms.default(0).describe('How long the half is held before the connection goes.'),
    })
    .describe(
      'The answer breaks off in the middle; one without a body in its head. Event stream: half a frame, then a reset.',
    ),
  z
    .strictObject({ kind: z.literal('stall'), ...matching })
    .describe(
      'No answer ever comes. Event stream: it opens, replays, and then sends nothing more, heartbeats included.',
    ),
  z
    .strictObject({
      kind: z.literal('garbage'),
      ...matching,
      text: z.string().default('{"status":"succ\u0000').describe('What comes instead.'),
    })
    .describe('200 with something that is not JSON. Event stream: one frame like that, then life goes on.'),
  z
    .strictObject({ kind: z.literal('wrong-shape'), ...matching })
    .describe(
      'The real answer with its first token turned into a number: JSON that breaks the contract. Event stream: such a frame.',
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
        .describe('How many; 20 MiB when left out.'),
    })
    .describe('An answer, or on the event stream a frame, of so many bytes.'),
  z
    .strictObject({ kind: z.literal('duplicate'), ...matching })
    .describe('Event stream: every event is written twice, with the same id. Elsewhere it does nothing.'),
]);

export type FaultOrder = z.output<typeof faultOrder>;
export type FaultOrderInput = z.input<typeof faultOrder>;

/** What is known of a request when faults are looked up: nothing was checked yet. */
interface FaultTarget {
  readonly operationId: string;
  readonly path: string;
  readonly caller: string | null;
}

export interface StandingFault {
  readonly id: string;
  readonly order: FaultOrder;
  /** Requests met so far. */
  readonly met: number;
}

export interface Faults {
  /** @throws Refusal 400 for an order that cannot be read, or too many at once. */
  order(input: unknown): StandingFault;
  /** The first order that is for this request; counts it as met. */
  take(target: FaultTarget): FaultOrder | undefined;
  list(): readonly StandingFault[];
  /** Without an id all of them. @returns How many were taken back. */
  clear(id?: string): number;
}

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
