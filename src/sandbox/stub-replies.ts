import { empty, type Reply, success } from './request-context.ts';

interface StubReply {
  readonly method: string;
  readonly path: RegExp;
  readonly reply: Reply;
}

/** Empty settings. */
const stubReplies: readonly StubReply[] = [
  { method: 'GET', path: /^\/v2\/user\/[^/]+\/preferences\/*$/, reply: success({}) },
  { method: 'GET', path: /^\/v2\/organization\/preferences\/*$/, reply: success([]) },
  { method: 'POST', path: /^\/v2\/(push|client_resource)\/*$/, reply: empty() },
];

/**
 * Minimal replies to requests outside the contract that the Android library sends at start and cannot start without.
 * @returns Undefined for all other requests.
 */
export function stubReplyFor(method: string, pathname: string): Reply | undefined {
  return stubReplies.find((stub) => stub.method === method && stub.path.test(pathname))?.reply;
}
