/**
 * Intrusive doubly linked FIFO queue with O(1) removal. Thousands of calls enter and leave per second, and a Set reallocates
 * its table after every few dozen insertions and deletions.
 */

/** Links of a member. Written by `LinkedQueue` only. */
export interface LinkedQueueNode<Member> {
  /** The queue that contains it. */
  owner: object | undefined;
  prev: Member | undefined;
  next: Member | undefined;
}

export class LinkedQueue<Member extends LinkedQueueNode<Member>> {
  #first: Member | undefined;
  #last: Member | undefined;

  /** Appends `member`, unless this queue contains it already. */
  enqueue(member: Member): void {
    if (member.owner === this) return;
    member.owner = this;
    member.prev = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  get first(): Member | undefined {
    return this.#first;
  }

  get last(): Member | undefined {
    return this.#last;
  }

  /** Removes and returns the first member. */
  dequeue(): Member | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Removes and returns the last member. */
  dequeueLast(): Member | undefined {
    const last = this.#last;
    if (last !== undefined) this.remove(last);
    return last;
  }

  /** @returns Whether this queue contained `member`. */
  remove(member: Member): boolean {
    if (member.owner !== this) return false;
    const { prev, next } = member;
    if (prev === undefined) this.#first = next;
    else prev.next = next;
    if (next === undefined) this.#last = prev;
    else next.prev = prev;
    member.owner = undefined;
    member.prev = undefined;
    member.next = undefined;
    return true;
  }
}
