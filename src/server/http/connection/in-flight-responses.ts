/** HTTP responses in progress, so that the gateway can shut down between responses. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { CancellationSource } from '../../../upstream/cancellation.ts';
import { SlotSet } from '../../../util/slot-set.ts';
import { letYoungSpaceGrow } from '../../../v8-flags.ts';
import { PipelinedResponses } from './pipelined-responses.ts';

/** Maximum responses in progress before V8's young generation may grow: the memory of more is a good part of it. */
const maxBeforeGrowth = 512;

export class InFlightResponses {
  readonly #responses = new SlotSet<ServerResponse>();
  readonly #pipelined: PipelinedResponses;
  #isDraining = false;

  /** @param maxPipelined Requests on one connection above which nothing more is read from it. */
  constructor(maxPipelined: number) {
    this.#pipelined = new PipelinedResponses(maxPipelined);
  }

  /** True from the first shutdown signal. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * Adds a response until it closes.
   * @returns Cancelled when the client disconnects before its response is complete.
   */
  add(response: ServerResponse): CancellationSource {
    if (this.#isDraining) response.setHeader('connection', 'close');
    const slot = this.#responses.add(response);
    // Slots are reused: only more responses at once have this one.
    if (slot === maxBeforeGrowth) letYoungSpaceGrow();
    const cancellation = new CancellationSource();
    const end = () => {
      this.#responses.remove(slot);
      if (!response.writableFinished) cancellation.cancel();
    };
    // One listener, because Node copies a list of several for each event.
    if (response.socket !== null) response.on('close', end);
    else this.#addPipelined(response, end);
    return cancellation;
  }

  /** Node gives a response its socket when all earlier responses have been sent. */
  #addPipelined(response: ServerResponse, end: () => void): void {
    const { socket } = response.req;
    this.#pipelined.add(socket, response, end);
    response.on('close', () => {
      this.#pipelined.remove(socket, response);
      end();
    });
  }

  /** Whether a response on this connection has been sent in part. */
  hasPartialResponse(socket: Duplex): boolean {
    return this.#responses.members().some((response) => response.socket === socket && response.headersSent);
  }

  /**
   * Calls back when all responses of a connection have been sent, or it has closed.
   * @returns False when there are none: the callback is not called.
   */
  whenSent(socket: Duplex, callback: () => void): boolean {
    const responses = this.#responses.members().filter(({ req }) => req.socket === socket);
    let left = responses.length;
    for (const response of responses) {
      response.once('close', () => {
        left -= 1;
        if (left === 0) callback();
      });
    }
    return responses.length > 0;
  }

  /** Makes each further response the last on its connection: a client that reuses connections would otherwise delay the shutdown. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#responses.members()) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
  }
}
