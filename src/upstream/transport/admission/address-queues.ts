/**
 * FIFO queues of the calls without a credential, one for each client address. Addresses take turns, and share the places of a
 * full queue, so that one client's sign-ins neither delay nor reject those of another.
 */
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';

/** A member whose client is known by its address only. */
export interface Addressed<Member> extends LinkedQueueNode<Member> {
  /** Undefined: the calls that the gateway makes by itself. */
  readonly address: string | undefined;
}

class AddressQueue<Member extends Addressed<Member>> implements LinkedQueueNode<AddressQueue<Member>> {
  readonly address: string;
  readonly members = new LinkedQueue<Member>();
  length = 0;
  owner: object | undefined;
  prev: AddressQueue<Member> | undefined;
  next: AddressQueue<Member> | undefined;

  constructor(address: string) {
    this.address = address;
  }
}

/** Has the methods of `LinkedQueue`, in an order that is fair by address. */
export class AddressQueues<Member extends Addressed<Member>> {
  /** A queue exists only while it has members. */
  readonly #queues = new Map<string, AddressQueue<Member>>();
  /** All queues, in round-robin order. */
  readonly #turns = new LinkedQueue<AddressQueue<Member>>();

  enqueue(member: Member): void {
    const { address = '' } = member;
    const queue = this.#queues.get(address) ?? this.#newQueue(address);
    queue.members.enqueue(member);
    queue.length++;
  }

  /** Removes and returns the oldest member of the address whose turn it is. */
  dequeue(): Member | undefined {
    const queue = this.#turns.dequeue();
    if (queue === undefined) return undefined;
    this.#turns.enqueue(queue);
    const member = queue.members.dequeue();
    this.#removed(queue);
    return member;
  }

  /** @returns Whether these queues contained `member`. */
  remove(member: Member): boolean {
    const queue = this.#queues.get(member.address ?? '');
    if (queue?.members.remove(member) !== true) return false;
    this.#removed(queue);
    return true;
  }

  /** Removes and returns the newest member of the longest queue, if the queue of `member` stays shorter than that one. */
  displaceFor(member: Member): Member | undefined {
    let longest: AddressQueue<Member> | undefined;
    for (const queue of this.#queues.values())
      if (longest === undefined || queue.length > longest.length) longest = queue;
    const length = this.#queues.get(member.address ?? '')?.length ?? 0;
    if (longest === undefined || longest.length <= length + 1) return undefined;
    const displaced = longest.members.dequeueLast();
    this.#removed(longest);
    return displaced;
  }

  #newQueue(address: string): AddressQueue<Member> {
    const queue = new AddressQueue<Member>(address);
    this.#queues.set(address, queue);
    this.#turns.enqueue(queue);
    return queue;
  }

  #removed(queue: AddressQueue<Member>): void {
    queue.length--;
    if (queue.length > 0) return;
    this.#turns.remove(queue);
    this.#queues.delete(queue.address);
  }
}
