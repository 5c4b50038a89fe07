/** Executes a subscription's operation for each of its events, in order, with a new context per event. */

import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { GatewayError } from '../../errors.ts';
import type { AckSource } from '../../events/acknowledgement/ack-source.ts';
import { gatewayErrorIn, mask, maskUnexpected } from '../masking.ts';
import type { FormattedResult } from '../operation/response.ts';
import type { SubscriberGroup, SubscriberGroups } from './shared-results.ts';

type Execute = (event: unknown, context: GatewayContext) => ExecutionResult | Promise<ExecutionResult>;

/** One result of a subscription. Equal subscribers share the instance for an event. */
export class SubscriptionResult {
  readonly result: FormattedResult;
  /** True for the error of the source that ends the subscription. It has errors and no data. */
  readonly endsSubscription: boolean;
  #json: Buffer | undefined;

  constructor(result: FormattedResult, endsSubscription = false) {
    this.result = result;
    this.endsSubscription = endsSubscription;
  }

  /** The result as JSON, serialised and encoded once for all subscribers. */
  get json(): Buffer {
    this.#json ??= Buffer.from(JSON.stringify(this.result));
    return this.#json;
  }
}

export interface SubscriptionResultsOptions {
  readonly source: AckSource<unknown>;
  readonly context: GatewayContext;
  readonly execute: Execute;
  readonly groups: SubscriberGroups<SubscriptionResult>;
  /** Identifies credential, operation and variables. */
  readonly groupKey: string;
}

/**
 * The results of one subscription. Each event has its own context, because loaders would otherwise return the values they
 * read for the first event. An error of the source becomes one last result with that error, so that a subscription ends in
 * the same way over every transport. Acking a result acks its event.
 *
 * An asynchronous result is a promise, which is never rejected. The consumer must not read the next result before it has
 * settled; this keeps results in order.
 */
export class SubscriptionResults implements AckSource<SubscriptionResult | Promise<SubscriptionResult>> {
  readonly #source: AckSource<unknown>;
  readonly #context: GatewayContext;
  readonly #execute: Execute;
  readonly #group: SubscriberGroup<SubscriptionResult>;
  #isDone = false;
  #readCount = 0;
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
      this.#readCount += 1;
      this.#end(gatewayErrorIn(error)?.code ?? 'INTERNAL');
      return this.#toErrorResult(error, true);
    }
    if (event !== undefined) {
      this.#readCount += 1;
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

  /** @param callback Called once, at the end, with the number of results and `OK` or the code of the source's error. */
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
    if (typeof event !== 'object' || event === null) return this.#runOperation(event);
    return this.#group.getOrCompute(event, () => this.#runOperation(event));
  }

  #runOperation(event: unknown): SubscriptionResult | Promise<SubscriptionResult> {
    try {
      const result = this.#execute(event, this.#context.forEvent());
      if (!(result instanceof Promise)) return this.#toResult(result);
      return result.then((settled) => this.#toResult(settled)).catch((error: unknown) => this.#toErrorResult(error));
    } catch (error) {
      return this.#toErrorResult(error);
    }
  }

  #toResult({ data, errors }: ExecutionResult): SubscriptionResult {
    if (errors === undefined) return new SubscriptionResult({ data: data ?? null });
    const { caller, services } = this.#context;
    return new SubscriptionResult({
      errors: errors.map((error) => mask(error, caller.requestId, services.log)),
      data: data ?? null,
    });
  }

  #toErrorResult(error: unknown, endsSubscription = false): SubscriptionResult {
    const { caller, services } = this.#context;
    const errors = [maskUnexpected(error, caller.requestId, services.log)];
    return new SubscriptionResult({ errors }, endsSubscription);
  }

  #end(code = 'OK'): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#onEnd?.(this.#readCount, code);
    this.#group.leave();
  }
}
