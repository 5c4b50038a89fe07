/**
 * What leaves over one WebSocket: how far it may run ahead of the client, and when it has left. A message counts as sent when
 * the operating system has taken its bytes.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Bytes of events written before the operating system takes them; what comes after waits where its bounds are. */
const maxAhead = 65_536;
/** Bytes of answers a client may leave unread before nothing more is read from it. */
const maxUnread = 1_048_576;

/** The message is already JSON: as text, whole. */
const asText = { binary: false, compress: false, fin: true } as const;

export class Outbox {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #waiting = new Set<() => void>();

  /** @param connection What carries the socket's bytes. */
  constructor(socket: WebSocket, connection: Duplex) {
    this.#socket = socket;
    this.#connection = connection;
  }

  /** Whether more events may be written now. */
  get hasRoom(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount < maxAhead;
  }

  /** @param callback Called once, when there is room again; never when the socket closes before. */
  whenRoom(callback: () => void): void {
    this.#waiting.add(callback);
  }

  forget(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** Everything `work` writes leaves together, in as few system calls as may be. */
  together(work: () => void): void {
    this.#connection.cork();
    try {
      work();
    } finally {
      this.#connection.uncork();
    }
  }

  /** One message; settles when it was sent, or cannot be any more. @throws the socket's error. */
  send(message: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return resolve();
      this.#socket.send(message, asText, (error) => {
        this.#left();
        if (error == null) resolve();
        else reject(error);
      });
      // Who asks and does not read the answers is not listened to either: answers would pile up here.
      if (this.#socket.bufferedAmount > maxUnread) this.#socket.pause();
    });
  }

  /**
   * For many messages of one kind.
   * @param onSent Called for each, in their order. Not called for what the socket's end cut off.
   */
  writer(onSent: () => void): (message: string | Buffer) => void {
    const done = (error?: Error | null) => {
      this.#left();
      if (error == null) onSent();
    };
    return (message) => this.#socket.send(message, asText, done);
  }

  #left(): void {
    const { isPaused, bufferedAmount } = this.#socket;
    if (isPaused && bufferedAmount <= maxUnread / 2) this.#socket.resume();
    if (this.#waiting.size === 0 || !this.hasRoom) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}
