/** Keeps the store in step with the live events of the signed-in person. */
import { useEffect, useState } from 'react';
import * as documents from 'tigerconnect-graphql/documents';
import type { Client } from 'urql';
import { rememberMessage, type Session, storedMessageIds } from './session.ts';
import { emptyState, gone, progressed, received, type State, type Step, tick, typing } from './store.ts';

/** Wait before a subscription that ended is made anew, in milliseconds. */
const againMs = 1_000;

export interface Live {
  readonly state: State;
  readonly update: (step: Step) => void;
  /** Whether events come as they happen. */
  readonly isLive: boolean;
  /** Grows whenever the roster has to be read again. */
  readonly rosterVersion: number;
}

export function useLive(client: Client, { me }: Session, onSignedOut: () => void): Live {
  const [state, update] = useState(emptyState);
  const [isLive, setLive] = useState(false);
  const [rosterVersion, setRosterVersion] = useState(0);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const timer = setInterval(() => update(tick), 1_000);
    void restore(client, me, update);
    return () => clearInterval(timer);
  }, [client, me]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const variables = { acknowledge: 'MANUAL' } as const;
    const events = client.subscription(documents.EventsDocument, variables).subscribe(({ data, error, hasNext }) => {
      const event = data?.events;
      if (event !== undefined) {
        apply(event, me, client, update);
        if (event.__typename === 'RosterChanged' || event.__typename === 'EntityChanged')
          setRosterVersion((version) => version + 1);
        // Only now: had the page gone before, the event would come again.
        void client.mutation(documents.AcknowledgeEventsDocument, { input: { eventIds: [event.id] } }).toPromise();
      }
      const isRefused = error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
      if (isRefused === true || event?.__typename === 'RemoteWiped') onSignedOut();
      else if (error !== undefined || !hasNext) timer = setTimeout(() => setAttempt((count) => count + 1), againMs);
    });
    const status = client.subscription(documents.ConnectionStatusDocument, {}).subscribe(({ data }) => {
      setLive(data?.connectionStatus.state === 'LIVE');
    });
    return () => {
      clearTimeout(timer);
      events.unsubscribe();
      status.unsubscribe();
    };
  }, [client, me, attempt, onSignedOut]);

  return { state, update, isLive, rosterVersion };
}

/** After a reload: what was in view is read again; what is gone by now stays away. */
async function restore(client: Client, me: string, update: Live['update']): Promise<void> {
  const ids = storedMessageIds();
  const { data } = await client.query(documents.MessagesDocument, { ids }).toPromise();
  for (const message of data?.messages ?? []) {
    if (message === null) continue;
    update(received(message, me));
    for (const { user, status } of message.recipientStatuses ?? [])
      if (user !== null) update(progressed(message.id, user.id, status));
  }
}

function apply(event: documents.EventDetailsFragment, me: string, client: Client, update: Live['update']): void {
  if (event.__typename === 'MessageReceived' && event.message !== null) {
    const { message } = event;
    rememberMessage(message.id);
    update(received(message, me));
    if (message.sender?.id === me || message.status !== 'NEW') return;
    void client.mutation(documents.UpdateMessageStatusDocument, { input: { delivered: [message.id] } }).toPromise();
  } else if (event.__typename === 'MessageStatusChanged' && event.message !== null && event.user !== null) {
    update(progressed(event.message.id, event.user.id, event.status));
  } else if (event.__typename === 'MessageRecalled') {
    update(gone(event.recalledMessageId));
  } else if (event.__typename === 'TypingChanged' && event.user !== null && event.user.id !== me) {
    update(typing(event.group?.id ?? event.user.id, event.isTyping));
  }
}
