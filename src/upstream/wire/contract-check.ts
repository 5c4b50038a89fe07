/** Types for the compiled checks of `upstream/wire/generated/checks.ts`: every reply passes one of these where it enters the gateway. */
import { GatewayError } from '../../errors.ts';
import type { components } from '../../generated/contract.ts';
import * as checks from './generated/checks.ts';

type Schemas = components['schemas'];

/** What a compiled check is: a predicate that leaves its complaints on itself. */
interface Check {
  (value: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly params: Readonly<Record<string, unknown>> }[] | null;
}

type CheckedSchema =
  | 'User'
  | 'UserLookup'
  | 'Group'
  | 'DistributionList'
  | 'RosterEntry'
  | 'Message'
  | 'MessageStatusReply'
  | 'Metadata'
  | 'Organization'
  | 'Mute'
  | 'SearchResult'
  | 'LoginReply'
  | 'EventFrame';

// The generated module is plain JavaScript; its exports are named after the schemas (schema/generate.ts).
const checkBySchema = checks as unknown as Record<`check${CheckedSchema}`, Check>;

/**
 * Gives `value` back as the contract's `schema`. A null where the contract knows none stands for a field left out, as JSON
 * writers commonly mean it.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field that broke the contract, never its value.
 */
export function assertSchema<Name extends CheckedSchema>(schema: Name, value: unknown): Schemas[Name] {
  const check = checkBySchema[`check${schema}`];
  if (check(value)) return value as Schemas[Name]; // proven by the check just run
  const withoutNulls = stripNulls(value, maxDepth);
  if (check(withoutNulls)) return withoutNulls as Schemas[Name]; // the same
  const complaint = check.errors?.[0];
  const missing = complaint?.params.missingProperty;
  const path = [complaint?.instancePath ?? '', typeof missing === 'string' ? `/${missing}` : ''].join('');
  const named = schema === 'Metadata' ? '' : path.replace(freeKeys, '$1');
  throw invalidReply(`${schema}${named.replaceAll('/', '.')}`);
}

/** Below these the keys are content too, and are not repeated. */
const freeKeys = /(\/metadata|\/event|\/entity)\/.*$/s;

/** Levels of the contract's entities that are looked at, so that a reply nested without end costs nothing. */
const maxDepth = 5;

function stripNulls(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null || levels === 0) return value;
  if (Array.isArray(value)) return value.map((item) => stripNulls(item, levels - 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, stripNulls(field, levels - 1)]),
  );
}

/** The error for a reply that breaks the contract at `field`, a dotted path such as `User.token`. */
export function invalidReply(field: string): GatewayError {
  return new GatewayError('UPSTREAM_INVALID', {
    message: `The upstream's reply breaks its contract at ${field}.`,
  });
}
