/** Schemas of the bodies of control orders. */
import * as z from 'zod';

export const streamOrder = z.strictObject({
  action: z.enum(['drop', 'reset', 'stall', 'garbage', 'wrong-shape', 'oversize', 'duplicate', 'reconnect']),
  caller: z.string().optional(),
  text: z.string().optional(),
  bytes: z
    .number()
    .int()
    .min(1)
    .max(256 * 1024 * 1024)
    .optional(),
});

export const injectOrder = z.strictObject({
  caller: z.string(),
  /** Full event type name to payload. */
  event: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Stored until acknowledged, as most types are; otherwise only open streams receive it. */
  stored: z.boolean().default(true),
  /** Streams without `multi-org` receive the event only when this is the caller's default organization. */
  organization: z.string().optional(),
});

export const personOrder = z.strictObject({
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  displayName: z.string().optional(),
  status: z.string().optional(),
});

export const callOrder = z.strictObject({
  caller: z.string(),
  /** Address of a person or role, or token of a group. */
  target: z.string(),
  outcome: z.enum(['answered', 'declined', 'unanswered']).default('answered'),
  /** From the answer to the end. */
  seconds: z.number().int().min(0).max(86_400).default(60),
  isVideo: z.boolean().default(false),
  network: z.enum(['provider', 'patient']).default('provider'),
  /** The caller's default organization when left out. */
  organization: z.string().optional(),
});

export const restartOrder = z.strictObject({ downMs: z.number().int().min(0).max(60_000).default(0) });
export const clockOrder = z.strictObject({ shiftMs: z.number().int() });
export const callerOrder = z.strictObject({ caller: z.string() });
export const callerInOrder = z.looseObject({ caller: z.string().optional() });
