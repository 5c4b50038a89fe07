/**
 * Turns of what waits for clients without an accepted credential: addresses take turns, then the members of one address, so that what
 * one client invents or opens delays another client no more than a single member does. What a full queue loses is the newest of the
 * address that has the most.
 */
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';
import { Longest } from './longest.ts';

/** A caller, connection or operation, with the address of its client. */
export interface AtAddress<Member> extends LinkedQueueNode<Member> {
  readonly address: string;
}

/** A member with a number above 0. */
class Counted<Member> implements LinkedQueueNode<Counted<Member>> {
  readonly member: Member;
  count = 0;
  owner: object | undefined;
  prev: Counted<Member> | undefined;
  next: Counted<Member> | undefined;

  constructor(member: Member) {
    this.member = member;
  }
}

class AddressTurn<Member extends AtAddress<Member>> implements LinkedQueueNode<AddressTurn<Member>> {
  /** Members that have a turn. */
  readonly members = new LinkedQueue<Member>();
  /** All members, also those that have no turn at present, such as callers that hold their permits. */
  readonly counted = new LinkedQueue<Counted<Member>>();
  /** Sum of their numbers. */
  waiting = 0;
  owner: object | undefined;
  prev: AddressTurn<Member> | undefined;
  next: AddressTurn<Member> | undefined;
}

/** A queue of members, in place of a `LinkedQueue`. */
export class AddressTurns<Member extends AtAddress<Member>> {
  /** An address has an entry only while something of it waits. */
  readonly #addresses = new Map<string, AddressTurn<Member>>();
  /** Addresses with members that have a turn, in round-robin order. */
  readonly #turns = new LinkedQueue<AddressTurn<Member>>();
  readonly #counted = new Map<Member, Counted<Member>>();
  readonly #longest = new Longest<AddressTurn<Member>>();
  #size = 0;

  /** How much waits, at all addresses together. */
  get size(): number {
    return this.#size;
  }

  enqueue(member: Member): void {
    const turn = this.#addresses.get(member.address);
    if (turn === undefined) return;
    turn.members.enqueue(member);
    this.#turns.enqueue(turn);
  }

  /** Removes and returns the next member of the address whose turn it is. */
  dequeue(): Member | undefined {
    const turn = this.#turns.dequeue();
    const member = turn?.members.dequeue();
    if (turn?.members.first !== undefined) this.#turns.enqueue(turn);
    return member;
  }

  remove(member: Member): void {
    const turn = this.#addresses.get(member.address);
    if (turn?.members.remove(member) === true && turn.members.first === undefined) this.#turns.remove(turn);
  }

  /** Adds to the number of what waits for the member; to be called before `enqueue`. A member whose number becomes 0 is removed. */
  count(member: Member, change: number): void {
    if (change === 0) return;
    const { address } = member;
    let turn = this.#addresses.get(address);
    if (turn === undefined) {
      turn = new AddressTurn();
      this.#addresses.set(address, turn);
    }
    this.#size += change;
    const waiting = turn.waiting + change;
    this.#longest.move(turn, turn.waiting, waiting);
    turn.waiting = waiting;
    const counted = this.#counted.get(member) ?? new Counted(member);
    counted.count += change;
    if (counted.count > 0) {
      this.#counted.set(member, counted);
      turn.counted.enqueue(counted);
      return;
    }
    this.#counted.delete(member);
    turn.counted.remove(counted);
    this.remove(member);
    if (waiting === 0) this.#addresses.delete(address);
  }

  /** The newest member of the address for which the most waits, if less waits for that of `own` with one more. */
  newestBeside({ address }: Pick<Member, 'address'>): Member | undefined {
    const longest = this.#longest.item;
    const own = this.#addresses.get(address)?.waiting ?? 0;
    return longest !== undefined && longest.waiting > own + 1 ? longest.counted.last?.member : undefined;
  }
}
