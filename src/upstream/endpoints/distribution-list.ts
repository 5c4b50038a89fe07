/** Distribution list endpoints. */

import type { DistributionList, Page, User } from '../../domain/domain.ts';
import type { Upstream } from '../upstream.ts';
import { decodeMemberPage } from '../wire/entity.ts';
import { decodeDistributionList } from '../wire/group.ts';
import { lookupPath, path, withQuery } from './path.ts';

/** @returns Undefined when the list does not exist or is not visible to the caller. */
export async function getDistributionList(
  upstream: Upstream,
  token: string,
  { organization }: { readonly organization?: string | undefined } = {},
): Promise<DistributionList | undefined> {
  return upstream.find({
    request: {
      operationId: 'getDistributionList',
      method: 'GET',
      path: lookupPath`/v2/dist_list/${token}`,
      organization,
      repeatable: true,
    },
    decode: ({ reply }) => decodeDistributionList(reply),
  });
}

/**
 * One page of members; a member may be a reference with only a token.
 * @throws GatewayError `NOT_FOUND` when the list does not exist.
 */
export async function listDistributionListMembers(
  upstream: Upstream,
  token: string,
  options: { readonly organization?: string | undefined; readonly continuation?: string | undefined } = {},
): Promise<Page<User>> {
  const call = {
    operationId: 'listDistributionListMembers',
    method: 'GET',
    path: withQuery(path`/v2/dist_list/${token}/members`, { continuation: options.continuation }),
    organization: options.organization,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeMemberPage(reply, 'listDistributionListMembers'));
}
