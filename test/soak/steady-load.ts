/** What clients do all day, at a steady pace: the operations of one round, each of a kind of its own. */
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic } from '../support/stack.ts';
import { postForm, uploadForm } from '../support/upload.ts';

type Operation = (url: string, round: number) => Promise<unknown>;

const people = ['ada', 'grace', 'alan', 'florence'] as const;
const personOf = (round: number) => people[round % people.length] ?? 'ada';

async function ask(url: string, body: object, as: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', authorization: basic(as), ...init.headers },
  });
  return response.text();
}

const query =
  'query ($first: Int) { me { displayName } roster { entries(first: $first) { nodes { counterpart { ... on User { displayName } ... on Group { name members(first: 5) { nodes { displayName } } } } } } } }';
const send =
  'mutation ($body: String!) { sendMessage(input: { recipient: "grace@example.org", body: $body, ttl: 1 }) { message { id body sender { displayName } } } }';
const upload =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { attachments { url } } } }';
export const subscription =
  'subscription { events { id __typename ... on MessageReceived { message { body sender { displayName } } } } }';

/** A subscription that comes, hears one message perhaps, and goes; by `complete`, or by breaking the socket off. */
async function subscribeBriefly(url: string, round: number): Promise<void> {
  const socket = await openAcknowledged(url, personOf(round));
  socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
  socket.send({ type: 'subscribe', id: '2', payload: { query: '{ me { id } }' } });
  await socket.message('complete', '2');
  if (round % 2 === 0) socket.send({ type: 'complete', id: '1' });
  socket.socket[round % 3 === 0 ? 'terminate' : 'close']();
  await socket.closed;
}

async function uploadAndDownload(url: string): Promise<void> {
  const variables = { input: { recipient: 'grace@example.org', ttl: 1, attachment: null } };
  const { data } = await postForm(url, uploadForm(upload, variables, new File(['x'.repeat(10_000)], 'x.txt')));
  // The shape of the operation above.
  const sent = data as unknown as { sendMessage: { message: { attachments: { url: string }[] } } };
  const path = sent.sendMessage.message.attachments[0]?.url ?? '';
  await (await fetch(`${url}${path}`, { headers: { authorization: basic('ada') } })).arrayBuffer();
}

async function leaveEarly(url: string, round: number): Promise<void> {
  const client = new AbortController();
  const answer = ask(url, { query, variables: { first: 7 } }, personOf(round), { signal: client.signal });
  setTimeout(() => client.abort(), 3);
  await answer.catch(() => {}); // it leaves before, or after, its answer is there
}

export const operations: readonly Operation[] = [
  (url, round) => ask(url, { query, variables: { first: 5 } }, personOf(round)),
  (url, round) => ask(url, { query: send, variables: { body: `round ${round}` } }, 'ada'),
  (url, round) => ask(url, { query: '{ me { id } }' }, personOf(round), { headers: { accept: 'text/event-stream' } }),
  leaveEarly,
  (url, round) => ask(url, { query: `{ unknown${round % 10} }` }, personOf(round)),
  subscribeBriefly,
  (url) => ask(url, { query: '{ me { id } }' }, 'nobody'),
  (url, round) => ask(url, { query }, personOf(round), { method: 'PUT' }),
  uploadAndDownload,
  (url) => fetch(`${url}/metrics`).then((response) => response.text()),
];
