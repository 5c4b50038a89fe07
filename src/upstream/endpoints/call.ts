/** The log of calls. */
import type { CallLogEntry, CallNetwork } from '../../domain/call.ts';
import type { Page } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';
import { decodeCallLogEntry } from '../wire/call.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeOrError, readString, requireArray, requireObject } from '../wire/read.ts';
import { withQuery } from './path.ts';
import type { PageRequest } from './search-page.ts';

export interface CallLogRequest extends PageRequest {
  readonly organization: string;
  readonly network: CallNetwork;
}

/** One page of the caller's calls, the newest first. A row that breaks the contract yields its error. */
export function getCallLog(
  upstream: Upstream,
  { organization, network, continuation, pageSize }: CallLogRequest,
): Promise<Page<CallLogEntry | GatewayError>> {
  const call = {
    operationId: 'getCallLog',
    method: 'GET',
    path: withQuery('/v2/call_log', {
      network: network === 'PATIENT' ? 'patient' : 'provider',
      size: String(pageSize),
      page: continuation,
    }),
    organization,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => {
    const page = requireObject(reply, 'getCallLog.reply');
    const decode = (row: unknown) => decodeCallLogEntry(row, organization);
    return {
      items: requireArray(page.results, 'getCallLog.results').map((row) => decodeOrError(row, decode)),
      continuation: nextPage(page.metadata),
      total: undefined,
    };
  });
}

/**
 * Undefined on the last page. Metadata in a spelling other than the one that the contract assumes are ignored, and the page counts
 * as the last one; metadata that announce a page without naming it break the contract.
 */
function nextPage(metadata: unknown): string | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  const { next_page: next, fully_fetched: isLast } = requireObject(metadata, 'getCallLog.metadata');
  if (isLast === true) return undefined;
  const named = typeof next === 'number' && Number.isSafeInteger(next) ? String(next) : readString({ next }, 'next');
  if (named === undefined && isLast === false) throw invalidReply('getCallLog.metadata.next_page');
  return named;
}
