import { useEffect, useSyncExternalStore } from 'react';
import { useConversations, useStore } from 'tigerconnect-graphql/react';
import { signOut } from './calls.ts';
import { Conversation } from './conversation.tsx';
import { Roster } from './roster.tsx';
import { isReadable, type Messenger } from './state/messenger.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';

const onAddress = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export function App({ messenger }: { readonly messenger: Messenger }) {
  const selected = decodeURIComponent(useSyncExternalStore(onAddress, () => location.hash).slice(1));
  const rows = useConversations(messenger.store).filter(isReadable);
  const row = rows.find(({ id }) => id === selected);
  const unread = useStore(messenger.store, (snapshot) => snapshot.unreadCount);
  const connection = useStore(messenger.store, (snapshot) => snapshot.connection);
  const isComplete = useStore(messenger.store, (snapshot) => snapshot.isComplete);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t.title}` : t.title;
  }, [unread]);
  return (
    <div className={row === undefined ? 'desk' : 'desk reading'}>
      <header>
        <h1>{t.title}</h1>
        <p role="status" className={connection === 'LIVE' ? '' : 'lost'}>
          <span aria-hidden="true" className="dot" />
          {t.connections[connection]}
        </p>
        <p className="me">{messenger.session.name}</p>
        <button type="button" onClick={() => signOut(messenger.run)} children={t.signOut} />
      </header>
      <Roster messenger={messenger} rows={rows} selected={selected} />
      {row === undefined ? (
        <main className="nothing">{isComplete || selected === '' ? t.choose : t.loading}</main>
      ) : (
        <Conversation key={row.id} messenger={messenger} row={row} />
      )}
      <p className="heard" aria-live="polite">
        {useValue(messenger.announcement)}
      </p>
    </div>
  );
}
