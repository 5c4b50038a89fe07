import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Conversation } from './conversation.tsx';
import { Desk } from './desk.ts';
import { Roster } from './roster.tsx';
import { storedSession } from './session.ts';
import { SignIn } from './sign-in.tsx';

function App({ desk }: { readonly desk: Desk }) {
  // The conversation in view stands in the address, so that going back and reloading work.
  const selected = decodeURIComponent(location.hash.slice(1));
  const row = desk.rows.find(({ id }) => id === selected);
  return (
    <div className={row === undefined ? 'desk' : 'desk reading'}>
      <header>
        <h1>Messages</h1>
        <p role="status" className={desk.isLive ? '' : 'lost'}>
          {desk.isLive ? 'Connected' : 'Connecting…'}
        </p>
        <p>{desk.session.name}</p>
        <button type="button" onClick={() => desk.signOut()}>
          Sign out
        </button>
      </header>
      <Roster desk={desk} selected={selected} />
      {row === undefined ? (
        <main className="nothing">Choose a conversation.</main>
      ) : (
        <Conversation key={row.id} desk={desk} row={row} />
      )}
      <p className="heard" aria-live="polite">
        {desk.announcement}
      </p>
    </div>
  );
}

const session = storedSession();
const root = createRoot(document.body.appendChild(document.createElement('div')));
const desk = session && new Desk(session, draw);

/** At every change of what is on the desk, and of the conversation in view. */
function draw(): void {
  const unread = desk?.rows.reduce((sum, row) => sum + desk.unreadIn(row), 0) ?? 0;
  document.title = unread > 0 ? `(${unread}) Messages` : 'Messages';
  root.render(<StrictMode>{desk === null ? <SignIn /> : <App desk={desk} />}</StrictMode>);
}

addEventListener('hashchange', draw);
draw();
