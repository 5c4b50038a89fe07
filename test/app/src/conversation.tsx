import { useTimeline } from 'tigerconnect-graphql/react';
import { Composer } from './composer.tsx';
import { Avatar, type ConversationProps, describe, nameOf } from './counterpart.tsx';
import { Timeline } from './timeline.tsx';

export function Conversation({ messenger, row }: ConversationProps) {
  const name = nameOf(row);
  const timeline = useTimeline(messenger.store, row.id);

  return (
    <main className="conversation">
      <header>
        <a href="#all" className="back" aria-label="Back to all conversations">
          ‹
        </a>
        <Avatar of={row} />
        <h2>{name}</h2>
        <p>{describe(messenger, row)}</p>
      </header>
      {timeline === undefined ? (
        <div className="messages" />
      ) : (
        <Timeline messenger={messenger} row={row} timeline={timeline} />
      )}
      <p className="typing" aria-live="polite">
        {row.typing.length > 0 && `${row.counterpart.__typename === 'User' ? name : 'Somebody'} is typing`}
      </p>
      <Composer messenger={messenger} row={row} />
    </main>
  );
}
