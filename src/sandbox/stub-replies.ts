import type { Api } from './contract-document.ts';
import { empty, type Reply, success } from './http/request-context.ts';

interface StubReply {
  readonly method: string;
  readonly path: RegExp;
  readonly reply: Reply;
  /** Only where the sandbox does not serve the operation itself. */
  readonly api?: Api;
}

/** Empty settings. */
const stubReplies: readonly StubReply[] = [
  { method: 'GET', path: /^\/v2\/user\/[^/]+\/preferences\/*$/, reply: success({}), api: 'v2' },
  { method: 'GET', path: /^\/v2\/organization\/preferences\/*$/, reply: success([]) },
  { method: 'POST', path: /^\/v2\/(push|client_resource)\/*$/, reply: empty() },
];

/**
 * Minimal replies to requests outside the contract that the Android library sends at start and cannot start without.
 * @returns Undefined for all other requests.
 */
export function stubReplyFor(method: string, pathname: string, api: Api): Reply | undefined {
  return stubReplies.find(
    (stub) => stub.method === method && stub.path.test(pathname) && (stub.api === undefined || stub.api === api),
  )?.reply;
}
