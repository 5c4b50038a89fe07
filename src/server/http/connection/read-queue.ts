/**
 * The order in which held connections are read. Those with an accepted credential alternate with all others; within each of the
 * two, groups (one credential or one client address) take turns, so that a thousand connections of one group do not delay another.
 * Within a group, most turns go to the latest new connection, so that a new client does not wait behind an ongoing attack. One turn
 * in 32 goes to the earliest new connection or to the one with the longest wait since its last turn, so that each gets a turn.
 */
import { LinkedQueue, type LinkedQueueNode } from '../../../upstream/transport/admission/linked-queue.ts';

/** Turns of a group after which an early connection has one. */
const picksPerEarly = 32;

/** A connection that may wait. */
export interface Waiting<Self> extends LinkedQueueNode<Self> {
  /** Whether the upstream has accepted its credential. */
  readonly isAccepted: boolean;
  /** The credential, or the client address. */
  readonly group: string;
  /** Whether it has had a turn before; with an accepted credential, for the same body. */
  readonly hadTurn: boolean;
}

/** Connections of one group. */
class Group<Member extends Waiting<Member>> {
  readonly #fresh = new LinkedQueue<Member>();
  readonly #again = new LinkedQueue<Member>();
  readonly #isAccepted: boolean;
  #picks = 0;

  constructor(isAccepted: boolean) {
    this.#isAccepted = isAccepted;
  }

  add(member: Member): void {
    (member.hadTurn ? this.#again : this.#fresh).enqueue(member);
  }

  remove(member: Member): boolean {
    return this.#fresh.remove(member) || this.#again.remove(member);
  }

  take(): Member | undefined {
    // Finishes a partly read large body before the next one begins: it holds memory until its end.
    const begun = this.#isAccepted ? this.#again.dequeue() : undefined;
    if (begun !== undefined) return begun;
    this.#picks += 1;
    if (this.#picks % picksPerEarly !== 0) return this.#fresh.dequeueLast() ?? this.#again.dequeue();
    const [first, second] =
      this.#picks % (2 * picksPerEarly) === 0 ? [this.#again, this.#fresh] : [this.#fresh, this.#again];
    return first.dequeue() ?? second.dequeue();
  }
}

export class ReadQueue<Member extends Waiting<Member>> {
  /** Groups in round-robin order; a group exists only while one of its connections waits. */
  readonly #accepted = new Map<string, Group<Member>>();
  readonly #others = new Map<string, Group<Member>>();
  readonly #groupOf = new Map<Member, Group<Member>>();
  #isAcceptedNext = true;

  get size(): number {
    return this.#groupOf.size;
  }

  add(member: Member): void {
    const groups = member.isAccepted ? this.#accepted : this.#others;
    let group = groups.get(member.group);
    if (group === undefined) {
      group = new Group(member.isAccepted);
      groups.set(member.group, group);
    }
    group.add(member);
    this.#groupOf.set(member, group);
  }

  /** @returns Whether the member was in the queue. */
  remove(member: Member): boolean {
    const isRemoved = this.#groupOf.get(member)?.remove(member) === true;
    this.#groupOf.delete(member);
    return isRemoved;
  }

  /** Removes and returns the next connection; undefined when none waits. */
  take(): Member | undefined {
    const [first, second] = this.#isAcceptedNext ? [this.#accepted, this.#others] : [this.#others, this.#accepted];
    this.#isAcceptedNext = !this.#isAcceptedNext;
    const next = takeFrom(first) ?? takeFrom(second);
    if (next !== undefined) this.#groupOf.delete(next);
    return next;
  }
}

function takeFrom<Member extends Waiting<Member>>(groups: Map<string, Group<Member>>): Member | undefined {
  for (const [key, group] of groups) {
    groups.delete(key);
    const next = group.take();
    // The group is empty when its connections have closed.
    if (next === undefined) continue;
    groups.set(key, group);
    return next;
  }
  return undefined;
}
