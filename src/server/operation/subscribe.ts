/** Starts subscriptions: opens the source of their events and executes the operation for each event. */

import { createSourceEventStream, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { badUserInput } from '../../errors.ts';
import { isAckSource } from '../../events/acknowledgement/ack-source.ts';
import { shortKey } from '../../util/hash.ts';
import { type SubscriptionResult, SubscriptionResults } from '../subscription/results.ts';
import { SubscriberGroups } from '../subscription/shared-results.ts';
import type { Variables } from './document/variable-defaults.ts';
import type { Execution } from './execution.ts';
import { withDeadline } from './limits/deadline.ts';
import type { Prepared } from './prepare.ts';
import type { OperationResponse } from './response.ts';

/** The results of a subscription that has started. */
export interface ResultSource {
  readonly kind: 'stream';
  readonly results: SubscriptionResults;
}

/** Maximum size of a subscription's variables, in characters of JSON: they are held for its lifetime and coerced for each event. */
const maxVariablesLength = 16_384;

export interface SubscribeOptions {
  readonly schema: GraphQLSchema;
  readonly execution: Execution;
  /** Called before each event is executed. @param credentialKey Empty without a credential. */
  readonly onEvent: (credentialKey: string) => void;
}

/** @returns The results, or a response if the source could not be opened. */
export type Subscribe = (
  prepared: Prepared,
  context: GatewayContext,
  variables: Variables,
) => Promise<OperationResponse | ResultSource>;

/** Starts subscriptions; equal ones share the result of each event. */
export function createSubscribe({ schema, execution, onEvent }: SubscribeOptions): Subscribe {
  const groups = new SubscriberGroups<SubscriptionResult>();

  return async (prepared, context, variables) => {
    const serializedVariables = JSON.stringify(variables);
    if (serializedVariables.length > maxVariablesLength) {
      throw badUserInput('variables', `at most ${maxVariablesLength} characters for a subscription`);
    }
    const source = await openSource(prepared, context, variables);
    if (!isAckSource(source)) {
      if (Symbol.asyncIterator in source) throw new TypeError('The source of a subscription is not an AckSource.');
      return execution.toResponse(source, prepared, variables, context.caller);
    }
    const key = context.caller.credential?.key ?? '';
    return {
      kind: 'stream',
      results: new SubscriptionResults({
        source,
        context,
        execute: (event, eventContext) => {
          onEvent(key);
          const result = prepared.execute(event, eventContext, variables);
          if (!(result instanceof Promise)) return result;
          const { caller } = eventContext;
          return withDeadline(result, execution.deadlineOf(caller), () => execution.lateResult(caller));
        },
        groups,
        groupKey: `${key}\n${prepared.id}\n${shortKey(serializedVariables)}`,
      }),
    };
  };

  /** A source that opens after the deadline is cancelled. */
  async function openSource({ document, operation }: Prepared, context: GatewayContext, variables: Variables) {
    const opening = createSourceEventStream({
      schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName: operation.name?.value,
    });
    const { caller } = context;
    const late = () => {
      throw execution.overdue(caller);
    };
    return withDeadline(opening, execution.deadlineOf(caller), late).catch((error: unknown) => {
      void opening.then((opened) => isAckSource(opened) && opened.cancel());
      throw error;
    });
  }
}
