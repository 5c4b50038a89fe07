/** The HTTP answers being given, so that the gateway can stop between them. */
import type { ServerResponse } from 'node:http';

export class OpenAnswers {
  readonly #open = new Set<ServerResponse>();
  #isDraining = false;

  /** True from the first signal to stop. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(response: ServerResponse): void {
    if (this.#isDraining) response.setHeader('connection', 'close');
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  /** From now on each answer is the last on its connection: a client that kept on asking would hold the gateway up. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#open) if (!response.headersSent) response.setHeader('connection', 'close');
  }
}
