/** A GraphQL server under test, asked over HTTP. */

import { runWrk } from '../load/wrk.ts';
import type { Child } from '../processes.ts';
import { authorizationOf, type Operation } from '../queries.ts';
import type { Load, Subject, Timing } from './subject.ts';

export interface HttpSubjectOptions {
  readonly name: string;
  readonly label: string;
  readonly child: Child;
  readonly url: string;
  /** The request that asks for `operation` in this server's schema. */
  readonly bodyOf?: (operation: Operation) => string;
  /** From this server's `data` to the gateway's form of it. */
  readonly normalise?: (data: unknown) => unknown;
}

export class HttpSubject implements Subject {
  readonly name: string;
  readonly label: string;
  readonly url: string;
  readonly #options: HttpSubjectOptions;

  constructor(options: HttpSubjectOptions) {
    this.name = options.name;
    this.label = options.label;
    this.url = `${options.url}/graphql`;
    this.#options = options;
  }

  get pid(): number {
    return this.#options.child.pid;
  }

  bodyOf(operation: Operation): string {
    return this.#options.bodyOf?.(operation) ?? JSON.stringify(operation);
  }

  async ask(operation: Operation, caller: number): Promise<unknown> {
    const text = await this.#post(operation, caller);
    const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: readonly { message: string }[] };
    if (errors !== undefined) throw new Error(`${this.name}: ${errors[0]?.message}`);
    return this.#options.normalise?.(data) ?? data;
  }

  async time(load: Load): Promise<Timing> {
    const { length } = Buffer.from(await this.#post(load.operation, 0));
    return runWrk({
      url: this.url,
      body: this.bodyOf(load.operation),
      authorizations: Array.from({ length: load.callers }, (_, caller) => authorizationOf(caller)),
      connections: load.connections,
      seconds: load.seconds,
      answerBytes: length,
    });
  }

  stop(): Promise<void> {
    return this.#options.child.stop();
  }

  async #post(operation: Operation, caller: number): Promise<string> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: authorizationOf(caller) },
      body: this.bodyOf(operation),
    });
    return response.text();
  }
}
