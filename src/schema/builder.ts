import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { GatewayContext } from '../server/context.ts';
import { decodeId, encodeId } from './id.ts';
import { addScalars, type Scalars } from './scalars.ts';

export type SchemaTypes = {
  Context: GatewayContext;
  Scalars: Scalars;
  Connection: { totalCount: number | null };
};

/** Nothing but the relay plugin, which wraps no resolver: what stands in `resolve` is what runs. */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin],
  relay: {
    encodeGlobalID: (typename, id) => encodeId(typename, String(id)),
    decodeGlobalID: decodeId,
    clientMutationId: 'omit',
    cursorType: 'String',
    nodesOnConnection: {
      description: 'The items of `edges`, without their cursors.',
    },
    nodeTypeOptions: {
      description: 'Anything with a global id that `node(id:)` can read again.',
    },
    idFieldOptions: {
      description: 'Global id, readable: the type, a colon, and the upstream token.',
    },
    nodeQueryOptions: {
      description: 'Reads anything by its global id; null when it does not exist or the caller may not see it.',
    },
    nodesQueryOptions: {
      description: 'Reads many things by their global ids, in the order given; null where one cannot be read.',
    },
    pageInfoTypeOptions: { description: 'Where a page of a connection lies in the whole.' },
  },
});

addScalars(builder);

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'Number of items in the whole list, not only in this page; null when the upstream does not say.',
    nullable: true,
    resolve: (connection) => connection.totalCount,
  }),
);

builder.queryType({
  description: 'Reads. Everything is read with the caller’s own credential, at the moment of asking.',
});
builder.mutationType({ description: 'Changes. Each takes one `input` and answers with what changed.' });
