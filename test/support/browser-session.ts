/** Sessions of a browser, without a browser: the cookie, and the headers that a browser adds. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { GraphQLAnswer } from './stack.ts';

const manual = readFileSync(new URL('../../src/server/README.md', import.meta.url), 'utf8');

/** A value of SESSION_KEYS. */
export const sessionKey = (): string => randomBytes(32).toString('base64');

export interface BrowserSession {
  /** Name and text, as browsers send it. */
  readonly cookie: string;
  /** The whole header that set it. */
  readonly setCookie: string;
  readonly answer: GraphQLAnswer;
}

/** As the manual shows it. */
const [, example = ''] = /^```graphql\n([\s\S]*?)^```$/m.exec(manual) ?? [];
export const startSession = example;

/** Sends an operation as a page of `origin` does. */
export async function askAsPage(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>>,
  variables: object = {},
): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, ...JSON.parse(text) };
}

export async function signInWithSession(
  url: string,
  origin: string,
  person = 'ada',
  headers: Readonly<Record<string, string>> = {},
): Promise<BrowserSession> {
  const answer = await askAsPage(url, startSession, { origin, ...headers }, { userId: person, password: 'demo' });
  const setCookie = answer.headers.get('set-cookie') ?? '';
  return { answer, setCookie, cookie: setCookie.split(';')[0] ?? '' };
}
