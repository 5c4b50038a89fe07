import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { GatewayContext } from '../context.ts';
import { badUserInput } from '../errors.ts';
import { costs } from './field-cost.ts';
import { decodeId, encodeId, requireDecoded } from './id.ts';
import { intOf } from './numbers.ts';
import { defaultPageSize, maxPageSize } from './pagination.ts';
import { type Scalars, scalars } from './scalars.ts';

export type SchemaTypes = {
  Context: GatewayContext;
  Scalars: Scalars;
  Connection: { totalCount: number | null };
};

/**
 * Calls to read a node: a conversation may take three for the kind of its counterpart, and one for its state. They also detect the
 * version of the upstream.
 */
function nodeCost(id: unknown): number {
  return typeof id === 'string' && id.startsWith('Conversation:') ? 4 : 1;
}

/** Only the relay plugin is installed: it does not wrap resolvers, so `resolve` runs exactly as written. */
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
      description: 'An object with a global id that `node(id:)` can read.',
    },
    idFieldOptions: {
      description: 'Global id: the type, a colon, and the upstream token, such as `User:0a1b`.',
    },
    nodeQueryOptions: {
      extensions: costs({ perItem: nodeCost, items: { by: 'list', argument: 'id' } }),
      description: 'Reads an object by its global id; null when it does not exist or the caller may not see it.',
      args: { id: { description: 'Global id of the object.' } },
      resolve: (_root, { id }, _context, _info, resolveNode) => {
        requireDecoded(id, 'id');
        return resolveNode(id);
      },
    },
    nodesQueryOptions: {
      extensions: costs({ perItem: nodeCost, items: { by: 'list', argument: 'ids' } }),
      description:
        'Reads several objects by their global ids, in the order given; null in the place of each that cannot be read.',
      args: { ids: { description: `Global ids of the objects; at most ${maxPageSize}.` } },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > maxPageSize) throw badUserInput('ids', `at most ${maxPageSize} ids`);
        for (const [index, id] of ids.entries()) requireDecoded(id, `ids.${index}`);
        return resolveNodes(ids);
      },
    },
    pageInfoTypeOptions: { description: 'Position of a page in the whole list.' },
    hasNextPageFieldOptions: { description: 'Whether more items follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether more items precede this page.' },
    startCursorFieldOptions: {
      description:
        'Cursor of the page’s first item, for `before` of the preceding page. Null when the page is empty, unless `hasPreviousPage` is true: further items then precede this position.',
    },
    endCursorFieldOptions: {
      description:
        'Cursor of the page’s last item, for `after` of the next page. Null when the page is empty, unless `hasNextPage` is true: further items then follow this position.',
    },
    edgesFieldOptions: { description: 'The items of this page with their cursors.' },
    nodeFieldOptions: { description: 'The item; null when it cannot be read.' },
    cursorFieldOptions: { description: 'Position of the item in the list, for `after` and `before`.' },
    pageInfoFieldOptions: { description: 'Position of this page in the whole list.' },
    firstArgOptions: {
      description: `Maximum number of items from the start of the list: 0 to ${maxPageSize}; ${defaultPageSize} when neither this nor \`last\` is given.`,
    },
    lastArgOptions: { description: `Maximum number of items from the end of the list: 0 to ${maxPageSize}.` },
    afterArgOptions: { description: 'Only items after this cursor.' },
    beforeArgOptions: { description: 'Only items before this cursor.' },
  },
});

builder.addScalarType('DateTime', scalars.DateTime);
builder.addScalarType('URL', scalars.URL);
builder.addScalarType('EmailAddress', scalars.EmailAddress);
builder.addScalarType('PhoneNumber', scalars.PhoneNumber);
builder.addScalarType('NonNegativeInt', scalars.NonNegativeInt);
builder.addScalarType('JSON', scalars.JSON);
builder.addScalarType('File', scalars.File);

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'Number of items in the whole list, not only in this page; null when the upstream does not say.',
    nullable: true,
    resolve: ({ totalCount }) => intOf(totalCount ?? undefined, 'total_hits'),
  }),
);

builder.queryType({
  description: 'Read operations. Every read uses the caller’s own credential.',
});
builder.mutationType({ description: 'Write operations. Each takes one `input` and returns the changed objects.' });
