/** Reads the members of a distribution list, which the upstream returns in pages. */
import { listDistributionListMembers } from '../upstream/endpoints/distribution-list.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** Maximum pages read of a distribution list: bounds the reads when the upstream never ends the list. */
const maxListPages = 50;

/** Tokens of the members of a distribution list, from all its pages. */
export async function listAllMembers(upstream: Upstream, token: string): Promise<string[]> {
  const tokens: string[] = [];
  let continuation: string | undefined;
  for (let page = 0; page < maxListPages; page++) {
    const { items, continuation: next } = await listDistributionListMembers(upstream, token, { continuation });
    tokens.push(...items.map((user) => user.token));
    if (next === undefined) break;
    continuation = next;
  }
  return tokens;
}
