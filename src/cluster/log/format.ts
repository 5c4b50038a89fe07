/**
 * The format of what replicas share for event streams: log entries, content, marks and messages. It is the first part of a
 * replica's id, so that the list of replicas and the ownership of a log show it. Replicas of two formats never share streams: each
 * would ignore what the other writes, and acknowledge what the other's clients lack.
 */
import { randomBytes } from 'node:crypto';

/**
 * To be raised with every change of an entry, its content, its marks or a message. `test/cluster/formats.test.ts` has the bytes of
 * this one.
 */
export const sharedFormat = '1';

/** Random, so that a restarted replica has a new id. */
export function newReplicaId(): string {
  return `${sharedFormat}.${randomBytes(9).toString('base64url')}`;
}

/** The format of a replica; `0` for builds whose ids have none. The script of the heartbeat reads it in the same way. */
export function formatOf(replica: string): string {
  return /^(\d+)\./.exec(replica)?.[1] ?? '0';
}
