/**
 * Scalars based on graphql-scalars. The library validates input. Output is serialized exactly as the upstream sent it:
 * validation stricter than the official clients' would hide data, and the library's error message would quote the value.
 */
import { GraphQLScalarType } from 'graphql';
import {
  DateTimeResolver,
  EmailAddressResolver,
  NonNegativeIntResolver,
  PhoneNumberResolver,
  URLResolver,
} from 'graphql-scalars';
import { GatewayError } from '../errors.ts';
import type { Upload } from '../upstream/upload.ts';
import { json } from './json-scalar.ts';

/** Input and output types of each scalar in resolvers. */
export type Scalars = {
  ID: { Input: string; Output: string };
  DateTime: { Input: Date; Output: string };
  URL: { Input: URL; Output: string };
  EmailAddress: { Input: string; Output: string };
  PhoneNumber: { Input: string; Output: string };
  NonNegativeInt: { Input: number; Output: number };
  JSON: { Input: unknown; Output: unknown };
  /** Resolves when the file's part of the request begins; rejects when the request ends without it. */
  File: { Input: Promise<Upload>; Output: never };
};

const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function serializeDateTime(value: unknown): string {
  if (typeof value === 'string' && iso8601.test(value)) return value;
  throw new GatewayError('UPSTREAM_INVALID', { message: 'The upstream sent a time that is not ISO 8601.' });
}

function asGiven(scalar: GraphQLScalarType, specifiedByURL: string, description: string): GraphQLScalarType {
  return new GraphQLScalarType({ ...scalar.toConfig(), description, specifiedByURL, serialize: String });
}

const file = new GraphQLScalarType<Promise<Upload>, never>({
  name: 'File',
  description: 'A file, sent by the GraphQL multipart request specification. Only an input.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  parseValue(value) {
    if (value instanceof Promise) return value; // only the upload reader creates promises in variables; JSON cannot hold one
    throw new GatewayError('BAD_USER_INPUT', { message: 'A file has to be sent as a part of a multipart request.' });
  },
  parseLiteral() {
    throw new GatewayError('BAD_USER_INPUT', { message: 'A file has to be given as a variable.' });
  },
  serialize() {
    throw new GatewayError('INTERNAL');
  },
});

/** The custom scalars of the schema, by name. */
export const scalars = {
  DateTime: new GraphQLScalarType({
    ...DateTimeResolver.toConfig(),
    description: 'A moment: RFC 3339 with date, time, milliseconds and zone, such as `2026-03-14T18:22:05.123Z`.',
    specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339#section-5.6',
    serialize: serializeDateTime,
  }),
  URL: asGiven(
    URLResolver,
    'https://url.spec.whatwg.org/#absolute-url-string',
    'An absolute web address, such as `https://example.org/page`.',
  ),
  EmailAddress: asGiven(
    EmailAddressResolver,
    'https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address',
    'An e-mail address, such as `ada@example.org`.',
  ),
  PhoneNumber: asGiven(
    PhoneNumberResolver,
    'https://www.itu.int/rec/T-REC-E.164',
    'A phone number: a plus, the country code, the number.',
  ),
  NonNegativeInt: new GraphQLScalarType({
    ...NonNegativeIntResolver.toConfig(),
    specifiedByURL: 'https://spec.graphql.org/October2021/#sec-Int',
  }),
  JSON: json,
  File: file,
} as const;
