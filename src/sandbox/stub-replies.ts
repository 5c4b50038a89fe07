import { empty, type Reply, success } from './request-context.ts';

interface StubReply {
  readonly method: string;
  readonly path: RegExp;
  readonly reply: Reply;
}

/** Nothing set, everywhere. */
const stubReplies: readonly StubReply[] = [
  { method: 'GET', path: /^\/v2\/user\/[^/]+\/preferences\/*$/, reply: success({}) },
  { method: 'GET', path: /^\/v2\/organization\/preferences\/*$/, reply: success([]) },
  { method: 'POST', path: /^\/v2\/(push|client_resource)\/*$/, reply: empty() },
];

/**
 * What the Android library asks for as it starts, besides the contract, and gives up without: answered with the least that
 * lets it go on. @returns Undefined for everything else.
 */
export function stubReplyFor(method: string, pathname: string): Reply | undefined {
  return stubReplies.find((stub) => stub.method === method && stub.path.test(pathname))?.reply;
}
