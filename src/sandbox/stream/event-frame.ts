import type { SandboxEvent, Session } from '../state/world-types.ts';

/** One frame of the stream. */
export interface Frame {
  readonly id: string;
  readonly type: string;
  readonly payload: object;
  readonly messageId?: string | undefined;
}

/** @returns Undefined when streams of this version do not receive the event, or the session caused it. */
export function frameOf(
  event: SandboxEvent,
  version: 'v2' | 'v5',
  features: ReadonlySet<string>,
  session: Session,
): Frame | undefined {
  const { id, type, messageId, v5 } = event;
  if (version === 'v2')
    return event.isV5Only === true ? undefined : { id, type, messageId, payload: event.payload(features) };
  if (v5 === null || event.cause === session) return undefined;
  const payload = v5 === undefined ? event.payload(features) : v5.payload(features, session.account);
  return payload && { id, type, messageId, payload };
}
