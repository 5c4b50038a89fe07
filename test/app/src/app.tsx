import { useEffect, useSyncExternalStore } from 'react';
import { useConversations, useStore } from 'tigerconnect-graphql/react';
import type { StoreSnapshot } from 'tigerconnect-graphql/store';
import { Conversation } from './conversation.tsx';
import { Roster } from './roster.tsx';
import { isReadable, type Messenger } from './state/messenger.ts';
import { useValue } from './state/value.ts';

const onAddress = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

const connections = { LIVE: 'Connected', CONNECTING: 'Connecting…', OFFLINE: 'No network', SIGNED_OUT: '' } as const;

export function App({ messenger }: { readonly messenger: Messenger }) {
  // The conversation in view stands in the address, so that going back and reloading work.
  const selected = decodeURIComponent(useSyncExternalStore(onAddress, () => location.hash).slice(1));
  const row = useConversations(messenger.store)
    .filter(isReadable)
    .find(({ id }) => id === selected);
  const unread = useStore(messenger.store, sumOfUnread);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Messages` : 'Messages';
  }, [unread]);
  const connection = useStore(messenger.store, (snapshot) => snapshot.connection);
  return (
    <div className={row === undefined ? 'desk' : 'desk reading'}>
      <header>
        <h1>Messages</h1>
        <p role="status" className={connection === 'LIVE' ? '' : 'lost'}>
          {connections[connection]}
        </p>
        <p>{messenger.session.name}</p>
        <button type="button" onClick={() => messenger.signOut()}>
          Sign out
        </button>
      </header>
      <Roster messenger={messenger} selected={selected} />
      {row === undefined ? (
        <main className="nothing">Choose a conversation.</main>
      ) : (
        <Conversation key={row.id} messenger={messenger} row={row} />
      )}
      <p className="heard" aria-live="polite">
        {useValue(messenger.announcement)}
      </p>
    </div>
  );
}

const sumOfUnread = ({ conversations }: StoreSnapshot) =>
  conversations.reduce((sum, { unreadCount }) => sum + unreadCount, 0);
