import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { SignIn } from './sign-in.tsx';
import { Messenger } from './state/messenger.ts';
import { storedSession } from './state/session.ts';
import { language, t } from './texts.ts';

document.documentElement.lang = language;
document.title = t.title;
const session = storedSession();
const messenger = session && new Messenger(session);
const root = createRoot(document.body.appendChild(document.createElement('div')));
root.render(<StrictMode>{messenger === null ? <SignIn /> : <App messenger={messenger} />}</StrictMode>);
