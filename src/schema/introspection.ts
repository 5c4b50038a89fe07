/** The schema as introspection JSON, for code generators that do not read SDL. */
import { introspectionFromSchema, lexicographicSortSchema } from 'graphql';
import { schema } from './index.ts';

/** One JSON document, `{"__schema": …}`, with descriptions, deprecated inputs and specifications of scalars; sorted as the SDL is. */
export function introspectionText(): string {
  const options = { schemaDescription: true, specifiedByUrl: true, inputValueDeprecation: true, oneOf: true };
  return JSON.stringify(introspectionFromSchema(lexicographicSortSchema(schema), options));
}
