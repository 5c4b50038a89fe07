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

export class Outbox {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #waiting = new Set<() => void>();

  /** @param connection What carries the socket's bytes. */
  constructor(socket: WebSocket, connection: Duplex) {
    this.#socket = socket;
    this.#connection = connection;
  }

  /** Bytes of events that may be written now; below 0 when it is too much already, and never above when it has closed. */
  get room(): number {
    return this.#socket.readyState === this.#socket.OPEN ? maxAhead - this.#socket.bufferedAmount : 0;
  }

  /** @param callback Called once, when there is room again; never when the socket closes before. */
  whenRoom(callback: () => void): void {
    this.#waiting.add(callback);
  }

  forget(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** One message; settles when it was sent, or cannot be any more. @throws the socket's error. */
  send(message: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return resolve();
      this.#socket.send(message, (error) => {
        this.#left();
        if (error == null) resolve();
        else reject(error);
      });
      // Who asks and does not read the answers is not listened to either: answers would pile up here.
      if (this.#socket.bufferedAmount > maxUnread) this.#socket.pause();
    });
  }

  /**
   * Several messages in one piece: a system call for each would cost more than all the rest of it. `ws` sends nothing in
   * parts, so that whole frames may be written beside it.
   * @param onSent Not called when the socket's end cut something off.
   */
  sendFrames(frames: Buffer, onSent: () => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#connection.write(frames, (error) => {
      this.#left();
      if (error == null) onSent();
    });
  }

  #left(): void {
    const { isPaused, bufferedAmount } = this.#socket;
    if (isPaused && bufferedAmount <= maxUnread / 2) this.#socket.resume();
    if (this.#waiting.size === 0 || this.room <= 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}
