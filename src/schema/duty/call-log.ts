/** The log of ended calls. Running calls are events (`event/call.ts`). */
import type { CallLogEntry, CallNetwork } from '../../domain/call.ts';
import { getCallLog } from '../../upstream/endpoints/call.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { supported } from '../not-supported.ts';
import { countOf } from '../numbers.ts';
import { organizationArgument, organizationOfKeyField, resolveOrganization } from '../organization/organization.ts';
import { UpstreamPages } from '../page-arguments.ts';
import { allowItemErrors, CounterpartRef, UserRef } from '../refs.ts';

/** Page size of the official JavaScript client. */
const pages = new UpstreamPages('calls', { usual: 10, most: 100 });

const CallNetworkRef = builder.enumType('CallNetwork', {
  description: 'Network of a call log.',
  values: {
    PROVIDER: { description: 'Calls between members of the organization.' },
    PATIENT: { description: 'Calls with patients and their contacts.' },
  } satisfies Record<CallNetwork, object>,
});

const callOutcomes = {
  ENDED: { description: 'The call was answered, and has ended.' },
  MISSED: { description: 'The call was not answered.' },
  OTHER: { description: 'A kind that this version of the gateway has no value for; see `kindName`.' },
} as const;

type CallLogKind = keyof typeof callOutcomes;

const CallLogKindRef = builder.enumType('CallLogKind', {
  description: 'Kind of an entry of the call log.',
  values: callOutcomes,
});

const kinds: Readonly<Record<string, CallLogKind>> = {
  ended_voip_call: 'ENDED',
  missed_voip_call: 'MISSED',
  ended_proxy_call: 'ENDED',
  missed_proxy_call: 'MISSED',
};

const CallLogEntryRef = builder.objectRef<CallLogEntry>('CallLogEntry').implement({
  description:
    'An ended call. Id, kind, caller and target of the upstream’s entries are known; the names of time, duration and video are assumed, so these may be null.',
  fields: (t) => ({
    entryId: t.exposeString('entryId', {
      nullable: false,
      description: 'The upstream’s id of the entry; not a global id.',
    }),
    kind: t.field({
      type: CallLogKindRef,
      nullable: false,
      description: 'Kind of the entry; OTHER when the upstream gives none.',
      resolve: ({ word }) => (word !== undefined && Object.hasOwn(kinds, word) && kinds[word]) || 'OTHER',
    }),
    kindName: t.exposeString('word', {
      description: 'The upstream’s word for the kind, such as `missed_voip_call`; null when it gives none.',
    }),
    caller: t.field({
      type: UserRef,
      description: 'The user who called, as it comes with the entry; null when the upstream names none.',
      resolve: ({ caller }) => caller ?? null,
    }),
    target: t.field({
      type: CounterpartRef,
      description:
        'The user, role or group that was called, as it comes with the entry; null when the upstream names none, and for objects of another kind.',
      resolve: ({ target }) => target ?? null,
    }),
    at: t.expose('at', {
      type: 'DateTime',
      description: 'Time of the call; null when the upstream does not say. The name `timestamp` is assumed.',
    }),
    durationSeconds: t.field({
      type: 'NonNegativeInt',
      description:
        'Duration of the call in seconds; null when the upstream does not say. The name `duration` is assumed.',
      resolve: ({ durationSeconds }) => countOf(durationSeconds, 'CallLogEntry.duration'),
    }),
    isVideo: t.exposeBoolean('isVideo', {
      description: 'Whether the call had video; null when the upstream does not say. The name `is_video` is assumed.',
    }),
    organizationKey: t.exposeString('organizationKey', {
      nullable: false,
      description: 'Key of the organization whose log has the entry.',
    }),
    organization: t.field(organizationOfKeyField),
  }),
});

builder.queryField('callLog', (t) =>
  t.connection(
    {
      type: CallLogEntryRef,
      nullable: true,
      // The page itself, and the caller's account when no organization is given.
      extensions: {
        ...costs({ perOperation: 1, perParent: 1, items: { by: 'page', default: pages.usual } }),
        ...pages.described,
      },
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `The caller’s ended calls in one organization, in the order of the upstream, which is assumed to have the newest first. A call that ends between two pages moves the others, so that the next page may repeat an entry. Calls under way are \`CallChanged\` events. Pages go forward only. The name of the next page is assumed: a page without it counts as the last. Null with NOT_SUPPORTED on an upstream without a call log.`,
      args: {
        network: t.arg({
          type: CallNetworkRef,
          description: 'Network of the calls; PROVIDER when left out.',
        }),
        organization: t.arg.string(organizationArgument),
      },
      resolve: async (_root, { network, organization, ...args }, context) => {
        const requested = pages.requested(args);
        const reading = getCallLog(context.upstream, {
          organization: await resolveOrganization(organization, context),
          network: network ?? 'PROVIDER',
          ...requested,
        });
        const { items, continuation } = await supported('call log', pages.read(requested, reading));
        const edges = allowItemErrors(items).map((node, index) => ({
          cursor: `CallLogEntry:${node.entryId ?? index}`,
          node,
        }));
        return pages.connectionOf(requested, { continuation, total: undefined }, edges);
      },
    },
    { name: 'CallLogConnection', description: 'Calls of the caller in one organization.' },
    {
      name: 'CallLogEdge',
      description: 'An entry of the call log. Only `pageInfo.endCursor`, the last cursor of a page, continues the log.',
    },
  ),
);
