/** Types for the compiled checks in `generated/checks.ts`. Every reply passes one of them when it enters the gateway. */
import { GatewayError } from '../../errors.ts';
import type { components } from '../../generated/contract.ts';
import type { components as componentsV5 } from '../../generated/contract-v5.ts';
import * as checks from './generated/checks.ts';

/** Schemas of both contracts; those of one name have the same content in both (`upstream-v5.yaml`). */
type Schemas = components['schemas'] & Omit<componentsV5['schemas'], keyof components['schemas']>;

/** A compiled check: a predicate that stores the errors of its last call on itself. */
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
  | 'EventFrame'
  | 'UnreadCounts'
  | 'FirstExpiringMessage'
  | 'MuteState'
  | 'Notice'
  | 'Preferences'
  | 'RoleMetadata'
  | 'Role'
  | 'RoleTag'
  | 'RoleGroup'
  | 'Escalation'
  | 'Team'
  | 'CallLogEntry';

// The generated module is plain JavaScript; its exports are named after the schemas (schema/generate.ts).
const checkBySchema = checks as unknown as Record<`check${CheckedSchema}`, Check>;

/**
 * Returns `value` typed as the contract's `schema`. A null that the contract does not allow counts as an omitted field,
 * because many JSON writers use it that way.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field that breaks the contract, never its value.
 */
export function assertSchema<Name extends CheckedSchema>(schema: Name, value: unknown): Schemas[Name] {
  const check = checkBySchema[`check${schema}`];
  if (check(value)) return value as Schemas[Name]; // the check proves the type
  const withoutNulls = stripNulls(value, maxStripDepth);
  if (check(withoutNulls)) return withoutNulls as Schemas[Name]; // the same
  const error = check.errors?.[0];
  const missing = error?.params.missingProperty;
  const path = [error?.instancePath ?? '', typeof missing === 'string' ? `/${missing}` : ''].join('');
  const named = schema === 'Metadata' ? '' : path.replace(contentKeys, '$1');
  throw invalidReply(`${schema}${named.replaceAll('/', '.')}`);
}

/** Keys below these fields are content, so error messages leave them out. */
const contentKeys = /(\/metadata|\/event|\/entity)\/.*$/s;

/** Maximum nesting that `stripNulls` visits: that of the contract's entities. Bounds the work for deeply nested replies. */
const maxStripDepth = 5;

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
