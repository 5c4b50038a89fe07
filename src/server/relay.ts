/** Turns the events of a subscription into results, one at a time, each read afresh. */
import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from './context.ts';
import { mask, maskThrown } from './masking.ts';
import type { FormattedResult } from './pipeline.ts';

type Execute = (event: unknown, context: GatewayContext) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Each event gets its own context, because loaders would otherwise answer every event with what they read for the first.
 * An error of the source becomes one last result that names it, so that every transport ends a subscription alike.
 * Nothing is pulled ahead: asking for the next result tells the hub that the one before was handed over.
 */
export function relay(
  source: AsyncIterable<unknown>,
  context: GatewayContext,
  execute: Execute,
): AsyncIterableIterator<FormattedResult> {
  const events = source[Symbol.asyncIterator]();
  const { requestId } = context.caller;
  const { log } = context.parts;
  let ended = false;

  const end = (): IteratorReturnResult<undefined> => {
    ended = true;
    return { done: true, value: undefined };
  };

  async function next(): Promise<IteratorResult<FormattedResult>> {
    if (ended) return end();
    try {
      const event = await events.next();
      if (event.done === true) return end();
      const { data, errors } = await execute(event.value, context.fresh());
      return {
        done: false,
        value: {
          data: data ?? null,
          ...(errors === undefined ? {} : { errors: errors.map((error) => mask(error, requestId, log)) }),
        },
      };
    } catch (error) {
      ended = true;
      return { done: false, value: { errors: [maskThrown(error, requestId, log)] } };
    }
  }

  return {
    next,
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
