/** Kinds of Redis errors: those that are counted, and those that waiting cannot fix. */

/**
 * `connection`: none, or lost. `timeout`: no reply within `REDIS_TIMEOUT_MS`. `denied`: wrong password or missing permission.
 * `full`: the memory limit of Redis is reached. `reply`: any other error reply.
 */
export const redisErrorKinds = ['connection', 'timeout', 'denied', 'full', 'reply'] as const;
export type RedisErrorKind = (typeof redisErrorKinds)[number];

/** Replies that redirect a command or request the text of a script; the client repeats the command. */
const redirections = /^(?:NOSCRIPT|MOVED|ASK)\b/;

/** @returns Undefined for a reply that is not an error for operators. */
export function redisErrorKind(error: unknown): RedisErrorKind | undefined {
  if (!(error instanceof Error)) return 'connection';
  const { message, name } = causeOf(error);
  if (message === 'Command timed out') return 'timeout';
  if (name !== 'ReplyError') return 'connection';
  if (redirections.test(message)) return undefined;
  if (/^(?:WRONGPASS|NOAUTH|NOPERM)\b/.test(message)) return 'denied';
  return message.startsWith('OOM') ? 'full' : 'reply';
}

/** The code of a failed TLS handshake, such as `SELF_SIGNED_CERT_IN_CHAIN`: no later attempt would succeed. */
export function certificateError(error: unknown): string | undefined {
  const cause = error instanceof Error ? causeOf(error) : undefined;
  const code = cause !== undefined && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return /CERT|SIGNATURE|^ERR_(?:TLS|SSL)_/.test(code) ? code : undefined;
}

/** The error of the last node, when all nodes of a cluster failed. */
function causeOf(error: Error): Error {
  return 'lastNodeError' in error && error.lastNodeError instanceof Error ? error.lastNodeError : error;
}
