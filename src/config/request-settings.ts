/** Settings of requests and operations: their limits, caches and connections, and the shutdown. */
import * as z from 'zod';
import { boolean, integer } from './parsers.ts';
import { optional, type Setting, setting } from './setting.ts';

export const requestSettings = {
  maxHeaderBytes: setting(
    integer(1024, 1_048_576),
    '16384',
    'bytes, 1024 to 1048576',
    'Maximum size of the headers of a request, including its URL.',
  ),
  headersTimeoutMs: setting(
    integer(100, 600_000),
    '10000',
    'milliseconds, 100 to 600000',
    'Maximum time to receive the headers of a request.',
  ),
  requestTimeoutMs: setting(
    integer(100, 3_600_000),
    '120000',
    'milliseconds, 100 to 3600000',
    'Maximum time to receive a whole request, including its file; also the maximum time for a client that stopped reading its response.',
  ),
  keepAliveMs: setting(
    integer(0, 3_600_000),
    '65000',
    'milliseconds, 0 to 3600000',
    'Time an idle connection stays open; set it longer than the idle timeout of the load balancer.',
  ),
  maxBodyBytes: setting(
    integer(1024, 104_857_600),
    '1048576',
    'bytes, 1024 to 104857600',
    'Maximum size of a request body, a WebSocket message, or the `operations` field of an upload.',
  ),
  maxHeldBytes: setting(
    integer(65_536, 17_179_869_184),
    '67108864',
    'bytes, 65536 to 17179869184',
    'Maximum bytes of bodies, messages and variables in memory, not counting the first 16384 of each; one credential may use a quarter, and all credentials that the upstream has not accepted yet share a quarter. Further requests fail with RATE_LIMITED.',
  ),
  maxUploadBytes: setting(
    integer(1024, 1_073_741_824),
    '26214400',
    'bytes, 1024 to 1073741824',
    'Maximum size of an uploaded file.',
  ),
  maxDocumentCharacters: setting(
    integer(100, 104_857_600),
    '65536',
    'characters, 100 to 104857600',
    'Maximum length of an operation’s text; put values into variables.',
  ),
  maxTokens: setting(integer(100, 100_000), '2000', 'a number, 100 to 100000', 'Maximum lexical tokens in a document.'),
  maxDepth: setting(integer(1, 100), '15', 'a number, 1 to 100', 'Maximum depth of fields in an operation.'),
  maxFields: setting(
    integer(1, 100_000),
    '1000',
    'a number, 1 to 100000',
    'Maximum fields in an operation, with fragments expanded.',
  ),
  maxAliases: setting(
    integer(0, 10_000),
    '50',
    'a number, 0 to 10000',
    'Maximum aliases, and maximum repeated fields, in an operation.',
  ),
  maxFieldComparisons: setting(
    integer(100, 1_000_000),
    '20000',
    'a number, 100 to 1000000',
    'Maximum comparisons of fields with the same name, and of fields with fragments, when a document is checked for conflicting selections.',
  ),
  maxDirectives: setting(integer(0, 10_000), '50', 'a number, 0 to 10000', 'Maximum directives in an operation.'),
  maxRootFields: setting(integer(1, 1000), '30', 'a number, 1 to 1000', 'Maximum root fields in an operation.'),
  maxUpstreamCalls: setting(
    integer(1, 1_000_000),
    '1200',
    'a number, 1 to 1000000',
    'Maximum upstream calls of an operation, estimated before it runs. The default allows the typed documents with their longest lists and pages.',
  ),
  unprovenWorkPercent: setting(
    integer(0, 100),
    '25',
    'a number, 0 to 100',
    'Maximum percentage of event loop time for preparing operations of callers whose credential the upstream has not accepted yet; one address may use half of it, and further operations fail with RATE_LIMITED. Cached operations do not count. 0 means no limit.',
  ),
  rateLimit: setting(
    integer(0, 10_000_000),
    '0',
    'a number, 0 to 10000000',
    'Maximum operations per credential and minute, of one process or, with REDIS_URL, of all replicas together; further operations fail with RATE_LIMITED. 0 means no limit in the gateway.',
  ),
  sharedQueryMs: setting(
    integer(0, 10_000),
    '1000',
    'milliseconds, 0 to 10000',
    'Time after the start of a query in which identical queries of the same credential share its upstream calls and its result; 0 turns sharing off.',
  ),
  entityCacheMs: setting(
    integer(0, 10_000),
    '1000',
    'milliseconds, 0 to 10000',
    'Time a user or group stays in the entity cache of a credential. Mutations of the credential and events it receives remove entries; other changes may be missed for this time. 0 turns the cache off.',
  ),
  entityCacheSize: setting(
    integer(0, 1_000_000),
    '10000',
    'a number, 0 to 1000000',
    'Maximum users, and maximum groups, in the entity cache of all credentials; further ones are not cached.',
  ),
  httpGet: optional(
    boolean,
    'true or false',
    'Accept queries over GET, which appear in the logs of every proxy. Unset: only with the built-in sandbox.',
  ),
  compression: setting(
    boolean,
    'false',
    'true or false',
    'Compress JSON answers to POST with Brotli or gzip. Off by default: an attacker who can put text of their own into answers and see their lengths on the network can guess other text in them (BREACH).',
  ),
  compressionMinBytes: setting(
    integer(0, 1_073_741_824),
    '1024',
    'bytes, 0 to 1073741824',
    'Minimum size of an answer that is compressed.',
  ),
  maxCompressions: setting(
    integer(1, 1_024),
    '16',
    'a number, 1 to 1024',
    'Maximum answers compressed at the same time; further answers are sent uncompressed.',
  ),
  maxSocketOperations: setting(
    integer(1, 100_000),
    '100',
    'a number, 1 to 100000',
    'Maximum concurrent operations on one WebSocket.',
  ),
  maxConnectionsPerAddress: setting(
    integer(0, 1_000_000),
    '0',
    'a number, 0 to 1000000',
    'Maximum connections from one address; 0 means no limit, as behind a load balancer.',
  ),
  operationCacheBytes: setting(
    integer(0, 1_073_741_824),
    '67108864',
    'bytes, 0 to 1073741824',
    'Maximum memory for prepared operations, estimated from their size.',
  ),
  webSocketInitTimeoutMs: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Maximum time for a WebSocket client to send connection_init.',
  ),
  webSocketPingMs: setting(
    integer(100, 300_000),
    '15000',
    'milliseconds, 100 to 300000',
    'Time between WebSocket pings; a client whose ping is unanswered when the next one is due is disconnected.',
  ),
  productKey: optional(
    () => z.string().min(1),
    'the product key of the upstream account',
    'Product key sent with user id and password at sign-in. Unset: user id and password are sent as HTTP Basic.',
  ),
  shutdownTimeoutMs: setting(
    integer(0, 600_000),
    '8000',
    'milliseconds, 0 to 600000',
    'Maximum time for work in progress after SIGTERM, including DRAIN_DELAY_MS and DRAIN_SPREAD_MS; the process ends at most two seconds later.',
  ),
  drainDelayMs: optional(
    integer(0, 600_000),
    'milliseconds, 0 to 600000',
    'Time after SIGTERM in which the gateway still accepts connections but reports unready, so that load balancers stop sending requests. Unset: a third of SHUTDOWN_TIMEOUT_MS with NODE_ENV=production, otherwise 0.',
  ),
  drainSpreadMs: optional(
    integer(0, 600_000),
    'milliseconds, 0 to 600000',
    'Maximum time over which WebSockets and event streams are closed, in random order, so that clients do not all reconnect at once; one every 5 ms when they are few. Unset: a third of SHUTDOWN_TIMEOUT_MS.',
  ),
} as const satisfies Record<string, Setting<unknown>>;
