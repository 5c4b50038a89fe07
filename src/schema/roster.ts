import type { RosterEntry } from '../domain.ts';
import { GatewayError } from '../errors.ts';
import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { encodeId } from './id.ts';
import { connectionOf, defaultPageSize, slicePage } from './pagination.ts';
import { allowItemErrors, CounterpartRef, MembershipRef, membershipReference } from './refs.ts';

/** What the caller's roster has of its own: the entries are read when they are asked for. */
interface Roster {
  readonly kind: 'ROSTER';
}

const RosterEntryRef = builder.objectRef<RosterEntry>('RosterEntry').implement({
  description: 'One conversation of the caller.',
  fields: (t) => ({
    counterpart: t.expose('counterpart', {
      type: CounterpartRef,
      description: 'Who or what the conversation is with.',
    }),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization the conversation belongs to; null when the upstream does not say.',
    }),
    membership: t.field({
      type: MembershipRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description:
        'What the other person is in the organization of the conversation; costs no upstream call where the roster tells it. Null for groups and lists, and when the upstream does not name the organization.',
      resolve: ({ counterpart, organizationKey }, _args, context, info) =>
        counterpart.kind !== 'USER' || organizationKey === undefined
          ? null
          : membershipReference(counterpart.token, organizationKey, context, info),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      extensions: costs({ perOperation: 1 }),
      description: 'Until when the caller silenced the conversation; null when it is not muted.',
      resolve: async (entry, _args, context) => {
        const mutes = await context.loaders.mutes();
        const mute = mutes.find(
          ({ kind, token }) => kind === entry.counterpart.kind && token === entry.counterpart.token,
        );
        return mute?.mutedUntil ?? null;
      },
    }),
  }),
});

const EntityKindRef = builder.enumType('EntityKind', {
  description: 'What kind of thing stands at the other end of a conversation.',
  values: {
    USER: { description: 'A person, a role or a bot.' },
    GROUP: { description: 'A group conversation.' },
    LIST: { description: 'A distribution list.' },
  },
});

const RosterRef = builder.objectRef<Roster>('Roster').implement({
  description: 'The caller’s list of recent conversations, most recent first.',
  fields: (t) => ({
    entries: t.connection(
      {
        type: RosterEntryRef,
        nullable: true,
        extensions: costs({ perOperation: 1, items: { by: 'page', default: defaultPageSize } }),
        edgesNullable: { list: false, items: false },
        nodeNullable: true,
        description:
          'The conversations. The upstream gives them all at once, with whole users and groups, so reading any of them costs one call.',
        args: {
          kinds: t.arg({
            type: [EntityKindRef],
            description: 'Only conversations with these; all of them when left out.',
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
      { name: 'RosterEntriesEdge', description: 'A conversation and its place in the roster.' },
    ),
  }),
});

function isOneOf(kinds: readonly string[], entry: RosterEntry | GatewayError): boolean {
  return entry instanceof GatewayError || kinds.includes(entry.counterpart.kind);
}

/** The same person stands on the roster once for each organization they are spoken with in. */
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
