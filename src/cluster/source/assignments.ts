/** Creates the parts of a shared source for its role: the lease term of an owner, the log reader of a follower. */

import { LogFollower } from '../follower/log-follower.ts';
import type { LogIngest } from '../follower/log-ingest.ts';
import { type LogPage, numberOf, type Ownership } from '../log/event-log.ts';
import type { EventTable } from '../log/event-table.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { trace } from '../log/trace.ts';
import { LeaseTerm } from '../owner/lease-term.ts';
import type { Claim } from './claim.ts';
import type { SourceStateHolder } from './source-state.ts';

export interface TermOptions {
  readonly source: SourceStateHolder;
  readonly claim: Claim;
  /** The log as it was ingested. */
  readonly page: LogPage;
  /** The log has these events. */
  onWritten(events: readonly SharedEvent[]): void;
  /** Another replica may own the stream. */
  resolveOwner(): void;
}

/** The term of an owner: it appends the events in memory that the log lacks, and then those of the upstream. */
export function createTerm({ source, claim, page, onWritten, resolveOwner }: TermOptions): LeaseTerm {
  const { token, reason } = claim;
  const { name, log, membership, leaseMs, holdMs, bounds, acknowledge, send } = source.options;
  const wake = () => source.sendToFollowers((owned) => ({ ...owned, k: 'wake' }));
  return new LeaseTerm({
    token,
    log,
    table: source.table,
    lastId: page.lastId,
    lastNumber: Math.max(numberOf(page.lastId), source.readTo),
    dropped: page.dropped,
    bounds,
    maxWaiting: 3 * bounds.ids,
    holdMs,
    // Participants learn of the lease term now; followers of the last owner have said hello within a lease.
    acknowledgesFrom: reason === 'free' ? 0 : performance.now() + leaseMs,
    isDead: (other) => {
      const isDead = membership.isDead(other);
      if (isDead) trace(name, 'follower dead', '', other);
      return isDead;
    },
    isUp: () => membership.isUp,
    onSent: wake,
    onWritten: (events, sentAt, isAnnounced) => {
      source.written(token, sentAt, events.at(-1)?.number ?? 0);
      for (const { id, logId } of events) trace(name, 'appended', id, logId);
      if (!isAnnounced) wake();
      onWritten(events);
    },
    remind: (replica) => send(replica, { k: 'wake', n: name, t: token }),
    acknowledge: ({ id }) => {
      trace(name, 'acknowledgement requested', id, token);
      acknowledge(id);
    },
    onFenced: resolveOwner,
  });
}

/** Appends the events in memory after the last one in the log; those before it are history. */
export function refill(table: EventTable, term: LeaseTerm): void {
  const events = [...table.all()];
  const last = events.findLastIndex(({ isLogged }) => isLogged);
  events.forEach((event, index) => {
    if (event.isLogged) return;
    // Events that the upstream repeats come after the gap; others may have been acknowledged by another replica.
    if (event.isBeforeGap) event.isLogged = event.isConfirmed;
    else if (index < last) event.isLogged = true;
    else if (event.isConfirmed && event.text === undefined) table.remove(event);
    else term.append(event);
  });
}

export interface FollowerOptions {
  readonly source: SourceStateHolder;
  readonly ownership: Ownership;
  /** The log as it was ingested. */
  readonly page: LogPage;
  readonly ingest: LogIngest;
  /** An event became known. */
  onKnown(): void;
  /** Another replica may own the stream. */
  resolveOwner(): void;
}

/** The follower of an owner: it reads the log from the end of `page` on. */
export function createFollower({
  source,
  ownership,
  page,
  ingest,
  onKnown,
  resolveOwner,
}: FollowerOptions): LogFollower {
  const { log, name, leaseMs, send } = source.options;
  const position = page.entries.at(-1)?.logId ?? '0-0';
  return new LogFollower({
    log,
    ownership,
    position,
    number: Math.max(numberOf(position), page.dropped),
    take: (entry) => {
      source.hasDelivered = true;
      source.readTo = Math.max(source.readTo, entry.number);
      const event = ingest.next(entry);
      onKnown();
      return event;
    },
    report: (u, o) => {
      for (const [id, outcome] of o) trace(name, `reported ${outcome}`, id, u);
      send(ownership.owner, { k: 'report', n: name, t: ownership.token, u, o });
    },
    onDropped: () => source.gap('dropped from the log before it was read'),
    onLost: resolveOwner,
    maxFailingMs: leaseMs / 2,
  });
}
