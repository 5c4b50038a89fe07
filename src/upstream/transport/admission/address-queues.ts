/**
 * Waiting and running calls without a credential, by client address. Addresses take turns, share the places of a full queue, and leave
 * permits for others, so that one client's sign-ins and slow downloads neither delay nor reject those of another.
 *
 * A permit cannot be withdrawn from a download that a slow client reads. An address therefore gets one only while it holds fewer than
 * are free ("dynamic thresholds", Choudhury and Hahne 1998): at most half of all when it is alone, so that another address gets
 * one at once. Of n addresses that take what they can, 1 in 2ⁿ permits stays free.
 */
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';
import { Longest } from './longest.ts';

/** A member whose client is known by its address only. */
export interface Addressed<Member> extends LinkedQueueNode<Member> {
  /** Undefined: the calls that the gateway makes by itself. */
  readonly address: string | undefined;
}

class AddressQueue<Member extends Addressed<Member>> implements LinkedQueueNode<AddressQueue<Member>> {
  readonly address: string;
  readonly members = new LinkedQueue<Member>();
  /** Number of waiting members. */
  length = 0;
  /** Permits that the address holds. */
  running = 0;
  owner: object | undefined;
  prev: AddressQueue<Member> | undefined;
  next: AddressQueue<Member> | undefined;

  constructor(address: string) {
    this.address = address;
  }
}

/** The queues of all addresses. */
export class AddressQueues<Member extends Addressed<Member>> {
  /** A queue exists only while it has members or permits. */
  readonly #queues = new Map<string, AddressQueue<Member>>();
  /** Queues with members, in round-robin order. */
  readonly #turns = new LinkedQueue<AddressQueue<Member>>();
  readonly #longest = new Longest<AddressQueue<Member>>();

  enqueue(member: Member): void {
    const queue = this.#queueOf(member);
    queue.members.enqueue(member);
    this.#longest.move(queue, queue.length, queue.length + 1);
    queue.length++;
    this.#turns.enqueue(queue);
  }

  /** Whether `dequeue` returns a member. */
  hasNext(free: number): boolean {
    return this.#next(free) !== undefined;
  }

  /**
   * Gives a permit to the oldest member of the address whose turn it is.
   * @param free Number of free permits.
   */
  dequeue(free: number): Member | undefined {
    const queue = this.#next(free);
    if (queue === undefined) return undefined;
    this.#turns.remove(queue);
    this.#turns.enqueue(queue);
    queue.running++;
    const member = queue.members.dequeue();
    this.#removed(queue);
    return member;
  }

  /** Gives a permit to a new member, unless another is next or its address holds its share. @returns Whether it has the permit. */
  acquire(member: Member, free: number): boolean {
    const running = this.#queues.get(member.address ?? '')?.running ?? 0;
    if (running >= free || this.hasNext(free)) return false;
    this.#queueOf(member).running++;
    return true;
  }

  /** Takes the permit of `member` back. */
  release(member: Member): void {
    const queue = this.#queueOf(member);
    queue.running--;
    this.#forgetIdle(queue);
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
    const longest = this.#longest.item;
    const length = this.#queues.get(member.address ?? '')?.length ?? 0;
    if (longest === undefined || longest.length <= length + 1) return undefined;
    const displaced = longest.members.dequeueLast();
    this.#removed(longest);
    return displaced;
  }

  /** The first address that may have a further permit. Each of those before it holds at least one. */
  #next(free: number): AddressQueue<Member> | undefined {
    let queue = free > 0 ? this.#turns.first : undefined;
    while (queue !== undefined && queue.running >= free) queue = queue.next;
    return queue;
  }

  #queueOf({ address = '' }: Member): AddressQueue<Member> {
    const known = this.#queues.get(address);
    if (known !== undefined) return known;
    const queue = new AddressQueue<Member>(address);
    this.#queues.set(address, queue);
    return queue;
  }

  #removed(queue: AddressQueue<Member>): void {
    this.#longest.move(queue, queue.length, queue.length - 1);
    queue.length--;
    if (queue.length > 0) return;
    this.#turns.remove(queue);
    this.#forgetIdle(queue);
  }

  #forgetIdle(queue: AddressQueue<Member>): void {
    if (queue.length + queue.running === 0) this.#queues.delete(queue.address);
  }
}
