/** Settings of calls to the upstream REST API. */
import * as z from 'zod';
import { boolean, integer, origin, proxyAddress } from './parsers.ts';
import { optional, type Setting, setting } from './setting.ts';

export const upstreamSettings = {
  upstreamApi: setting(
    () => z.enum(['auto', 'v2', 'v5']),
    'auto',
    'auto, v2 or v5',
    'Version of the REST API. v5 has conversations with history and unread counts. `auto` detects v5 per credential, with the first read of conversations; its event stream is that of v2, because only that replays each missed message. `v2` never tries v5. `v5` also signs in for v5 and uses its event stream, which has counts in its events but condenses replays: a replay has one change per conversation, which clients read again.',
  ),
  upstreamApiRetryMs: setting(
    integer(1_000, 86_400_000),
    '600000',
    'milliseconds, 1000 to 86400000',
    'Time after which v5 is tried again for a credential to which the upstream refused it.',
  ),
  rememberedConversations: setting(
    integer(100, 10_000_000),
    '50000',
    'a number, 100 to 10000000',
    'Maximum upstream ids of conversations, own accounts and API versions remembered, over all credentials. No content; an evicted entry costs one call.',
  ),
  upstreamTimeoutMs: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Deadline of one upstream call, including its retries.',
  ),
  operationTimeoutMs: setting(
    integer(100, 600_000),
    '30000',
    'milliseconds, 100 to 600000',
    'Deadline of an operation, or of the reads for one event; later calls fail with UPSTREAM_TIMEOUT. An operation with a file has REQUEST_TIMEOUT_MS instead.',
  ),
  upstreamConnections: setting(
    integer(1, 1024),
    '128',
    'a number, 1 to 1024',
    'Maximum upstream connections for requests; files and event streams have separate limits. All credentials that the upstream has not accepted yet share a quarter of them.',
  ),
  upstreamConcurrencyPerCaller: setting(
    integer(1, 1024),
    '64',
    'a number, 1 to 1024',
    'Maximum concurrent upstream requests per credential, and of all requests without one, such as sign-ins, together; further requests wait. Without a credential, addresses take turns, and an address gets a further one only while it has fewer than are free: at most half.',
  ),
  upstreamQueuePerCaller: setting(
    integer(0, 100_000),
    '1024',
    'a number, 0 to 100000',
    'Maximum waiting upstream requests per credential, and of all requests without one together; further requests fail with RATE_LIMITED. Without a credential, that is the newest request of the address that has most of them.',
  ),
  upstreamQueue: setting(
    integer(0, 1_000_000),
    '8192',
    'a number, 0 to 1000000',
    'Maximum waiting upstream requests of all credentials; those that the upstream has not accepted yet share a quarter. Further requests fail with UPSTREAM_UNAVAILABLE.',
  ),
  upstreamTransfers: setting(
    integer(1, 1024),
    '64',
    'a number, 1 to 1024',
    'Maximum concurrent file transfers to and from the upstream; one credential may use a quarter of them, and so may all downloads by token together. Of these, an address gets a further one only while it has fewer than are free: at most half.',
  ),
  upstreamStallMs: setting(
    integer(100, 600_000),
    '30000',
    'milliseconds, 100 to 600000',
    'Maximum time without progress in an attachment download, whichever side is slow; then the download is aborted.',
  ),
  upstreamPictureOrigin: optional(
    origin,
    'an origin such as https://pictures.example.org, without a path',
    'Origin of the pictures of users and groups, when it is not that of the upstream. It gets no credential; pictures of other origins are not served.',
  ),
  maxPictureBytes: setting(
    integer(1024, 104_857_600),
    '5242880',
    'bytes, 1024 to 104857600',
    'Maximum size of a picture of a user or group; larger ones fail with UPSTREAM_INVALID.',
  ),
  upstreamMaxReplyBytes: setting(
    integer(1024, 1_073_741_824),
    '16777216',
    'bytes, 1024 to 1073741824',
    'Maximum size of an upstream reply; attachments are streamed and have no limit.',
  ),
  upstreamRetries: setting(
    integer(0, 5),
    '2',
    'a number, 0 to 5',
    'Maximum retries of a retryable upstream request; all retries together are limited to about a tenth of the requests.',
  ),
  upstreamBreakerFailures: setting(
    integer(2, 10_000),
    '20',
    'a number, 2 to 10000',
    'Consecutive upstream failures that open the circuit breaker, so that requests fail immediately. One credential: its requests for that upstream operation fail. At least three credentials and most of those that use the operation: all requests for it fail. At least two operations and most of those in use: all requests fail.',
  ),
  upstreamBreakerPauseMs: setting(
    integer(10, 60_000),
    '1000',
    'milliseconds, 10 to 60000',
    'First pause before an open circuit breaker sends one trial request, which lasts at most UPSTREAM_TIMEOUT_MS; the pause doubles up to 30 s while trials fail.',
  ),
  upstreamProxy: optional(
    proxyAddress,
    'an address such as http://proxy.example.org:3128, with user:password@ before the host for a login, percent-encoded',
    'HTTP proxy through which connections to the upstream, its event streams and pictures are opened (CONNECT). TLS is end to end: the proxy sees the host only. Unset: none; HTTPS_PROXY is not read.',
  ),
  upstreamCaFile: optional(
    () => z.string(),
    'the path of a PEM file',
    'Certificate authorities trusted for the upstream instead of the public ones.',
  ),
  upstreamCertFile: optional(
    () => z.string(),
    'the path of a PEM file, together with UPSTREAM_KEY_FILE',
    'Client certificate for connections to the upstream.',
  ),
  upstreamKeyFile: optional(
    () => z.string(),
    'the path of a PEM file, together with UPSTREAM_CERT_FILE',
    'Private key of the client certificate.',
  ),
  upstreamAllowHttp: setting(
    boolean,
    'false',
    'true or false',
    'Allow plain http in UPSTREAM_URL for another machine. Credentials and messages then travel unencrypted.',
  ),
  refusedCredentialMs: setting(
    integer(100, 60_000),
    '5000',
    'milliseconds, 100 to 60000',
    'Time for which the gateway itself rejects a credential after the upstream rejected it; a successful call ends it early.',
  ),
  upstreamConcurrencyUnproven: setting(
    integer(1, 1024),
    '4',
    'a number, 1 to 1024',
    'Maximum concurrent upstream requests of a credential that the upstream has not accepted yet; after the first success, UPSTREAM_CONCURRENCY_PER_CALLER applies.',
  ),
} as const satisfies Record<string, Setting<unknown>>;
