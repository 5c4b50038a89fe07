/**
 * Turns of callers whose credential the upstream has not accepted: addresses take turns, then the callers of one address, so that the
 * credentials that one client invents delay the first call of another client no more than a single one does.
 */
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';

/** A caller with the address from which its first call came. */
interface Caller<Member> extends LinkedQueueNode<Member> {
  readonly address: string;
}

class AddressTurn<Member extends Caller<Member>> implements LinkedQueueNode<AddressTurn<Member>> {
  readonly callers = new LinkedQueue<Member>();
  /** Waiting calls of all callers of the address, also of those that have no turn because they hold their permits. */
  waiting = 0;
  owner: object | undefined;
  prev: AddressTurn<Member> | undefined;
  next: AddressTurn<Member> | undefined;
}

/** A queue of callers, in place of a `LinkedQueue`. */
export class AddressTurns<Member extends Caller<Member>> {
  /** An address has an entry only while it has a waiting call. */
  readonly #addresses = new Map<string, AddressTurn<Member>>();
  /** Addresses with callers, in round-robin order. */
  readonly #turns = new LinkedQueue<AddressTurn<Member>>();

  enqueue(caller: Member): void {
    const turn = this.#addresses.get(caller.address);
    if (turn === undefined) return;
    turn.callers.enqueue(caller);
    this.#turns.enqueue(turn);
  }

  /** Removes and returns the next caller of the address whose turn it is. */
  dequeue(): Member | undefined {
    const turn = this.#turns.dequeue();
    const caller = turn?.callers.dequeue();
    if (turn?.callers.first !== undefined) this.#turns.enqueue(turn);
    return caller;
  }

  remove(caller: Member): void {
    const turn = this.#addresses.get(caller.address);
    if (turn?.callers.remove(caller) === true && turn.callers.first === undefined) this.#turns.remove(turn);
  }

  /** Adds to the number of waiting calls; to be called before `enqueue`. */
  count({ address }: Pick<Member, 'address'>, waiting: number): void {
    if (waiting === 0) return;
    let turn = this.#addresses.get(address);
    if (turn === undefined) {
      turn = new AddressTurn();
      this.#addresses.set(address, turn);
    }
    turn.waiting += waiting;
    if (turn.waiting > 0) return;
    // At most the caller whose last call this was.
    turn.callers.dequeue();
    this.#turns.remove(turn);
    this.#addresses.delete(address);
  }

  /** The address with the most waiting calls, if that of `caller` has fewer with one call more. */
  longestBeside({ address: own }: Pick<Member, 'address'>): string | undefined {
    let longest: string | undefined;
    let most = (this.#addresses.get(own)?.waiting ?? 0) + 1;
    for (const [address, { waiting }] of this.#addresses) {
      if (waiting <= most) continue;
      longest = address;
      most = waiting;
    }
    return longest;
  }
}
