/** Turns the events of a subscription into results, one at a time, each read afresh. */

import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { GatewayError } from '../../errors.ts';
import type { AckSource } from '../../events/ack-source.ts';
import { gatewayErrorIn, mask, maskUnexpected } from '../masking.ts';
import type { FormattedResult } from '../operation/response.ts';
import type { SubscriberGroup, SubscriberGroups } from './shared-results.ts';

type Execute = (event: unknown, context: GatewayContext) => ExecutionResult | Promise<ExecutionResult>;

/** One result of a subscription; everyone who asked the same of the same event has the same one. */
export class SubscriptionResult {
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

export interface SubscriptionResultsOptions {
  readonly source: AckSource<unknown>;
  readonly context: GatewayContext;
  readonly execute: Execute;
  readonly groups: SubscriberGroups<SubscriptionResult>;
  /** Names credential, operation and variables. */
  readonly groupKey: string;
}

/**
 * The results of one subscription. Each event gets its own context, because loaders would otherwise answer every event with
 * what they read for the first. An error of the source becomes one last result that names it, so that every transport ends a
 * subscription alike. Handing over a result hands over its event.
 *
 * A result that has to be waited for is a promise, which is never rejected. It is up to the consumer to take no further
 * result before it has settled: so results keep their order.
 */
export class SubscriptionResults implements AckSource<SubscriptionResult | Promise<SubscriptionResult>> {
  readonly #source: AckSource<unknown>;
  readonly #context: GatewayContext;
  readonly #execute: Execute;
  readonly #group: SubscriberGroup<SubscriptionResult>;
  #isDone = false;
  #taken = 0;
  #onEnd: ((results: number, code: string) => void) | undefined;

  constructor({ source, context, execute, groups, groupKey }: SubscriptionResultsOptions) {
    this.#source = source;
    this.#context = context;
    this.#execute = execute;
    this.#group = groups.join(groupKey);
  }

  read(): SubscriptionResult | Promise<SubscriptionResult> | undefined {
    if (this.#isDone) return undefined;
    let event: unknown;
    try {
      event = this.#source.read();
    } catch (error) {
      this.#taken += 1;
      this.#end(gatewayErrorIn(error)?.code ?? 'INTERNAL');
      return this.#failed(error);
    }
    if (event !== undefined) {
      this.#taken += 1;
      return this.#resultOf(event);
    }
    if (this.#source.isDone) this.#end();
    return undefined;
  }

  ack(): void {
    this.#source.ack();
  }

  get isLastExpired(): boolean {
    return this.#source.isLastExpired;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  onReadable(callback: () => void): void {
    this.#source.onReadable(callback);
  }

  /** @param callback Called once, at the end, with the number of results and `OK` or the code of the error it ended by. */
  onEnd(callback: (results: number, code: string) => void): void {
    this.#onEnd = callback;
  }

  end(error: GatewayError): void {
    this.#source.end(error);
  }

  cancel(): void {
    this.#end();
    this.#source.cancel();
  }

  #resultOf(event: unknown): SubscriptionResult | Promise<SubscriptionResult> {
    if (typeof event !== 'object' || event === null) return this.#executed(event);
    return this.#group.getOrCompute(event, () => this.#executed(event));
  }

  #executed(event: unknown): SubscriptionResult | Promise<SubscriptionResult> {
    try {
      const result = this.#execute(event, this.#context.forEvent());
      if (!(result instanceof Promise)) return this.#formatted(result);
      return result.then((settled) => this.#formatted(settled)).catch((error: unknown) => this.#failed(error));
    } catch (error) {
      return this.#failed(error);
    }
  }

  #formatted({ data, errors }: ExecutionResult): SubscriptionResult {
    if (errors === undefined) return new SubscriptionResult({ data: data ?? null });
    const { caller, services } = this.#context;
    return new SubscriptionResult({
      errors: errors.map((error) => mask(error, caller.requestId, services.log)),
      data: data ?? null,
    });
  }

  #failed(error: unknown): SubscriptionResult {
    const { caller, services } = this.#context;
    return new SubscriptionResult({ errors: [maskUnexpected(error, caller.requestId, services.log)] });
  }

  #end(code = 'OK'): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#onEnd?.(this.#taken, code);
    this.#group.leave();
  }
}
