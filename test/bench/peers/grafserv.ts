/** Grafserv: plans for the same answers. A plan gets all tokens of a step at once, so that the bulk reads need no loader of their own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  access,
  context,
  each,
  type FieldArgs,
  lambda,
  loadMany,
  loadOne,
  makeGrafastSchema,
  type Step,
} from 'grafast';
import { grafserv } from 'grafserv/node';
import { get, listening, typeDefs, upstream } from './peer.ts';
import { paths, type WireEntry, type WireMessage, type WireStates, type WireUser } from './resolvers.ts';

/** The contract's bulk reads take 20 at a time. */
const bulkSize = 20;

/** Unset by the first 404: the upstream has no bulk reads. */
let isBulkOffered = true;

/** @returns The rows, or undefined when the upstream has no bulk reads. */
async function bulk<Row>(
  path: string,
  name: string,
  tokens: readonly string[],
  authorization: string,
): Promise<readonly Row[] | undefined> {
  const { statusCode, body } = await upstream.request({
    method: 'POST',
    path,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ [name]: tokens }),
  });
  if (statusCode === 404) {
    isBulkOffered = false;
    await body.dump();
    return undefined;
  }
  const { reply } = (await body.json()) as { reply: Row[] | { bulk_message_statuses: Row[] } };
  return Array.isArray(reply) ? reply : reply.bulk_message_statuses;
}

/** The upstream as one operation sees it: each token is read once, many of them in bulk. */
class Reads {
  readonly #authorization: string;
  readonly #users = new Map<string, Promise<WireUser>>();
  readonly #states = new Map<string, Promise<WireStates>>();

  constructor(authorization: string) {
    this.#authorization = authorization;
  }

  one<Row>(path: string): Promise<Row> {
    return get(path, this.#authorization) as Promise<Row>;
  }

  users(tokens: readonly string[]): Promise<WireUser>[] {
    return this.#many(this.#users, tokens, paths.user, '/v2/user_lookup_bulk?render_metadata=true', 'users', 'token');
  }

  states(tokens: readonly string[]): Promise<WireStates>[] {
    return this.#many(this.#states, tokens, paths.states, '/v2/get_bulk_message_status', 'messages', 'client_id');
  }

  #many<Row>(
    read: Map<string, Promise<Row>>,
    tokens: readonly string[],
    pathOf: (token: string) => string,
    bulkPath: string,
    name: string,
    key: string,
  ): Promise<Row>[] {
    const missing = [...new Set(tokens)].filter((token) => !read.has(token));
    if (isBulkOffered && missing.length > 1) {
      for (let start = 0; start < missing.length; start += bulkSize) {
        const part = missing.slice(start, start + bulkSize);
        const rows = bulk<Row>(bulkPath, name, part, this.#authorization).then(
          (found) => found && new Map(found.map((row) => [(row as Record<string, unknown>)[key], row])),
        );
        for (const token of part) {
          read.set(
            token,
            rows.then((byToken) => byToken?.get(token) ?? this.one<Row>(pathOf(token))),
          );
        }
      }
    } else for (const token of missing) read.set(token, this.one(pathOf(token)));
    return tokens.map((token) => read.get(token) ?? Promise.reject(new Error('not read')));
  }
}

declare global {
  namespace Grafast {
    interface Context {
      reads: Reads;
    }
  }
}

const shared = () => context().get('reads');
const userLoader = { load: (tokens: readonly string[], info: { shared: Reads }) => info.shared.users(tokens), shared };
const statesLoader = {
  load: (tokens: readonly string[], info: { shared: Reads }) => info.shared.states(tokens),
  shared,
};
const messageLoader = {
  load: (tokens: readonly string[], info: { shared: Reads }) =>
    tokens.map((token) => info.shared.one<WireMessage>(paths.message(token))),
  shared,
};
const rosterLoader = {
  load: (wanted: readonly unknown[], info: { shared: Reads }) =>
    wanted.map(() => info.shared.one<WireEntry[]>(paths.roster)),
  shared,
};

const user = ($token: Step) => loadOne($token as Step<string>, userLoader);
const field = (name: string) => ($row: Step) => access($row, name);
const itself = ($row: Step) => $row;

const schema = makeGrafastSchema({
  typeDefs,
  // The wire's words are the values of the enum: nothing is converted row by row.
  enums: { DeliveryStatus: { values: { NEW: 'New', DELIVERED: 'Delivered', READ: 'Read', CONFIRMED: 'Confirmed' } } },
  unions: {
    Counterpart: {
      planType: ($entry) => ({
        $__typename: lambda(
          access($entry as Step, 'type'),
          (type) => (type === 'tigertext:entity:group' ? 'Group' : 'User'),
          true,
        ),
        planForType: () => $entry as Step,
      }),
    },
  },
  objects: {
    Query: {
      plans: {
        user: (_root: Step, args: FieldArgs) => user(args.getRaw('id')),
        roster: () =>
          loadMany(
            lambda(null, () => 'roster', true),
            rosterLoader,
          ),
        messages: (_root: Step, args: FieldArgs) =>
          each(args.getRaw('ids') as Step<string[]>, ($id) => loadOne($id as Step<string>, messageLoader)),
      },
    },
    Roster: { plans: { entries: itself } },
    RosterEntriesConnection: { plans: { nodes: itself } },
    RosterEntry: { plans: { organizationKey: field('organization_key'), counterpart: itself } },
    User: {
      plans: {
        token: field('token'),
        displayName: field('display_name'),
        firstName: field('first_name'),
        lastName: field('last_name'),
        username: field('username'),
        title: field('title'),
        department: field('department'),
        isDoNotDisturb: field('dnd'),
        organizationKey: field('organization_key'),
        emails: field('emails'),
      },
    },
    Email: { plans: { address: field('address'), isVerified: field('verified') } },
    Group: {
      plans: {
        token: field('token'),
        name: field('name'),
        memberCount: field('num_members'),
        members: field('members'),
      },
    },
    GroupMembersConnection: { plans: { nodes: ($tokens: Step) => each($tokens as Step<string[]>, user) } },
    Message: {
      plans: {
        token: field('message_id'),
        body: field('body'),
        status: field('status'),
        createdAt: field('created_time'),
        sender: ($message: Step) => user(access($message, 'sender_token')),
        recipientStatuses: ($message: Step) =>
          access(loadOne(access<string>($message, 'message_id'), statesLoader), 'statuses'),
      },
    },
    RecipientStatus: {
      plans: {
        status: field('status'),
        at: field('timestamp'),
        user: ($state: Step) => user(access($state, 'account_id')),
      },
    },
  },
});

const server = createServer();
server.on('error', (error) => process.stderr.write(`${error.message}\n`));
const instance = grafserv({
  schema,
  preset: {
    grafserv: {
      graphqlPath: '/graphql',
      graphiql: false,
      websockets: false,
      // The answer is written as text by the plan, not made into objects first.
      outputDataAsString: true,
    },
    grafast: {
      context: ({ node }) => ({ reads: new Reads(node?.req.headers.authorization ?? '') }),
    },
  },
});
await instance.addTo(server);
server.listen(0, '127.0.0.1', () => listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
