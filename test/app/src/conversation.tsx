import { useEffect } from 'react';
import { Bubble } from './bubble.tsx';
import { Composer } from './composer.tsx';
import { type ConversationProps, isUnread } from './desk.ts';
import { Avatar, describe, nameOf } from './roster.tsx';

export function Conversation({ desk, counterpart }: ConversationProps) {
  const name = nameOf(counterpart);
  const entries = desk.entriesWith(counterpart);
  // Drawn anew every second; so this also notices when the page comes back into view.
  useEffect(() => {
    const unread = entries.filter(isUnread);
    if (unread.length > 0 && document.visibilityState === 'visible') desk.read(unread);
  });

  return (
    <main className="conversation">
      <header>
        <a href="#all" className="back" aria-label="Back to all conversations">
          ‹
        </a>
        <Avatar of={counterpart} />
        <h2>{name}</h2>
        <p>{describe(desk, counterpart)}</p>
      </header>
      <div className="messages" role="log" aria-label={`Messages with ${name}`}>
        {entries.length === 0 && <p className="empty">Messages appear here as they come. No older ones are kept.</p>}
        <ol>
          {entries.map((entry) => (
            <Bubble key={entry.message.id} desk={desk} entry={entry} />
          ))}
        </ol>
      </div>
      <p className="typing" aria-live="polite">
        {desk.isTypingIn(counterpart) && `${counterpart.__typename === 'User' ? name : 'Somebody'} is typing`}
      </p>
      <Composer desk={desk} counterpart={counterpart} />
    </main>
  );
}
