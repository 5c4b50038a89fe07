/** The operations that are timed, and the answers every subject must give to them. */
import { historyOf } from './upstream/history.ts';
import { groups, messages, messageTokens, otherTokens, roster, rosterOf, statuses, users } from './upstream/world.ts';

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const person = 'token displayName title';

const q1 = `query User($id: ID!) {
  user(id: $id) {
    token displayName firstName lastName username title department isDoNotDisturb organizationKey
    emails { address isVerified }
  }
}`;

const rosterEntries = (first: string) => `roster {
    entries(first: ${first}) {
      nodes {
        organizationKey
        counterpart {
          __typename
          ... on User { ${person} isDoNotDisturb }
          ... on Group { token name memberCount members(first: 20) { nodes { ${person} } } }
        }
      }
    }
  }`;

function rosterQuery(messageFields: string): string {
  return `query Roster($messages: [ID!]!) {
  ${rosterEntries('50')}
  messages(ids: $messages) {
    token body status createdAt
    sender { ${person} }
    ${messageFields}
  }
}`;
}

const userToken = otherTokens[0] ?? '';

/** One user: one read. */
export const oneUser: Operation = { query: q1, variables: { id: userToken } };

/**
 * A roster of 50 with users, groups and their members, and 50 messages with their senders: 1 roster, 50 messages and 50
 * distinct users are 101 reads when nothing is read twice and nothing in bulk.
 */
export const wholeRoster: Operation = { query: rosterQuery(''), variables: { messages: messageTokens } };

/** The same answer, with conditions on fields and fragments. */
export const rosterWithDirectives: Operation = {
  query: wholeRoster.query
    .replace('$messages: [ID!]!', '$messages: [ID!]!, $yes: Boolean! = true, $no: Boolean! = false')
    .replace('... on Group {', '... on Group @include(if: $yes) {')
    .replace(
      'organizationKey\n',
      'organizationKey @skip(if: $no)\n        counterpart @include(if: $no) { __typename }\n',
    )
    .replace('body status', 'body @include(if: $yes) status @skip(if: $no)'),
  variables: wholeRoster.variables,
};

/** The same with the delivery states of the messages: 151 reads one by one, 57 with the contract's bulk reads. */
export const rosterWithStates: Operation = {
  query: rosterQuery('recipientStatuses { status at user { token displayName } }'),
  variables: { messages: messageTokens },
};

type WireUser = NonNullable<ReturnType<typeof users.get>>;

function userOf(token: string, among: typeof users = users): WireUser {
  const user = among.get(token);
  if (user === undefined) throw new Error(`no user ${token}`);
  return user;
}

function personOf(token: string, among: typeof users = users) {
  const { display_name, title } = userOf(token, among);
  return { token, displayName: display_name, title };
}

function oneUserAnswer() {
  const user = userOf(userToken);
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
      emails: user.emails.map(({ address, verified }) => ({ address, isVerified: verified })),
    },
  };
}

interface World {
  readonly users: typeof users;
  readonly groups: typeof groups;
  readonly roster: typeof roster;
}

const world: World = { users, groups, roster };

function counterpartOf(token: string, { users, groups }: World) {
  const group = groups.get(token);
  if (group === undefined) {
    return { __typename: 'User', ...personOf(token, users), isDoNotDisturb: userOf(token, users).dnd };
  }
  return {
    __typename: 'Group',
    token,
    name: group.name,
    memberCount: group.num_members,
    members: { nodes: group.members.map((member) => personOf(member, users)) },
  };
}

function entriesAnswer(of: World) {
  return {
    entries: {
      nodes: of.roster.map((entry) => ({
        organizationKey: entry.organization_key,
        counterpart: counterpartOf(entry.token ?? '', of),
      })),
    },
  };
}

function rosterAnswer(withStates: boolean) {
  return {
    roster: entriesAnswer(world),
    messages: messageTokens.map((token) => {
      const message = messages.get(token);
      if (message === undefined) throw new Error(`no message ${token}`);
      const states = statuses.get(token)?.statuses.map(({ account_id, status, timestamp }) => ({
        status: status.toUpperCase(),
        at: timestamp,
        user: { token: account_id, displayName: userOf(account_id).display_name },
      }));
      return {
        token,
        body: message.body,
        status: message.status.toUpperCase(),
        createdAt: message.created_time,
        sender: personOf(message.sender_token),
        ...(withStates ? { recipientStatuses: states } : {}),
      };
    }),
  };
}

const answers = new Map<Operation, unknown>([
  [oneUser, oneUserAnswer()],
  [wholeRoster, rosterAnswer(false)],
  [rosterWithDirectives, rosterAnswer(false)],
  [rosterWithStates, rosterAnswer(true)],
]);

/** The roster alone, of so many entries: one read, and one in bulk for each 20 members of its groups. */
export function rosterOfLength(entries: number): Operation {
  const operation = {
    query: `query RosterOf($first: Int!) { ${rosterEntries('$first')} }`,
    variables: { first: entries },
  };
  answers.set(operation, { roster: entriesAnswer(rosterOf(entries)) });
  return operation;
}

type HistoryItem = ReturnType<typeof historyOf>['timeline'][number];

const historyMessageOf = ({ message_id, body, sender_display_name }: HistoryItem) => ({
  token: message_id,
  body,
  senderName: sender_display_name,
});
const historyFields = 'token body senderName';

/** The list of so many conversations: one read for each 50. */
export function conversationsOf(items: number): Operation {
  const operation = {
    query: `query Conversations($first: Int!) {
  conversations(first: $first) {
    nodes { unreadCount counterpart { ... on User { ${person} } } lastMessage { ${historyFields} } }
  }
}`,
    variables: { first: items },
  };
  const { users: people } = rosterOf(items);
  answers.set(operation, {
    conversations: {
      nodes: historyOf(items).conversations.map(({ entity, last_message }) => ({
        unreadCount: 1,
        counterpart: personOf(entity.token, people),
        lastMessage: historyMessageOf(last_message),
      })),
    },
  });
  return operation;
}

/** A page of so many messages of one conversation: one read for each 50. */
export function timelineOf(items: number, conversation: string): Operation {
  const operation = {
    query: `query Timeline($id: ID!, $last: Int!) {
  conversation(id: $id) { timeline(last: $last) { nodes { ... on Message { ${historyFields} } } } }
}`,
    variables: { id: conversation, last: items },
  };
  answers.set(operation, {
    conversation: { timeline: { nodes: historyOf(items).timeline.map(historyMessageOf) } },
  });
  return operation;
}

/** The `data` that answers an operation. */
export function expectedData(operation: Operation): unknown {
  const answer = answers.get(operation);
  if (answer === undefined) throw new Error('an operation without an expected answer');
  return answer;
}

/** The `Authorization` of the bench's caller with this number. */
export function authorizationOf(caller: number): string {
  return `Basic ${Buffer.from(`caller${caller}:bench`).toString('base64')}`;
}
