/**
 * Requests whose client has gone are dropped before they cause work. A server that is behind accepts connections long after they
 * were made, and Node reads a request in one turn of the event loop, the end of its connection in the next. Each such request would
 * take an upstream call, whose cancellation closes an upstream connection: more than a response costs. With clients that give up and
 * try again, the server would have time for nothing else. With a quarter of a core and 1,024 clients with a patience of eight seconds,
 * none had a response. Where each request has a connection of its own, the further turns of the loop cost 5 % (485 to 510 µs a query).
 *
 * Deferred requests begin in turns: of addresses, then of the connections of one address. Otherwise one client that opens connections
 * and sends many requests on each would delay the first request of every other client, and probes, by all of its own.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { AddressTurns, type AtAddress } from '../../../upstream/transport/admission/address-turns.ts';
import { readTurnOf } from './read-turns.ts';
import { type Moment, TurnLimit, thisMoment } from './turn-limit.ts';

/** Maximum requests that begin in one turn. */
const maxBegun = 64;
/** The same while one connection after another arrives: one is accepted in each turn. */
const maxBegunAccepting = 2;
/** Maximum deferred requests, of about 4 KiB each; beyond, the newest connection of the address that has most of them is closed. */
const maxDeferred = 16_384;

/** A connection with its deferred requests in order of arrival. */
class Connection implements AtAddress<Connection> {
  readonly socket: Socket;
  readonly address: string;
  readonly handlers: (() => void)[] = [];
  owner: AtAddress<Connection>['owner'];
  prev: Connection | undefined;
  next: Connection | undefined;

  constructor(socket: Socket, address: string) {
    this.socket = socket;
    this.address = address;
  }

  /** Whether the client has disconnected: Node closes a connection that its client has ended, and would cancel what has begun. */
  get isGone(): boolean {
    return this.socket.readableEnded || this.socket.destroyed;
  }
}

/** A request of the running turn. */
interface Arrival {
  readonly socket: Socket;
  readonly address: string;
  readonly handle: () => void;
}

/** Defers requests of clients that may be new until their connections have been read once more, and drops those whose client has disconnected. */
export class GoneClients {
  readonly #isAcceptingMany: () => boolean;
  /** Requests whose connections have not been read since. */
  #arrived: Arrival[] = [];
  /** Requests whose connections have been read since, by connection. */
  readonly #connections = new Map<Socket, Connection>();
  readonly #turns = new AddressTurns<Connection>();
  /** Requests that may begin in a turn. */
  readonly #limit = new TurnLimit(maxBegun);
  /** Whether requests are deferred. */
  #isDeferring = false;

  /** @param isAcceptingMany Whether one connection after another arrives. */
  constructor(isAcceptingMany: () => boolean) {
    this.#isAcceptingMany = isAcceptingMany;
  }

  /**
   * Whether the request must be deferred. False on connections with an answered request of an accepted credential, and for all while
   * connections arrive singly and nothing is deferred.
   */
  mustDefer({ socket }: IncomingMessage): boolean {
    return (this.#isDeferring || this.#isAcceptingMany()) && readTurnOf(socket)?.isAccepted === false;
  }

  /**
   * @param address Group in which limits count the client's address.
   * @param handle Handles the request; not called when its client disconnects before. Must not throw.
   */
  defer({ socket }: IncomingMessage, address: string, handle: () => void): void {
    this.#arrived.push({ socket, address, handle });
    if (this.#isDeferring) return;
    this.#isDeferring = true;
    this.#limit.reset();
    setImmediate(this.#endOfTurn);
  }

  /** @param since Start of the turn; undefined when the turn before left few. */
  readonly #endOfTurn = (since?: Moment) => {
    const limit = this.#limit.next(since);
    const most = this.#isAcceptingMany() ? Math.min(maxBegunAccepting, limit) : limit;
    const turnAt = this.#turns.size + this.#arrived.length > most ? thisMoment() : undefined;
    this.#begin(most);
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const arrival of arrived) this.#enqueue(arrival);
    this.#isDeferring = this.#turns.size > 0;
    if (this.#isDeferring) setImmediate(this.#endOfTurn, turnAt);
  };

  #enqueue({ socket, address, handle }: Arrival): void {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = new Connection(socket, address);
      this.#connections.set(socket, connection);
    }
    connection.handlers.push(handle);
    this.#turns.count(connection, 1);
    this.#turns.enqueue(connection);
    if (this.#turns.size <= maxDeferred) return;
    const newest = this.#turns.newestBeside({ address: '' }) ?? connection;
    this.#drop(newest);
    newest.socket.destroy();
  }

  #begin(most: number): void {
    for (let begun = 0; begun < most; ) {
      const connection = this.#turns.dequeue();
      if (connection === undefined) return;
      if (connection.isGone) {
        this.#drop(connection);
        continue;
      }
      const handle = connection.handlers.shift();
      this.#turns.count(connection, -1);
      if (connection.handlers.length > 0) this.#turns.enqueue(connection);
      else this.#connections.delete(connection.socket);
      begun += 1;
      handle?.();
    }
  }

  /** Forgets the requests of a connection. */
  #drop(connection: Connection): void {
    this.#connections.delete(connection.socket);
    this.#turns.count(connection, -connection.handlers.length);
  }
}
