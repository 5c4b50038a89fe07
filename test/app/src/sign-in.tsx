import { type FormEvent, useState } from 'react';
import { MeDocument, SignInDocument, StartSessionDocument } from 'tigerconnect-graphql-documents';
import { createClient, fetchExchange } from 'urql';
import { storeSession } from './session.ts';

const client = createClient({ url: '/graphql', preferGetMethod: false, exchanges: [fetchExchange] });

export function SignIn() {
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const input = { userId: String(fields.get('userId')), password: String(fields.get('password')) };
    // A session keeps the key pair out of the page, where the service offers one.
    const start = await client.mutation(StartSessionDocument, { input: { ...input, session: true } }).toPromise();
    const isOffered = start.error?.graphQLErrors[0]?.extensions.field !== 'input.session';
    const { data, error } = isOffered ? start : await client.mutation(SignInDocument, { input }).toPromise();
    const signedIn = data?.signIn;
    if (signedIn == null) {
      const isRefused = error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
      return setProblem(isRefused === true ? 'Name or password is wrong.' : 'The service cannot be reached.');
    }
    const authorization = 'key' in signedIn ? `Basic ${btoa(`${signedIn.key}:${signedIn.secret}`)}` : '';
    const fetchOptions = { headers: { authorization } };
    const { data: own } = await client.query(MeDocument, {}, { fetchOptions }).toPromise();
    const organizations = own?.me?.organizations?.flatMap((one) =>
      one === null ? [] : [[one.key, one.name ?? one.key]],
    );
    const [me, name] = [signedIn.user.id, signedIn.user.displayName ?? input.userId];
    storeSession({ authorization, me, name, organizations: Object.fromEntries(organizations ?? []) });
    location.reload();
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
