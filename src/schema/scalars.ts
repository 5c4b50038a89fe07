/**
 * Scalars of the graphql-scalars family. What comes in is checked by the library; what goes out is shown as the upstream
 * gave it, because a stricter reader than the official clients would hide data, and the library's complaint would quote it.
 */
import { GraphQLScalarType } from 'graphql';
import {
  DateTimeResolver,
  EmailAddressResolver,
  JSONResolver,
  NonNegativeIntResolver,
  PhoneNumberResolver,
  URLResolver,
} from 'graphql-scalars';
import { GatewayError } from '../errors.ts';
import type { Upload } from '../upstream/upload.ts';
import type { builder } from './builder.ts';

/** Input and output types of each scalar in resolvers. */
export type Scalars = {
  ID: { Input: string; Output: string };
  DateTime: { Input: Date; Output: string };
  URL: { Input: URL; Output: string };
  EmailAddress: { Input: string; Output: string };
  PhoneNumber: { Input: string; Output: string };
  NonNegativeInt: { Input: number; Output: number };
  JSON: { Input: unknown; Output: unknown };
  /** Settles when the file's part of the request begins; refused when it never does. */
  File: { Input: Promise<Upload>; Output: never };
};

const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function serializeDateTime(value: unknown): string {
  if (typeof value === 'string' && iso8601.test(value)) return value;
  throw new GatewayError('UPSTREAM_INVALID', { message: 'The upstream sent a time that is not ISO 8601.' });
}

function asGiven(scalar: GraphQLScalarType, description: string): GraphQLScalarType {
  return new GraphQLScalarType({ ...scalar.toConfig(), description, serialize: String });
}

const file = new GraphQLScalarType<Promise<Upload>, never>({
  name: 'File',
  description: 'A file, sent by the GraphQL multipart request specification. Only an input.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  parseValue(value) {
    if (value instanceof Promise) return value; // only the upload reader can put one there: JSON has none
    throw new GatewayError('BAD_USER_INPUT', { message: 'A file has to be sent as a part of a multipart request.' });
  },
  parseLiteral() {
    throw new GatewayError('BAD_USER_INPUT', { message: 'A file has to be given as a variable.' });
  },
  serialize() {
    throw new GatewayError('INTERNAL');
  },
});

export function addScalars(target: typeof builder): void {
  target.addScalarType(
    'DateTime',
    new GraphQLScalarType({
      ...DateTimeResolver.toConfig(),
      description: 'A moment: RFC 3339 with date, time, milliseconds and zone, such as `2026-03-14T18:22:05.123Z`.',
      serialize: serializeDateTime,
    }),
  );
  target.addScalarType('URL', asGiven(URLResolver, 'A web address.'));
  target.addScalarType('EmailAddress', asGiven(EmailAddressResolver, 'An e-mail address.'));
  target.addScalarType(
    'PhoneNumber',
    asGiven(PhoneNumberResolver, 'A phone number: a plus, the country code, the number.'),
  );
  target.addScalarType('NonNegativeInt', NonNegativeIntResolver);
  target.addScalarType('JSON', JSONResolver);
  target.addScalarType('File', file);
}
