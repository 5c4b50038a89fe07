/** One of the sandbox's people in front of the gateway: sends operations, reads rejections, and receives events. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { overWebSocket } from './live-subscription.ts';
import { controlOf } from './sandbox-control.ts';
import { type GraphQLAnswer, post, type Stack, type StackOptions, startStack } from './stack.ts';

export interface RejectedAnswer {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly path?: readonly (string | number)[];
}

/** An event of any type. */
export type EventData = SchemaData['events'];

/** Events of all types, in the order of arrival. */
export interface Listener extends AsyncDisposable {
  /** The next event of the type that fits. @throws when none comes in time. */
  until(type: string, fits?: (event: EventData) => boolean): Promise<EventData>;
}

export interface DemoPerson {
  readonly token: string;
  /** Global id. */
  readonly id: string;
  answer(query: string, variables?: object): Promise<GraphQLAnswer>;
  /** The data of an operation. @throws when the response has errors. */
  ask<Data = SchemaData>(query: string, variables?: object): Promise<Data>;
  /** The only error of an operation. @throws when the response has none, or more than one. */
  rejection(query: string, variables?: object): Promise<RejectedAnswer>;
  /** Resolves once the upstream would send an event there. */
  listen(): Promise<Listener>;
}

const counterpart = '__typename ... on User { token } ... on Group { token } ... on DistributionList { token }';
const allEvents = `subscription { events { __typename id
  ... on MessageReceived { isHistory message { token body sender { token } } }
  ... on MessageStatusChanged { status message { token } user { token } }
  ... on MessageRecalled { recalledMessageId recalledBy { token } }
  ... on RosterChanged { change counterpart { ${counterpart} } }
  ... on EntityChanged { entities { __typename ... on User { token displayName } ... on Group { token name } } }
  ... on ConversationNotice { notice subject { token } target { token } }
  ... on MuteChanged { muteChange mutedUntil counterpart { ${counterpart} } }
  ... on TypingChanged { isTyping user { token } group { token } speaksAs { token } }
  ... on UnknownEvent { payload }
  ... on PresenceChanged { presence user { token } }
} }`;

/** Sends transient events until one arrives: from then on the subscription misses nothing. */
async function untilReceived(stack: Stack, name: string, until: Listener['until']): Promise<void> {
  const marker = randomUUID();
  let isHeard = false;
  const hearing = until('UnknownEvent', ({ payload }) => payload?.['marker'] === marker).finally(() => {
    isHeard = true;
  });
  const control = controlOf(stack.sandbox);
  while (!isHeard) {
    await control.inject({ caller: name, event: { 'tigertext:iq:test:marker': { marker } }, stored: false });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await hearing;
}

/** One stack for all tests of a file, with Ada in front of it; there from the first test on. */
export function stackWithAda(options: StackOptions = {}): { readonly stack: Stack; readonly ada: DemoPerson } {
  let started: { readonly stack: Stack; readonly ada: DemoPerson } | undefined;
  beforeAll(async () => {
    const stack = await startStack(options);
    started = { stack, ada: await demoPerson(stack, 'ada') };
  });
  afterAll(() => started?.stack[Symbol.asyncDispose]());
  const present = () => {
    if (started === undefined) throw new Error('the stack starts before the first test');
    return started;
  };
  return {
    get stack() {
      return present().stack;
    },
    get ada() {
      return present().ada;
    },
  };
}

export async function demoPerson(stack: Stack, name: string): Promise<DemoPerson> {
  const answer = (query: string, variables: object = {}) => post(stack.gateway.url, { query, variables }, name);
  const ask = async <Data = SchemaData>(query: string, variables: object = {}): Promise<Data> => {
    const { data, errors } = await answer(query, variables);
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data as Data; // as the caller reads it
  };
  const { me } = await ask('{ me { id token } }');
  return {
    ...me,
    answer,
    ask,
    async rejection(query, variables) {
      const { errors, text } = await answer(query, variables);
      const [error, ...others] = errors ?? [];
      if (error === undefined || others.length > 0) throw new Error(`not one error: ${text}`);
      const { code, field } = error.extensions as { code: string; field?: string }; // DESIGN: every error carries a code
      return {
        code,
        message: error.message,
        ...(field === undefined ? {} : { field }),
        ...(error.path === undefined ? {} : { path: error.path }),
      };
    },
    async listen() {
      const live = overWebSocket<SchemaData>(stack.gateway, allEvents, { as: name });
      const until = async (type: string, fits: (event: EventData) => boolean = () => true) => {
        for (;;) {
          const { data, errors } = await live.next();
          if (errors !== undefined) throw new Error(JSON.stringify(errors));
          const event = data?.events;
          if (event?.__typename === type && fits(event)) return event;
        }
      };
      await untilReceived(stack, name, until);
      return {
        until,
        [Symbol.asyncDispose]: live.close,
      };
    },
  };
}
