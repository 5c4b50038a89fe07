/**
 * A row that anyone may step out of. Its members carry the links themselves: thousands of calls join and leave in a second,
 * and a Set makes its table anew every few dozens of them.
 */

/** What a member carries; the row's own business. */
export interface RowMember<Member> {
  /** The row it stands in. */
  row: object | undefined;
  before: Member | undefined;
  behind: Member | undefined;
}

export class Row<Member extends RowMember<Member>> {
  #first: Member | undefined;
  #last: Member | undefined;

  /** Puts it at the end, unless it stands in the row already. */
  add(member: Member): void {
    if (member.row === this) return;
    member.row = this;
    member.before = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.behind = member;
    this.#last = member;
  }

  /** Takes out the first. */
  take(): Member | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** @returns Whether it stood in the row. */
  remove(member: Member): boolean {
    if (member.row !== this) return false;
    const { before, behind } = member;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    member.row = undefined;
    member.before = undefined;
    member.behind = undefined;
    return true;
  }
}
