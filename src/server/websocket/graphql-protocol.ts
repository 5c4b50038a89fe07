/** The graphql-transport-ws protocol (graphql-ws), with every operation run by the gateway's pipeline. */
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
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
import { callerOn, dropConnectionParams, headersIn, stringIn } from './connection-params.ts';
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
  { schema, pipeline, authenticator, log, initTimeoutMs, maxOperations }: GraphQLProtocolOptions,
  isClosing: () => boolean,
): Server<ConnectionState> {
  return makeServer<Record<string, unknown>, ConnectionState>({
    connectionInitWaitTimeout: initTimeoutMs,
    async onConnect(context) {
      const { connectionParams, extra } = context;
      dropConnectionParams(context);
      const authorization = stringIn(connectionParams, 'authorization') ?? extra.headers.authorization;
      const device = stringIn(connectionParams, 'x-device-id') ?? stringIn(extra.headers, 'x-device-id');
      const headers = { authorization, 'x-device-id': device };
      if (!hasAuthorization(headers)) {
        extra.acknowledge(extra.identity);
        return true;
      }
      const found = await authenticator.ofParameters(headers);
      const { credentialError } = found;
      // Clients of graphql-ws try again later, with the same token.
      if (credentialError?.retryable === true) extra.close(tryAgainLater, 'Try again later');
      // graphql-ws closes with 4403 Forbidden
      if (credentialError !== undefined) return false;
      extra.acknowledge({ ...found, session: extra.identity.session });
      return true;
    },
    onSubscribe({ extra }, id, payload) {
      const sent = extra.detachedPayload ?? payload;
      const headers = headersIn(sent);
      const requestId = requestIdOf(headers);
      const cancellation = extra.operations.begin(id, payload);
      const admit = (own: Identity) => {
        const caller = callerOn(extra, own, headers, requestId, cancellation);
        // The client may complete the operation while it waits for its turn.
        return pipeline.inTurn(caller, sent, () => argumentsOf(caller), neverSettles);
      };
      const argumentsOf = (caller: Caller) => {
        const admitted = pipeline.admit(sent, caller);
        if (admitted.kind === 'response') return toGraphQLErrors(admitted.result.errors ?? []);
        const { document, operation } = admitted.prepared;
        return {
          schema,
          document,
          operationName: operation.name?.value,
          contextValue: {
            id,
            payload,
            connection: extra,
            admitted,
            caller,
            cancellation,
          } satisfies RunArguments['contextValue'],
        };
      };
      // Rethrown, an error would close the connection and end every other operation on it.
      const reject = (error: unknown) => toGraphQLErrors([maskUnexpected(error, requestId, log)]);
      try {
        if (isClosing() || extra.isDraining) throw new GatewayError('SHUTTING_DOWN');
        if (extra.isExpired) throw credentialExpired();
        if (id.length > maxIdLength) throw badUserInput('id', `at most ${maxIdLength} characters`);
        if (extra.operations.size > maxOperations) {
          throw new GatewayError('RATE_LIMITED', {
            message: `More than ${maxOperations} operations on one socket.`,
          });
        }
        const own = authenticator.ofParameters(headers);
        const outcome = own instanceof Promise ? own.then(admit) : admit(own);
        return outcome instanceof Promise ? outcome.catch(reject) : outcome;
      } catch (error) {
        return reject(error);
      }
    },
    execute: run,
    subscribe: run,
    // Results are already formatted; graphql-ws would call toJSON on each error.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onComplete: ({ extra }, id, payload) => extra.operations.finish(id, payload),
    onError: ({ extra }, id, payload) => extra.operations.finish(id, payload),
  });

  async function run(args: unknown): Promise<never> {
    const { id, payload, connection, admitted, caller, cancellation } = (args as RunArguments).contextValue; // built in onSubscribe
    const outcome = await pipeline.run(admitted, caller);
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
