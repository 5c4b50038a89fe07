import { useEffect } from 'react';
import { Composer } from './composer.tsx';
import type { ConversationProps } from './desk.ts';
import { Avatar, describe, nameOf } from './roster.tsx';
import { Timeline } from './timeline.tsx';

export function Conversation({ desk, row }: ConversationProps) {
  const name = nameOf(row);
  // Drawn again after every event; so this also notices when the history has to be read again.
  useEffect(() => void desk.read(row));

  return (
    <main className="conversation">
      <header>
        <a href="#all" className="back" aria-label="Back to all conversations">
          ‹
        </a>
        <Avatar of={row} />
        <h2>{name}</h2>
        <p>{describe(desk, row)}</p>
      </header>
      <Timeline desk={desk} row={row} />
      <p className="typing" aria-live="polite">
        {desk.isTypingIn(row) && `${row.counterpart.__typename === 'User' ? name : 'Somebody'} is typing`}
      </p>
      <Composer desk={desk} row={row} />
    </main>
  );
}
