/** Turns the events of a subscription into results, one at a time, each read afresh. */
import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { GatewayError } from '../../errors.ts';
import type { Feed } from '../../events/ack-source.ts';
import { gatewayErrorIn, mask, maskThrown } from '../masking.ts';
import type { FormattedResult } from '../operation/pipeline.ts';
import type { Audience, Audiences } from './shared-results.ts';

type Execute = (event: unknown, context: GatewayContext) => ExecutionResult | Promise<ExecutionResult>;

/** One result of a subscription; everyone who asked the same of the same event has the same one. */
export class Relayed {
  readonly result: FormattedResult;
  #json: string | Buffer | undefined;

  constructor(result: FormattedResult) {
    this.result = result;
  }

  /** The result as JSON, made once: as text for the first, who may stay the only one, and as bytes for all others. */
  get json(): string | Buffer {
    if (this.#json === undefined) this.#json = JSON.stringify(this.result);
    else if (typeof this.#json === 'string') this.#json = Buffer.from(this.#json);
    return this.#json;
  }
}

export interface RelayOptions {
  readonly source: Feed<unknown>;
  readonly context: GatewayContext;
  readonly execute: Execute;
  readonly audiences: Audiences<Relayed>;
  /** Names credential, operation and variables. */
  readonly audience: string;
}

/**
 * The results of one subscription. Each event gets its own context, because loaders would otherwise answer every event with
 * what they read for the first. An error of the source becomes one last result that names it, so that every transport ends a
 * subscription alike. Handing over a result hands over its event.
 *
 * A result that has to be waited for is a promise, which is never rejected. It is up to the consumer to take no further
 * result before it has settled: so results keep their order.
 */
export class Relay implements Feed<Relayed | Promise<Relayed>> {
  readonly #source: Feed<unknown>;
  readonly #context: GatewayContext;
  readonly #execute: Execute;
  readonly #audience: Audience<Relayed>;
  #isOver = false;
  #taken = 0;
  #onEnd: ((results: number, code: string) => void) | undefined;

  constructor({ source, context, execute, audiences, audience }: RelayOptions) {
    this.#source = source;
    this.#context = context;
    this.#execute = execute;
    this.#audience = audiences.join(audience);
  }

  take(): Relayed | Promise<Relayed> | undefined {
    if (this.#isOver) return undefined;
    let event: unknown;
    try {
      event = this.#source.take();
    } catch (error) {
      this.#taken += 1;
      this.#end(gatewayErrorIn(error)?.code ?? 'INTERNAL');
      return this.#failed(error);
    }
    if (event !== undefined) {
      this.#taken += 1;
      return this.#resultOf(event);
    }
    if (this.#source.isOver) this.#end();
    return undefined;
  }

  handed(): void {
    this.#source.handed();
  }

  get isStale(): boolean {
    return this.#source.isStale;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  onReady(callback: () => void): void {
    this.#source.onReady(callback);
  }

  /** @param callback Called once, at the end, with the number of results and `OK` or the code of the error it ended by. */
  onEnd(callback: (results: number, code: string) => void): void {
    this.#onEnd = callback;
  }

  end(error: GatewayError): void {
    this.#source.end(error);
  }

  leave(): void {
    this.#end();
    this.#source.leave();
  }

  #resultOf(event: unknown): Relayed | Promise<Relayed> {
    if (typeof event !== 'object' || event === null) return this.#executed(event);
    return this.#audience.shared(event, () => this.#executed(event));
  }

  #executed(event: unknown): Relayed | Promise<Relayed> {
    try {
      const result = this.#execute(event, this.#context.forEvent());
      if (!(result instanceof Promise)) return this.#formatted(result);
      return result.then((settled) => this.#formatted(settled)).catch((error: unknown) => this.#failed(error));
    } catch (error) {
      return this.#failed(error);
    }
  }

  #formatted({ data, errors }: ExecutionResult): Relayed {
    if (errors === undefined) return new Relayed({ data: data ?? null });
    const { caller, parts } = this.#context;
    return new Relayed({ errors: errors.map((error) => mask(error, caller.requestId, parts.log)), data: data ?? null });
  }

  #failed(error: unknown): Relayed {
    const { caller, parts } = this.#context;
    return new Relayed({ errors: [maskThrown(error, caller.requestId, parts.log)] });
  }

  #end(code = 'OK'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd?.(this.#taken, code);
    this.#audience.leave();
  }
}
