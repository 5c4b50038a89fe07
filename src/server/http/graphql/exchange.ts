/** A request in progress: its disconnection source, and the address and identity of its client. */
import type { IncomingMessage } from 'node:http';
import type { CancellationSource } from '../../../upstream/cancellation.ts';
import type { CredentialStanding } from '../../../upstream/transport/breaker/credential-standing.ts';
import type { Identity } from '../../authentication/identity.ts';
import { readTurnOf } from '../connection/read-turns.ts';

export interface Exchange {
  readonly requestId: string;
  /** Cancelled when the client disconnects before its response is complete. */
  readonly cancellation: CancellationSource;
  /** Group in which limits count the client's address. */
  readonly address: string;
}

/** With the identity of its client. */
export interface IdentifiedExchange extends Exchange {
  readonly identity: Identity;
}

/**
 * The exchange with the identity of its client. Each property by name: V8 of Node 20 gives every object that comes of a spread with one
 * more property a hidden class of its own, which takes 0.3 KiB and 1 µs, and makes each access to its properties slow.
 */
export function identified({ requestId, cancellation, address }: Exchange, identity: Identity): IdentifiedExchange {
  return { requestId, cancellation, address, identity };
}

/** Sets the client of the connection for its turns, until the upstream has accepted a credential on it: at the start and the end of a request. */
export function identifyConnection(
  { socket }: IncomingMessage,
  { identity, address }: Pick<IdentifiedExchange, 'identity' | 'address'>,
  standing: Pick<CredentialStanding, 'acceptedPrincipal'>,
): void {
  const turn = readTurnOf(socket);
  if (turn?.isAccepted === false) turn.identify(standing.acceptedPrincipal(identity.credential), address);
}
