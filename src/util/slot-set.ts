/**
 * Set of members that come and go quickly, as an array of slots that are reused. Not a `Set`: it reallocates its table every
 * few dozen insert/delete pairs, and V8 keeps the members in the old table alive until the next full garbage collection. With a
 * `Map`, one user without the entity cache takes 1.08 of the processor time (test/bench/ABLATIONS.md).
 */
export class SlotSet<Member extends object> {
  readonly #slots: (Member | undefined)[] = [];
  readonly #free: number[] = [];

  /** Adds a member, which must not be in the set. @returns Its slot, for `remove`. */
  add(member: Member): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = member;
    return slot;
  }

  /** @param slot Result of `add`; must not be removed twice. */
  remove(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
  }

  /** A copy of the members, in the order of their slots. */
  members(): Member[] {
    return this.#slots.filter((member) => member !== undefined);
  }
}
