/**
 * No GraphQL: a server written by hand for the same responses, with node:http and undici. It takes
 * the same requests and knows the questions by their names.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { get, listening, upstream } from './peer.ts';
import { paths, readsOnce, type WireEntry, type WireUser } from './resolvers.ts';

interface Question {
  readonly query: string;
  readonly variables: { readonly id?: string; readonly messages?: readonly string[] };
}

const person = ({ token, display_name, title }: WireUser) => ({ token, displayName: display_name, title });

async function oneUser(id: string, authorization: string): Promise<unknown> {
  const user = (await get(paths.user(id), authorization)) as WireUser;
  return {
    user: {
      token: user.token,
      displayName: user.display_name,
      firstName: user.first_name,
      lastName: user.last_name,
      username: user.username,
      title: user.title,
      department: user.department,
      isDoNotDisturb: user.dnd,
      organizationKey: user.organization_key,
      emails: user.emails?.map(({ address, verified }) => ({ address, isVerified: verified })),
    },
  };
}

/** The contract's bulk reads take 20 at a time. */
async function bulk<Row>(path: string, name: string, tokens: readonly string[], authorization: string): Promise<Row[]> {
  const starts = Array.from({ length: Math.ceil(tokens.length / 20) }, (_, index) => index * 20);
  const replies = await Promise.all(
    starts.map(async (start) => {
      const { body } = await upstream.request({
        method: 'POST',
        path,
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ [name]: tokens.slice(start, start + 20) }),
      });
      const { reply } = (await body.json()) as { reply: Row[] | { bulk_message_statuses: Row[] } };
      return Array.isArray(reply) ? reply : reply.bulk_message_statuses;
    }),
  );
  return replies.flat();
}

interface States {
  readonly client_id: string;
  readonly statuses: readonly { readonly account_id: string; readonly status: string; readonly timestamp: string }[];
}

/** With the delivery states it uses the bulk reads, without them it reads one by one, as the two questions are meant. */
async function roster(tokens: readonly string[], authorization: string, withStates: boolean): Promise<unknown> {
  const reads = readsOnce((path) => get(path, authorization));
  const [entries, messages, rows] = await Promise.all([
    reads.roster(),
    Promise.all(tokens.map((token) => reads.message(token))),
    withStates ? bulk<States>('/v2/get_bulk_message_status', 'messages', tokens, authorization) : [],
  ]);
  const states = new Map(rows.map((row) => [row.client_id, row.statuses]));
  const wanted = new Set([
    ...entries.flatMap((entry) => entry.members ?? []),
    ...messages.map((message) => message.sender_token),
    ...rows.flatMap((row) => row.statuses.map((state) => state.account_id)),
  ]);
  const users = withStates
    ? await bulk<WireUser>('/v2/user_lookup_bulk?render_metadata=true', 'users', [...wanted], authorization)
    : await Promise.all([...wanted].map((token) => reads.user(token)));
  const byToken = new Map(users.map((user) => [user.token, user]));
  const userOf = (token: string) => person(byToken.get(token) ?? { token });
  const counterpart = (entry: WireEntry) =>
    entry.type === 'tigertext:entity:group'
      ? {
          __typename: 'Group',
          token: entry.token,
          name: entry.name,
          memberCount: entry.num_members,
          members: { nodes: (entry.members ?? []).map(userOf) },
        }
      : { __typename: 'User', ...person(entry), isDoNotDisturb: entry.dnd };
  const recipientStatuses = (token: string) =>
    states.get(token)?.map((row) => ({
      status: row.status.toUpperCase(),
      at: row.timestamp,
      user: { token: row.account_id, displayName: userOf(row.account_id).displayName },
    }));
  return {
    roster: {
      entries: {
        nodes: entries.map((entry) => ({ organizationKey: entry.organization_key, counterpart: counterpart(entry) })),
      },
    },
    messages: messages.map((message) => ({
      token: message.message_id,
      body: message.body,
      status: message.status.toUpperCase(),
      createdAt: message.created_time,
      sender: userOf(message.sender_token),
      ...(withStates ? { recipientStatuses: recipientStatuses(message.message_id) } : {}),
    })),
  };
}

function answer({ query, variables }: Question, authorization: string): Promise<unknown> {
  return query.startsWith('query User')
    ? oneUser(variables.id ?? '', authorization)
    : roster(variables.messages ?? [], authorization, query.includes('recipientStatuses'));
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => resolve(text));
    request.on('error', reject);
  });
}

const server = createServer(async (request, response) => {
  const question = JSON.parse(await textOf(request)) as Question;
  const data = await answer(question, request.headers.authorization ?? '');
  const body = Buffer.from(JSON.stringify({ data }));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
