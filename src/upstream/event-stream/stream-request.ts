/** How the event stream of a credential is requested: the settings of all streams, their connector, version and headers. */
import type { Log } from '../../observability/log.ts';
import type { ApiVersion } from '../api-version.ts';
import type { Credential } from '../credential.ts';
import type { CredentialStanding } from '../transport/breaker/credential-standing.ts';
import type { Connector } from '../transport/http/connector.ts';
import type { ConnectionOptions } from './connection.ts';

/** Stream features this gateway requests (EVENTS §2). */
const features = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata';

/** Settings shared by all streams of one gateway. */
export interface EventStreamSettings {
  /** Origin of the upstream: scheme, host and port. */
  readonly origin: string;
  /** One connector for all streams, so that they share TLS sessions. */
  readonly connector: Connector;
  /** Maximum wait for the response headers. */
  readonly openTimeoutMs: number;
  /** Maximum silence before a connection counts as lost; longer when the upstream announces slower heartbeats. */
  readonly idleTimeoutMs: number;
  /** Maximum length of a frame in characters; a longer frame is skipped. */
  readonly maxFrameLength: number;
  /** Number of streams in this process; widens the window in which they reconnect. */
  readonly streamCount: () => number;
  /** The API versions of credentials: on v5 replays are condensed. Default: v2. */
  readonly versions?: StreamVersions | undefined;
  /** Records whether the upstream accepts the credential. */
  readonly standing?: CredentialStanding | undefined;
  readonly log: Log;
}

/** Which version of the stream a credential gets. */
export interface StreamVersions {
  streamOf(credential: Credential): ApiVersion;
  streamRefused(credential: Credential): void;
  /** Whether any credential gets v5. */
  readonly wantsCondensedReplays: boolean;
}

/**
 * The request that opens a stream of a version.
 * @param requestId For the logs of both sides.
 */
export function streamRequest(
  { origin, connector, openTimeoutMs, idleTimeoutMs, maxFrameLength }: EventStreamSettings,
  { authorization, deviceId }: Credential,
  version: ApiVersion,
  requestId: string,
): ConnectionOptions {
  return {
    origin,
    connector,
    openTimeoutMs,
    idleTimeoutMs,
    maxFrameLength,
    path: `/${version}/events`,
    headers: {
      'user-agent': 'tigerconnect-graphql',
      authorization,
      ...(deviceId === undefined ? {} : { 'x-device-id': deviceId }),
      'tt-x-features': features,
      'x-request-id': requestId,
    },
  };
}
