/** The fragments of a document, in the form that graphql-js passes to resolvers. */
import { type DocumentNode, type GraphQLResolveInfo, Kind } from 'graphql';

/** By name. The object has no prototype, because a fragment may be named `constructor`. */
export function fragmentsIn(document: DocumentNode): GraphQLResolveInfo['fragments'] {
  const fragments: GraphQLResolveInfo['fragments'] = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
