/**
 * A row that anyone may step out of. Its members carry the links themselves: thousands of calls join and leave in a second,
 * and a Set makes its table anew every few dozens of them.
 */

/** What a member carries; the row's own business. */
export interface LinkedQueueNode<Member> {
  /** The row it stands in. */
  owner: object | undefined;
  prev: Member | undefined;
  next: Member | undefined;
}

export class LinkedQueue<Member extends LinkedQueueNode<Member>> {
  #first: Member | undefined;
  #last: Member | undefined;

  /** Puts it at the end, unless it stands in the row already. */
  enqueue(member: Member): void {
    if (member.owner === this) return;
    member.owner = this;
    member.prev = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  /** Takes out the first. */
  dequeue(): Member | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** @returns Whether it stood in the row. */
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
