/**
 * Responses to requests that a client sent before it had the responses to earlier ones on the same connection (RFC 9112 §9.3.2). Node
 * reads any number of such requests, and never closes their responses when the connection closes before their turn.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Called for each response whose connection has closed before its turn. */
type OnClosed = () => void;

export class PipelinedResponses {
  readonly #maxWaiting: number;
  readonly #waiting = new WeakMap<Socket, Map<ServerResponse, OnClosed>>();

  /** @param maxWaiting Requests on one connection above which nothing more is read from it, until one of the responses has been sent. */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  add(socket: Socket, response: ServerResponse, onClosed: OnClosed): void {
    const waiting = this.#waiting.get(socket) ?? this.#watch(socket);
    waiting.set(response, onClosed);
    if (waiting.size < this.#maxWaiting) return;
    // Deferred until the bodies read so far are handled: reading one resumes the connection.
    setImmediate(() => {
      if (waiting.size >= this.#maxWaiting) socket.pause();
    });
  }

  /** The response has closed. */
  remove(socket: Socket, response: ServerResponse): void {
    const waiting = this.#waiting.get(socket);
    if (waiting?.delete(response) === true && waiting.size === this.#maxWaiting - 1) socket.resume();
  }

  #watch(socket: Socket): Map<ServerResponse, OnClosed> {
    const waiting = new Map<ServerResponse, OnClosed>();
    this.#waiting.set(socket, waiting);
    socket.once('close', () => {
      const closed = [...waiting.values()];
      waiting.clear();
      for (const onClosed of closed) onClosed();
    });
    return waiting;
  }
}
