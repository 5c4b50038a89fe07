/**
 * `100 Continue` before an answer. A client has to pass over interim answers, wanted or not (RFC 9110 §15.2). undici 7.30.2
 * does so with all of them but 100, for which it ends the connection (client-h1.js, onHeadersComplete). Between socket and
 * parser a 100 therefore becomes 102, which says nothing either.
 *
 * Costs ten comparisons of bytes for each answer.
 */
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

const zero = 0x30;
const one = 0x31;
const two = 0x32;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Places of the three digits in `HTTP/1.1 100`. */
const hundreds = 9;
const tens = 10;
const ones = 11;

/** Watches the sockets of one undici client, which carries one request at a time. */
export class InterimResponses {
  /** The head of the final answer has not begun. */
  #isAwaited = false;
  /** Bytes of the status line seen, up to the last digit of the status. */
  #place = 0;
  #hasZeroTens = false;
  /** Nothing but the line's end so far: the next line feed ends the head. */
  #isLineEmpty = false;

  /** A request is about to be sent. To be called only when the answer before it has ended. */
  requested(): void {
    this.#isAwaited = true;
    this.#place = 0;
  }

  /** A connector whose sockets are watched. */
  watching(connector: buildConnector.connector): buildConnector.connector {
    return (options, callback) => {
      connector(options, (...result) => {
        if (result[0] === null) this.#watch(result[1]);
        callback(...result);
      });
    };
  }

  /** undici reads its sockets with `read()` alone. */
  #watch(socket: Socket): void {
    const read = socket.read;
    socket.read = (size) => {
      const chunk: Buffer | null = read.call(socket, size);
      if (chunk !== null && this.#isAwaited) this.#pass(chunk);
      return chunk;
    };
  }

  #pass(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#place > ones) {
        if (byte === lineFeed) {
          if (this.#isLineEmpty) this.#place = 0;
          this.#isLineEmpty = true;
        } else if (byte !== carriageReturn) this.#isLineEmpty = false;
        continue;
      }
      // Parsers pass over empty lines before a status line (RFC 9112 §2.2).
      if (this.#place === 0 && (byte === lineFeed || byte === carriageReturn)) continue;
      if (this.#place === hundreds && byte !== one) {
        this.#isAwaited = false;
        return;
      }
      if (this.#place === tens) this.#hasZeroTens = byte === zero;
      if (this.#place === ones) {
        if (this.#hasZeroTens && byte === zero) chunk[at] = two;
        this.#isLineEmpty = false;
      }
      this.#place += 1;
    }
  }
}
