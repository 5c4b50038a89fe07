/** Users, groups and distribution lists in replies that mix them: roster, search results, member pages. */
import type { Counterpart, EntityKind, Page, User } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import { decodeDistributionList, decodeGroup } from './group.ts';
import { decodeOrError, readContinuation, readString, requireArray, requireObject } from './read.ts';
import { decodeUser } from './user.ts';

const kinds: Readonly<Record<string, EntityKind>> = {
  'tigertext:entity:account': 'USER',
  'tigertext:entity:group': 'GROUP',
  'tigertext:entity:list': 'LIST',
  // Search results also use this longer name (contract, EntityType).
  'tigertext:entity:distribution_list': 'LIST',
  // Teams are messaged and listed like groups; v2 has no separate endpoint for them.
  'tigertext:entity:team': 'GROUP',
};

/** The contract's entity type name for a kind. */
export const entityTypes = {
  USER: 'tigertext:entity:account',
  GROUP: 'tigertext:entity:group',
  LIST: 'tigertext:entity:list',
} as const satisfies Record<EntityKind, string>;

/** Undefined for types that cannot be a counterpart, such as tags and organizations. */
export function entityKind(type: string | undefined): EntityKind | undefined {
  return type !== undefined && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeCounterpart(kind: EntityKind, value: unknown): Counterpart {
  switch (kind) {
    case 'USER':
      return decodeUser(value);
    case 'GROUP':
      return decodeGroup(value);
    case 'LIST':
      return decodeDistributionList(value);
  }
}

/**
 * One page of members. A row that breaks the contract becomes a reference with only a token, so that only its own read
 * fails; a row without a token is dropped.
 * @throws GatewayError `UPSTREAM_INVALID` naming the operation when the reply is not a page.
 */
export function decodeMemberPage(reply: unknown, operationId: string): Page<User> {
  const page = requireObject(reply, `${operationId}.reply`);
  const items = requireArray(page.members, `${operationId}.members`).flatMap((row): User[] => {
    const user = decodeOrError(row, decodeUser);
    if (!(user instanceof GatewayError)) return [user];
    const token = readString(row, 'token');
    return token === undefined ? [] : [{ kind: 'USER', token }];
  });
  return { items, continuation: readContinuation(page.metadata), total: undefined };
}
