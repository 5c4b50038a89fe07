/** The graphql-transport-ws protocol (graphql-ws), with every operation run by the gateway's pipeline. */
import type { IncomingHttpHeaders } from 'node:http';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { CloseCode, type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { badUserInput, GatewayError } from '../../errors.ts';
import type { Log } from '../../observability/log.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';
import type { Authenticator } from '../authentication/authenticator.ts';
import { credentialExpired, hasAuthorization, type Identity } from '../authentication/identity.ts';
import { requestIdOf } from '../caller.ts';
import { shuttingDown } from '../drain.ts';
import { maskUnexpected } from '../masking.ts';
import type { Admitted } from '../operation/admit.ts';
import type { Pipeline } from '../operation/pipeline.ts';
import type { ConnectionState } from './connection.ts';
import { callerOn, dropConnectionParams, headersIn, headersOf } from './connection-params.ts';
import { neverSettles } from './operations.ts';
import { SocketSubscription } from './socket-subscription.ts';

export interface GraphQLProtocolOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: Pipeline;
  readonly authenticator: Pick<Authenticator, 'ofParameters'>;
  readonly log: Log;
  /** Milliseconds a client has to send `connection_init`. */
  readonly initTimeoutMs: number;
  /** Maximum number of concurrent operations on one connection. */
  readonly maxOperations: number;
}

interface RunArguments {
  readonly contextValue: {
    readonly id: string;
    readonly payload: object;
    readonly connection: ConnectionState;
    readonly admitted: Admitted;
    readonly caller: Caller;
    readonly cancellation: CancellationSource;
  };
}

/** Close code of a server that cannot serve at the moment (IANA registry of WebSocket close codes). */
const tryAgainLater = 1013;
/** Maximum characters of an operation id. Clients send a number or a UUID; the id is kept as long as the operation runs. */
const maxIdLength = 200;

/** @param isClosing True once the endpoint is closing: operations are then rejected with `SHUTTING_DOWN`. */
export function createGraphQLProtocol(
  options: GraphQLProtocolOptions,
  isClosing: () => boolean,
): Server<ConnectionState> {
  const operations = new ProtocolOperations(options, isClosing);
  const run = (args: unknown) => operations.run((args as RunArguments).contextValue); // made by `admit`
  return makeServer<Record<string, unknown>, ConnectionState>({
    connectionInitWaitTimeout: options.initTimeoutMs,
    onConnect: (context) => acknowledge(context, options.authenticator),
    onSubscribe: ({ extra }, id, payload) => operations.admit(extra, id, payload),
    execute: run,
    subscribe: run,
    // Results are already formatted; graphql-ws would call toJSON on each error.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onComplete: ({ extra }, id, payload) => extra.operations.finish(id, payload),
    onError: ({ extra }, id, payload) => extra.operations.finish(id, payload),
  });
}

/**
 * Finds the identity of a connection from `connection_init` or its handshake.
 * @returns Whether it is acknowledged; if not, it is closed with 4403, and graphql-ws counts it as rejected.
 */
