/** Settings of signing in, beside the upstream's own credentials. */
import { integer, secretKeys } from './parsers.ts';
import { optional, type Setting, setting } from './setting.ts';

export const authenticationSettings = {
  sessionKeys: optional(
    secretKeys,
    'keys of 32 bytes as base64, separated by commas, such as `openssl rand -base64 32` prints',
    'Secret keys of the session cookies that `signIn` starts when it is asked to; the same on all replicas. The last one seals, all open: add a new key in front, then move it to the end, then drop the old one after SESSION_TTL_MS. Unset: no sessions.',
  ),
  sessionTtlMs: setting(
    integer(1_000, 604_800_000),
    '28800000',
    'milliseconds, 1000 to 604800000',
    'Maximum time from signing in to the end of a session; its subscriptions end with it.',
  ),
} as const satisfies Record<string, Setting<unknown>>;
