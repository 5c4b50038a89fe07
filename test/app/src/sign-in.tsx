import { type FormEvent, useState } from 'react';
import { StoreError } from 'tigerconnect-graphql/store';
import { signIn, storeSession } from './state/session.ts';

export function SignIn() {
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const input = { userId: String(fields.get('userId')), password: String(fields.get('password')) };
    try {
      storeSession(await signIn(input));
      location.reload();
    } catch (error) {
      const isRefused = error instanceof StoreError && error.code === 'UNAUTHENTICATED';
      setProblem(isRefused ? 'Name or password is wrong.' : 'The service cannot be reached.');
    }
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>Messages</h1>
        <p>Sign in to read and write secure messages.</p>
        <label htmlFor="user-id">Login name, e-mail or phone</label>
        <input id="user-id" name="userId" autoComplete="username" required />
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        <p role="alert">{problem}</p>
        <button type="submit">Sign in</button>
      </form>
    </main>
  );
}
