import type { RosterEntry } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { encodeId } from '../id.ts';
import { organizationOfKeyField } from '../organization/organization.ts';
import { connectionOf, defaultPageSize, slicePage } from '../pagination.ts';
import { allowItemErrors, CounterpartRef, MembershipRef, membershipReference } from '../refs.ts';
import { muteOf } from './read-conversation.ts';

/** The roster object holds no data: entries are read when they are selected. */
interface Roster {
  readonly kind: 'ROSTER';
}

export const RosterEntryRef = builder.objectRef<RosterEntry>('RosterEntry').implement({
  description: 'One conversation of the caller.',
  fields: (t) => ({
    counterpart: t.expose('counterpart', {
      type: CounterpartRef,
      description: 'The other side of the conversation; null when it cannot be read.',
    }),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization the conversation belongs to; null when the upstream does not say.',
    }),
    organization: t.field(organizationOfKeyField),
    membership: t.field({
      type: MembershipRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description:
        'The other user’s membership in the organization of the conversation; costs no upstream call when the roster includes it. Null for groups and lists, and when the upstream does not name the organization.',
      resolve: ({ counterpart, organizationKey }, _args, context, info) =>
        counterpart.kind !== 'USER' || organizationKey === undefined
          ? null
          : membershipReference(counterpart.token, organizationKey, context, info),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      extensions: costs({ perOperation: 1 }),
      description: 'Time the caller’s mute of the conversation ends; null when it is not muted.',
      resolve: async (entry, _args, context) => {
        const { kind, token } = entry.counterpart;
        const conversation = { kind, counterpart: token, organization: entry.organizationKey };
        return muteOf(await context.loaders.mutes(), conversation)?.mutedUntil ?? null;
      },
    }),
  }),
});

const EntityKindRef = builder.enumType('EntityKind', {
  description: 'Kind of the other side of a conversation.',
  values: {
    USER: { description: 'A person, a role or a bot.' },
    GROUP: { description: 'A group with its members.' },
    LIST: { description: 'A distribution list of users.' },
  },
});

const RosterRef = builder.objectRef<Roster>('Roster').implement({
  description: 'The caller’s recent conversations, most recent first.',
  fields: (t) => ({
    entries: t.connection(
      {
        type: RosterEntryRef,
        nullable: true,
        extensions: costs({ perOperation: 1, items: { by: 'page', default: defaultPageSize } }),
        edgesNullable: { list: false, items: false },
        nodeNullable: true,
        description:
          'The conversations; null when they cannot be read. The upstream returns all of them in one call, users and groups included, so any page costs one call.',
        args: {
          kinds: t.arg({
            type: [EntityKindRef],
            description: 'Kinds of conversations to return; all kinds when left out.',
          }),
        },
        resolve: async (_roster, args, context) => {
          const { kinds } = args;
          const all = await context.loaders.roster();
          const entries = kinds == null ? all : all.filter((entry) => isOneOf(kinds, entry));
          const keys = entries.map((entry, index) =>
            entry instanceof GatewayError ? `broken:${index}` : entryKey(entry),
          );
          const page = slicePage(keys, args);
          return connectionOf(keys, page, allowItemErrors(entries.slice(page.start, page.end)));
        },
      },
      { name: 'RosterEntriesConnection', description: 'Conversations of the caller.' },
      { name: 'RosterEntriesEdge', description: 'A conversation and its position in the roster.' },
    ),
  }),
});

function isOneOf(kinds: readonly string[], entry: RosterEntry | GatewayError): boolean {
  return entry instanceof GatewayError || kinds.includes(entry.counterpart.kind);
}

/** A user appears on the roster once for each organization of a conversation. */
function entryKey({ counterpart, organizationKey: organization }: RosterEntry): string {
  const id = encodeId({ USER: 'User', GROUP: 'Group', LIST: 'DistributionList' }[counterpart.kind], counterpart.token);
  return organization === undefined ? id : `${id}@${organization}`;
}

builder.queryFields((t) => ({
  roster: t.field({
    type: RosterRef,
    nullable: false,
    description: 'The caller’s recent conversations.',
    resolve: () => ({ kind: 'ROSTER' as const }),
  }),
}));
