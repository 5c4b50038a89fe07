import { useEffect } from 'react';
import { type CounterpartCardFragment, UpdateMessageStatusDocument } from 'tigerconnect-graphql/documents';
import { useMutation } from 'urql';
import { Bubble } from './bubble.tsx';
import { Composer } from './composer.tsx';
import { Avatar, describe, nameOf } from './counterpart.tsx';
import type { Session } from './session.ts';
import { type Entry, isUnread, orderOf, read } from './store.ts';
import type { Live } from './use-live.ts';

export interface ConversationProps {
  readonly counterpart: CounterpartCardFragment;
  readonly session: Session;
  readonly live: Live;
}

export function Conversation({ counterpart, session, live }: ConversationProps) {
  const { state, update } = live;
  const name = nameOf(counterpart);
  const isGroup = counterpart.__typename !== 'User';
  const entries = [...state.entries.values()]
    .filter(({ conversation }) => conversation === counterpart.id)
    .sort((one, other) => orderOf(one) - orderOf(other));
  useReading(entries.filter(isUnread), update);

  return (
    <main className="conversation">
      <header>
        <a href="#all" className="back" aria-label="Back to all conversations">
          ‹
        </a>
        <Avatar of={counterpart} />
        <h2>{name}</h2>
        <p>{describe(counterpart)}</p>
      </header>
      <div className="messages" role="log" aria-label={`Messages with ${name}`}>
        {entries.length === 0 && <p className="empty">Messages appear here as they come. No older ones are kept.</p>}
        <ol>
          {entries.map((entry) => (
            <Bubble key={entry.message.id} entry={entry} isGroup={isGroup} session={session} live={live} />
          ))}
        </ol>
      </div>
      <p className="typing" aria-live="polite">
        {(state.typing.get(counterpart.id) ?? 0) > state.now && `${isGroup ? 'Somebody' : name} is typing`}
      </p>
      <Composer counterpart={counterpart} session={session} live={live} />
    </main>
  );
}

/** Messages count as read while they are in front of somebody. */
function useReading(unread: readonly Entry[], update: Live['update']): void {
  const [, mark] = useMutation(UpdateMessageStatusDocument);
  useEffect(() => {
    const see = () => {
      if (unread.length === 0 || document.visibilityState === 'hidden') return;
      update(read(unread));
      void mark({ input: { read: unread.map(({ message }) => message.id) } });
    };
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  });
}
