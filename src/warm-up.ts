/** Runs the main code paths once at start: V8 compiles a function on its first call, which would delay the first operation. */

import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { exampleTabs } from './server/http/routes/example-operations.ts';
import { isInvalid, type Prepare } from './server/operation/prepare.ts';
import { decodeGroup } from './upstream/wire/group.ts';
import { decodeMessage } from './upstream/wire/message.ts';
import { decodeUser } from './upstream/wire/user.ts';

/** An operation with a variable, as front ends send; the example operations have none. */
const exampleVariable = 'query ($id: ID!) { user(id: $id) { displayName } }';

/**
 * Prepares and compiles one operation of each kind, and prepares one of the size of the largest that front ends send. Skips operations
 * that a setting rejects, such as `MAX_DEPTH`.
 * @param prepareUncached Prepares the large operation: no client sends it, and a cache would hold half a megabyte for it.
 */
export function warmUp(schema: GraphQLSchema, prepare: Prepare, prepareUncached: Prepare): void {
  for (const query of [...exampleTabs.map((tab) => tab.query), exampleVariable]) {
    const prepared = prepare(query, undefined);
    if (!isInvalid(prepared)) prepared.compile();
  }
  prepareUncached(everyNode(schema), undefined);
}

/**
 * A query with fragments for each type of `Node`: of its scalars and enums, and of its other fields with theirs. The rules of graphql-js
 * run long enough in it for V8 to compile them: the first request of the largest document of this package then takes 12 ms in place
 * of 19, for 40 ms and 7 MiB more at the start.
 */
export function everyNode(schema: GraphQLSchema): string {
  const node = schema.getType('Node');
  const types = isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
  const leavesOf = (type: GraphQLObjectType) =>
    Object.values(type.getFields())
      .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
      .map(({ name }) => name);
  const objectsOf = (type: GraphQLObjectType) =>
    Object.values(type.getFields()).flatMap(({ name, args, type }) => {
      const object = getNamedType(type);
      if (!isObjectType(object) || args.some(isRequiredArgument)) return [];
      const selection = types.includes(object) ? `...${object.name}Leaves` : leavesOf(object).join(' ');
      return [`${name} { __typename ${selection} }`];
    });
  const fragments = types.map(
    (type) =>
      `fragment ${type.name}Leaves on ${type.name} { ${leavesOf(type).join(' ')} } ` +
      `fragment ${type.name} on ${type.name} { ...${type.name}Leaves ${objectsOf(type).join(' ')} }`,
  );
  // A root field each: fields of the same name conflict where they have other types.
  const fields = types.map(({ name }) => `${name}: node(id: $id) { ...${name} }`);
  return `query ($id: ID!) { ${fields.join(' ')} } ${fragments.join(' ')}`;
}

/** Decodes a minimal user, group and message: their generated contract checks are long functions. */
export function warmUpReplies(): void {
  const token = 'none';
  decodeUser({ token });
  decodeGroup({ token });
  decodeMessage({ message_id: token });
}
