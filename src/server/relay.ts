/** Turns the events of a subscription into results, one at a time, each read afresh. */
import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from './context.ts';
import { mask, maskThrown } from './masking.ts';
import type { FormattedResult } from './pipeline.ts';

type Execute = (event: unknown, context: GatewayContext) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Results by event, and by what was asked about it: subscribers of one credential with the same operation and variables
 * share one execution. Results go when their event does.
 */
export type SharedResults = WeakMap<object, Map<string, SharedResult>>;

interface SharedResult {
  readonly startedAt: number;
  readonly result: Promise<FormattedResult>;
}

/** Milliseconds a result may be shared: a client that resumes later reads users and groups afresh. */
const shareWindowMs = 1000;

export interface RelayOptions {
  readonly source: AsyncIterable<unknown>;
  readonly context: GatewayContext;
  readonly execute: Execute;
  readonly shared: SharedResults;
  /** Names credential, operation and variables. */
  readonly shareKey: string;
}

/**
 * Each event gets its own context, because loaders would otherwise answer every event with what they read for the first.
 * An error of the source becomes one last result that names it, so that every transport ends a subscription alike.
 * Nothing is pulled ahead: asking for the next result tells the hub that the one before was handed over.
 */
export function relay({
  source,
  context,
  execute,
  shared,
  shareKey,
}: RelayOptions): AsyncIterableIterator<FormattedResult> {
  const events = source[Symbol.asyncIterator]();
  const { requestId } = context.caller;
  const { log } = context.parts;
  let ended = false;

  const end = (): IteratorReturnResult<undefined> => {
    ended = true;
    return { done: true, value: undefined };
  };

  async function resultOf(event: unknown): Promise<FormattedResult> {
    const { data, errors } = await execute(event, context.forEvent());
    if (errors === undefined) return { data: data ?? null };
    return { errors: errors.map((error) => mask(error, requestId, log)), data: data ?? null };
  }

  function sharedResultOf(event: unknown): Promise<FormattedResult> {
    if (typeof event !== 'object' || event === null) return resultOf(event);
    let results = shared.get(event);
    if (results === undefined) {
      results = new Map();
      shared.set(event, results);
    }
    const known = results.get(shareKey);
    if (known !== undefined && performance.now() - known.startedAt <= shareWindowMs) return known.result;
    const result = resultOf(event);
    results.set(shareKey, { startedAt: performance.now(), result });
    return result;
  }

  return {
    async next() {
      if (ended) return end();
      try {
        const event = await events.next();
        if (event.done === true) return end();
        return { done: false, value: await sharedResultOf(event.value) };
      } catch (error) {
        ended = true;
        return { done: false, value: { errors: [maskThrown(error, requestId, log)] } };
      }
    },
    async return() {
      await events.return?.();
      return end();
    },
    async throw() {
      await events.return?.();
      return end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
