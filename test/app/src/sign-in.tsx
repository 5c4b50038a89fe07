import { type FormEvent, useState } from 'react';
import { StoreError } from 'tigerconnect-graphql/store';
import { signIn } from './calls.ts';
import { storeSession } from './state/session.ts';
import { t } from './texts.ts';

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
      setProblem(isRefused ? t.signIn.wrong : t.signIn.unreachable);
    }
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>{t.title}</h1>
        <p>{t.signIn.about}</p>
        <label htmlFor="user-id">{t.signIn.name}</label>
        <input id="user-id" name="userId" autoComplete="username" required />
        <label htmlFor="password">{t.signIn.password}</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        <p role="alert">{problem}</p>
        <button type="submit" children={t.signIn.button} />
      </form>
    </main>
  );
}
