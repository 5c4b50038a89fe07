/** A device of a demo person: a separate key pair. */

import type { SchemaData } from '../generated/schema-data.ts';
import { present } from './present.ts';
import { post, type Stack } from './stack.ts';

export interface Device {
  /** First name of the person, as a login name. */
  readonly name: string;
  /** Token of the person. */
  readonly person: string;
  readonly authorization: string;
  /** The data of an operation. @throws when the response has errors. */
  ask<Data = SchemaData>(query: string, variables?: object): Promise<Data>;
}

/** Signs a demo person in again, which makes a new key pair. */
export async function deviceOf(stack: Stack, name: string): Promise<Device> {
  const input = { userId: name, password: 'demo' };
  const question = 'mutation ($input: SignInInput!) { signIn(input: $input) { key secret user { token } } }';
  const { data } = await post(stack.gateway.url, { query: question, variables: { input } }, null);
  const { signIn } = present(data); // a sign-in of a demo person goes well
  const authorization = `Basic ${Buffer.from(`${signIn.key}:${signIn.secret}`).toString('base64')}`;
  return {
    name,
    person: signIn.user.token,
    authorization,
    ask: async <Data = SchemaData>(query: string, variables: object = {}) => {
      const response = await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables }),
      });
      const { data: read, errors } = (await response.json()) as { readonly data: Data; readonly errors?: unknown };
      if (errors !== undefined) throw new Error(`${JSON.stringify(errors)} for ${query} ${JSON.stringify(variables)}`);
      return read;
    },
  };
}