async function acknowledge(
  context: Context<Record<string, unknown>, ConnectionState>,
  authenticator: Pick<Authenticator, 'ofParameters'>,
): Promise<boolean> {
  const { connectionParams, extra } = context;
  dropConnectionParams(context);
  let headers: IncomingHttpHeaders;
  try {
    const { authorization, 'x-device-id': device } = headersOf(connectionParams, 'connection_init');
    headers = {
      authorization: authorization ?? extra.headers.authorization,
      'x-device-id': device ?? extra.headers['x-device-id'],
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    extra.close(CloseCode.BadRequest, error.message);
    return false;
  }
  if (!hasAuthorization(headers)) {
    extra.acknowledge(extra.identity);
    return true;
  }
  const found = await authenticator.ofParameters(headers);
  const { credentialError } = found;
  // Clients of graphql-ws connect again later, with the same token.
  if (credentialError?.retryable === true) extra.close(tryAgainLater, 'Try again later');
  if (credentialError !== undefined) {
    extra.close(CloseCode.Forbidden, closeReason(credentialError));
    return false;
  }
  extra.acknowledge({ ...found, session: extra.identity.session });
  return true;
}

/** Maximum bytes of the reason in a close frame (RFC 6455 §5.5). */
const maxReasonBytes = 123;

/** The message of an error, which says what was expected. */
function closeReason({ message }: GatewayError): string {
  return Buffer.byteLength(message) <= maxReasonBytes ? message : 'Forbidden';
}

/** Admits and runs the operations of all connections. */
class ProtocolOperations {
  readonly #options: GraphQLProtocolOptions;
  readonly #isClosing: () => boolean;

  constructor(options: GraphQLProtocolOptions, isClosing: () => boolean) {
    this.#options = options;
    this.#isClosing = isClosing;
  }

  /** What graphql-ws executes, or errors. Never throws: an error would close the connection and end its other operations. */
  admit(connection: ConnectionState, id: string, payload: SubscribePayload) {
    const { authenticator, pipeline, log } = this.#options;
    const sent = connection.detachedPayload ?? payload;
    const cancellation = connection.operations.begin(id, payload);
    let headers: IncomingHttpHeaders;
    try {
      headers = headersIn(sent);
    } catch (error) {
      return toGraphQLErrors([maskUnexpected(error, requestIdOf({}), log)]);
    }
    const requestId = requestIdOf(headers);
    const reject = (error: unknown) => toGraphQLErrors([maskUnexpected(error, requestId, log)]);
    const admit = (own: Identity) => {
      const caller = callerOn(connection, own, headers, requestId, cancellation);
      const contextOf = (admitted: Admitted) => ({ id, payload, connection, admitted, caller, cancellation });
      // The client may complete the operation while it waits for its turn.
      return pipeline.inTurn(
        caller,
        sent,
        () => this.#argumentsOf(pipeline.admit(sent, caller), contextOf),
        neverSettles,
      );
    };
    try {
      this.#requireOpen(connection, id);
      const own = authenticator.ofParameters(headers);
      const outcome = own instanceof Promise ? own.then(admit) : admit(own);
      return outcome instanceof Promise ? outcome.catch(reject) : outcome;
    } catch (error) {
      return reject(error);
    }
  }

  async run({ id, payload, connection, admitted, caller, cancellation }: RunArguments['contextValue']): Promise<never> {
    const outcome = await this.#options.pipeline.run(admitted, caller);
    if (cancellation.isCancelled) {
      if (outcome.kind === 'stream') outcome.results.cancel();
      return neverSettles();
    }
    const { operations } = connection;
    // `never`: graphql-ws expects GraphQLError instances, but sends what `onNext` returns.
    if (outcome.kind === 'response') return outcome.result as never;
    const { results } = outcome;
    if (connection.isExpired) {
      results.cancel();
      operations.finish(id, payload);
      return neverSettles();
    }
    operations.markStream(id, payload);
    const { expiresAt } = caller;
    const subscription = new SocketSubscription({ id, connection, results, cancellation, expiresAt });
    // The connection began to drain while the subscription started.
    if (connection.isDraining) results.end(shuttingDown());
    return subscription as never; // as above
  }

  #argumentsOf(
    outcome: ReturnType<Pipeline['admit']>,
    contextOf: (admitted: Admitted) => RunArguments['contextValue'],
  ) {
    if (outcome.kind === 'response') return toGraphQLErrors(outcome.result.errors ?? []);
    const { document, operation } = outcome.prepared;
    return {
      schema: this.#options.schema,
      document,
      operationName: operation.name?.value,
      contextValue: contextOf(outcome),
    };
  }

  /** @throws GatewayError for an operation that this connection does not accept. */
  #requireOpen({ isDraining, isExpired, operations }: ConnectionState, id: string): void {
    const { maxOperations } = this.#options;
    if (this.#isClosing() || isDraining) throw new GatewayError('SHUTTING_DOWN');
    if (isExpired) throw credentialExpired();
    if (id.length > maxIdLength) throw badUserInput('id', `at most ${maxIdLength} characters`);
    if (operations.size > maxOperations)
      throw new GatewayError('RATE_LIMITED', { message: `More than ${maxOperations} operations on one socket.` });
  }
}

/**
 * An already formatted error as the instance graphql-ws requires. Its JSON is the pipeline's, locations included, so that errors are
 * equal over every transport.
 */
class FormattedError extends GraphQLError {
  readonly #formatted: GraphQLFormattedError;

  constructor(formatted: GraphQLFormattedError) {
    super(formatted.message);
    this.#formatted = formatted;
  }

  override toJSON(): GraphQLFormattedError {
    return this.#formatted;
  }
}

function toGraphQLErrors(errors: readonly GraphQLFormattedError[]): GraphQLError[] {
  return errors.map((error) => new FormattedError(error));
}
