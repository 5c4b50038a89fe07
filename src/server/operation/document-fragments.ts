/** A document's fragments, as graphql-js hands them to resolvers. */
import { type DocumentNode, type GraphQLResolveInfo, Kind } from 'graphql';

/** By name; the object inherits nothing, as a fragment may be called `constructor`. */
export function fragmentsIn(document: DocumentNode): GraphQLResolveInfo['fragments'] {
  const fragments: GraphQLResolveInfo['fragments'] = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
