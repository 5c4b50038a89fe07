/**
 * Workaround for `100 Continue` before a response. A client has to skip interim responses, expected or not (RFC 9110 §15.2).
 * undici 7.30.2 skips all of them except 100, for which it closes the connection (client-h1.js, onHeadersComplete). The status
 * 100 is therefore rewritten to 102, which has no effect, between the socket and the parser.
 *
 * Costs ten byte comparisons per response.
 */
import type { Socket } from 'node:net';
import type { Connector } from './connector.ts';

const zero = 0x30;
const one = 0x31;
const two = 0x32;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Offsets of the three digits in `HTTP/1.1 100`. */
const hundreds = 9;
const tens = 10;
const ones = 11;

/** Rewrites interim responses on the sockets of one undici client, which sends one request at a time. */
export class InterimResponses {
  /** The status line of the final response has not been seen. */
  #isAwaited = false;
  /** Bytes of the status line seen, up to the last digit of the status. */
  #offset = 0;
  #hasZeroTens = false;
  /** The current line is empty so far: the next line feed ends the headers. */
  #isLineEmpty = false;

  /** A request is about to be sent. The previous response must be complete. */
  requestStarts(): void {
    this.#isAwaited = true;
    this.#offset = 0;
  }

  /** Wraps a connector: bytes read from its sockets go through this object. */
  wrap(connector: Connector): Connector {
    return (options, callback) =>
      connector(options, (...result) => {
        if (result[0] === null) this.#watch(result[1]);
        callback(...result);
      });
  }

  /** Overrides `read()`, the only method undici reads its sockets with. */
  #watch(socket: Socket): void {
    const read = socket.read;
    socket.read = (size) => {
      const chunk: Buffer | null = read.call(socket, size);
      if (chunk !== null && this.#isAwaited) this.#rewrite(chunk);
      return chunk;
    };
  }

  #rewrite(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#offset > ones) {
        if (byte === lineFeed) {
          if (this.#isLineEmpty) this.#offset = 0;
          this.#isLineEmpty = true;
        } else if (byte !== carriageReturn) this.#isLineEmpty = false;
        continue;
      }
      // Parsers skip empty lines before a status line (RFC 9112 §2.2).
      if (this.#offset === 0 && (byte === lineFeed || byte === carriageReturn)) continue;
      if (this.#offset === hundreds && byte !== one) {
        this.#isAwaited = false;
        return;
      }
      if (this.#offset === tens) this.#hasZeroTens = byte === zero;
      if (this.#offset === ones) {
        if (this.#hasZeroTens && byte === zero) chunk[at] = two;
        this.#isLineEmpty = false;
      }
      this.#offset += 1;
    }
  }
}
