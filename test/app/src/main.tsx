import { StrictMode, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { RosterDocument, SignOutDocument } from 'tigerconnect-graphql/documents';
import { type Client, Provider, useQuery } from 'urql';
import { createLiveClient } from './client.ts';
import { Conversation } from './conversation.tsx';
import { Roster } from './roster.tsx';
import { type Session, storedSession, storeSession } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { useLive } from './use-live.ts';

function App() {
  const [session, setSession] = useState(storedSession);
  const [client, setClient] = useState<Client>();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (session === undefined) return;
    const live = createLiveClient(session.authorization, setOpen);
    setClient(live.client);
    return () => {
      live.close();
      setClient(undefined);
    };
  }, [session]);
  const change = useCallback((next?: Session) => {
    storeSession(next);
    setSession(next);
  }, []);
  if (session === undefined) return <SignIn onSignedIn={change} />;
  if (client === undefined) return null;
  return (
    <Provider value={client}>
      <Desk key={session.me} session={session} client={client} isOpen={isOpen} onSignedOut={change} />
    </Provider>
  );
}

function onHashChange(notify: () => void): () => void {
  addEventListener('hashchange', notify);
  return () => removeEventListener('hashchange', notify);
}

/** @param props.isOpen Whether the socket to the service is open. */
function Desk(props: { session: Session; client: Client; isOpen: boolean; onSignedOut: () => void }) {
  const { session, client, isOpen, onSignedOut } = props;
  const live = useLive(client, session, onSignedOut);
  // The conversation in view stands in the address, so that going back and reloading work.
  const selected = useSyncExternalStore(onHashChange, () => decodeURIComponent(location.hash.slice(1)));
  const [{ data }, readRoster] = useQuery({ query: RosterDocument, requestPolicy: 'network-only' });
  const { rosterVersion } = live;
  useEffect(() => {
    if (rosterVersion > 0) readRoster();
  }, [rosterVersion, readRoster]);
  const counterparts = data?.roster.entries?.nodes.flatMap((row) => row?.counterpart ?? []) ?? [];
  const counterpart = counterparts.find(({ id }) => id === selected);
  const isConnected = isOpen && live.isLive;
  const signOut = () =>
    client
      .mutation(SignOutDocument, {})
      .toPromise()
      .then(() => onSignedOut());
  return (
    <div className={counterpart === undefined ? 'desk' : 'desk reading'}>
      <header>
        <h1>Messages</h1>
        <p role="status" className={isConnected ? '' : 'lost'}>
          {isConnected ? 'Connected' : 'Connecting…'}
        </p>
        <p>{session.name}</p>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      <Roster counterparts={counterparts} state={live.state} selected={selected} />
      {counterpart === undefined ? (
        <main className="nothing">Choose a conversation.</main>
      ) : (
        <Conversation key={counterpart.id} counterpart={counterpart} session={session} live={live} />
      )}
    </div>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
