/**
 * A POST by undici's `request`. Tests send tens of thousands of these in the process of the gateway, and `fetch` takes more
 * processor time: for streams, signals and headers that a JSON answer does not need. What `fetch` itself sends and receives is
 * tested with the clients that use it.
 */
import { Agent, request } from 'undici';

export interface PostAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

let agent = new Agent();

/** Sends it over a kept connection. */
export async function postText(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Promise<PostAnswer> {
  const answer = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: { accept: '*/*', 'user-agent': 'node', ...headers },
    body,
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: headersOf(answer.headers), text };
}

function headersOf(received: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  return headers;
}

/** Closes the connections that are kept for the next request; those in use after their answer. */
export function closeKeptConnections(): void {
  const before = agent;
  agent = new Agent();
  void before.close();
}
