/**
 * Responses to requests that a client sent before it had the responses to earlier ones on the same connection (RFC 9112 §9.3.2). Node
 * reads any number of such requests, and never closes their responses when the connection closes before their turn.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests on one connection above which nothing more is read from it, until some of their responses have been sent. */
const maxWaiting = 32;

/** Called for each response whose connection has closed before its turn. */
type OnClosed = () => void;

export class PipelinedResponses {
  readonly #waiting = new WeakMap<Socket, Map<ServerResponse, OnClosed>>();

  add(socket: Socket, response: ServerResponse, onClosed: OnClosed): void {
    const waiting = this.#waiting.get(socket) ?? this.#watch(socket);
    waiting.set(response, onClosed);
    if (waiting.size < maxWaiting) return;
    // After the bodies of what has been read: reading one resumes the connection.
    setImmediate(() => {
      if (waiting.size >= maxWaiting) socket.pause();
    });
  }

  /** The response has closed. */
  remove(socket: Socket, response: ServerResponse): void {
    const waiting = this.#waiting.get(socket);
    if (waiting?.delete(response) === true && waiting.size === maxWaiting - 1) socket.resume();
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
