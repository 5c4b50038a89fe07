/** Ids of objects of the demo world, by the kind that an argument accepts. */
import { graphql } from 'graphql';
import { kindsTaken } from '../../schema/codegen/id-kinds.ts';
import type { GatewayContext } from '../../src/context.ts';
import { schema } from '../../src/schema/index.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import type { WorldTokens } from './random-event.ts';

const everything = `{
  me { id organizations { key } }
  users: search(query: "", kinds: [USER, GROUP, LIST], first: 100) { nodes { ... on Node { id } } }
  forums: search(query: "", kinds: [FORUM], first: 100) { nodes { ... on Node { id } } }
  roles { nodes { id } }
  roleTags { tagId }
  teams { nodes { teamId } }
  conversations(first: 100) { nodes { id messages(last: 20) { nodes { id escalation { escalationId } } } } }
}`;

/** Two searches, and what has its own name. */
type Everything = SchemaData & Readonly<Record<'users' | 'forums', SchemaData['search']>>;

const perKind = 20;

export interface WorldIds {
  /** Global ids and tokens for an argument or input field, such as `Query.message.id`; undefined for those of other types. */
  textsOf(place: string): readonly string[] | undefined;
  readonly tokens: WorldTokens;
}

const escalate = `mutation ($role: ID!) { sendMessage(input: { recipient: $role, body: "urgent", escalate: true }) { message { id } } }`;

/** Has messages to roles escalated, so that there are escalations. @param contextOf Of operations that meet no faults. */
export async function worldIds(contextOf: () => GatewayContext): Promise<WorldIds> {
  const ask = async (source: string, variableValues = {}): Promise<Everything> =>
    (await graphql({ schema, source, variableValues, contextValue: contextOf() })).data as unknown as Everything;
  for (const { id: role } of (await ask('{ roles { nodes { id } } }')).roles.nodes) await ask(escalate, { role });
  const { me, users, forums, roles, roleTags, teams, conversations } = await ask(everything);
  const ids = [me, ...users.nodes, ...forums.nodes, ...roles.nodes, ...conversations.nodes].map(({ id }) => id);
  const messages = conversations.nodes.flatMap((conversation) => conversation.messages.nodes);
  const all = [...ids, ...messages.map(({ id }) => id)];
  const named: Readonly<Record<string, readonly string[]>> = {
    organization: me.organizations.map(({ key }) => key),
    teamId: teams.nodes.map(({ teamId }) => teamId),
    userId: ['ada'],
    password: ['demo'],
    tag: roleTags.map(({ tagId }) => tagId),
    escalationId: messages.flatMap(({ escalation }) => (escalation ? [escalation.escalationId] : [])),
  };
  const tokensOf = (kind: string) =>
    all.flatMap((id) => (id.startsWith(`${kind}:`) ? [id.slice(kind.length + 1)] : []));
  return {
    tokens: {
      User: [...tokensOf('User'), '00000000-0000-4000-8000-000000000000'],
      Message: tokensOf('Message'),
      Group: [...tokensOf('Group'), '00000000-0000-4000-8000-000000000000'],
      Role: tokensOf('Role'),
      organization: named['organization'] ?? [],
    },
    textsOf(place) {
      const kinds = kindsTaken(place);
      if (kinds === undefined) return named[place.slice(place.lastIndexOf('.') + 1)];
      // Not more of one kind than of another: there are many users, and few roles.
      return kinds.flatMap((kind) => all.filter((id) => id.startsWith(`${kind}:`)).slice(0, perKind));
    },
  };
}
