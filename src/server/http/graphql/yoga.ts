/**
 * Yoga handler for GET requests and for the parts of GraphQL over HTTP that are not plain POSTs. Yoga reads and writes HTTP; the
 * pipeline replaces its parsing, validation and execution.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga';
import { errorCodes, GatewayError } from '../../../errors.ts';
import { describeUnexpected, type Log } from '../../../observability/log.ts';
import type { CredentialStanding } from '../../../upstream/transport/breaker/credential-standing.ts';
import type { Caller } from '../../../upstream/upstream.ts';
import type { Drain } from '../../drain.ts';
import { formatGatewayError, maskUnexpected } from '../../masking.ts';
import type { MemoryBudget } from '../../memory-budget.ts';
import type { Outcome } from '../../operation/operation-runner.ts';
import { handleOperation, type Pipeline } from '../../operation/pipeline.ts';
import { type OperationRequest, rejectRequest, rejectSubscription } from '../../operation/response.ts';
import { type OnRejected, reasonOfError } from '../../rejections.ts';
import { parseBody, parseUrl, readBody } from '../body/request-body.ts';
import { readAs } from '../connection/read-turns.ts';
import { type Accepted, eventsMediaType, subscriptionPartsMediaType } from '../headers/accept.ts';
import { retryAfter } from '../headers/retry-after.ts';
import { eventStreamHeaders } from './stream-formats.ts';
import { sendStream } from './stream-response.ts';

/** Context that the Node server passes to Yoga with each request. */
export interface YogaServerContext {
  readonly caller: Caller;
  /** What the client accepts; Yoga itself sees the type of one response. */
  readonly accepted: Accepted;
  /** The Node request. The body is read from it, with the limits and errors of every other transport. */
  readonly req: IncomingMessage;
  readonly serverResponse: ServerResponse;
}

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  /** The pipeline, with metrics per transport. */
  readonly pipelines: Readonly<Record<'http' | 'sse' | 'multipart', Pipeline>>;
  readonly log: Log;
  readonly path: string;
  /** Maximum bytes of a request body. */
  readonly maxBodyBytes: number;
  readonly memory: MemoryBudget;
  readonly standing: CredentialStanding;
  readonly onRejected: OnRejected;
  /** Ends event streams one after the other at shutdown. */
  readonly drain: Drain;
}

/** An error with an HTTP status. Yoga reads `extensions.http` and does not send it. */
function withStatus(
  error: GraphQLFormattedError,
  status: number,
  spec: boolean,
  headers: Readonly<Record<string, string>>,
): GraphQLError {
  return new GraphQLError(error.message, {
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { ...error.extensions, http: { status, spec, headers } },
  });
}

function transportOf({ response }: Accepted): 'http' | 'sse' | 'multipart' {
  if (response === eventsMediaType) return 'sse';
  return response === subscriptionPartsMediaType ? 'multipart' : 'http';
}

/** Reads the operation of a request that is not a plain POST. @throws GraphQLError with the HTTP status of the failure. */
async function readOperation(
  method: string,
  { req, caller }: YogaServerContext,
  { maxBodyBytes, memory, standing, onRejected }: YogaOptions,
): Promise<OperationRequest> {
  const principalOf = () => standing.acceptedPrincipal(caller.credential);
  const { address = '' } = caller;
  const reservation = memory.reserve(() => readAs(req.socket, principalOf(), address), address);
  try {
    if (method === 'GET') return parseUrl(req.url ?? '');
    return parseBody(await readBody(req, maxBodyBytes, reservation));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    onRejected('http', reasonOfError(error.code) ?? 'body');
    const formatted = formatGatewayError(error, caller.requestId);
    throw withStatus(formatted, errorCodes[error.code].httpStatus, false, retryAfter(error));
  } finally {
    reservation.release();
  }
}

function usePipeline(options: YogaOptions): Plugin<object, YogaServerContext> {
  const { pipelines, onRejected, drain, log } = options;
  // Yoga keeps its parameters until the response has ended. It gets empty ones, and the parsed request is kept here.
  const parsed = new WeakMap<IncomingMessage, OperationRequest>();

  /**
   * Runs the pipeline; turns a GatewayError, such as a malformed credential, into a response and counts the rejection. Not an async
   * function: it would retain the request, with undeclared variables, until the operation ends.
   */
  function handle(pipeline: Pipeline, request: OperationRequest, caller: Caller): Promise<Outcome> {
    return Promise.resolve(request)
      .then((parsedRequest) => handleOperation(pipeline, parsedRequest, caller))
      .catch((error: unknown) => {
        if (!(error instanceof GatewayError)) throw error;
        onRejected('http', reasonOfError(error.code) ?? 'body');
        return rejectRequest(error, caller.requestId);
      });
  }

  return {
    // Replaces Yoga's parsers, whose errors quote the input.
    onRequestParse({ request, serverContext, setRequestParser }) {
      setRequestParser(async () => {
        parsed.set(serverContext.req, await readOperation(request.method, serverContext, options));
        return { query: '' } satisfies GraphQLParams;
      });
    },
    onResponse({ response }) {
      if (response.headers.get('content-type') === eventsMediaType)
        for (const [name, value] of Object.entries(eventStreamHeaders)) response.headers.set(name, value);
      // Node decides about keep-alive; Yoga's event stream would always announce it.
      response.headers.delete('connection');
      // Yoga's event stream sets "no-cache", which still allows a proxy to store it.
      response.headers.set('cache-control', 'no-store');
    },
    onParams({ request, context, setResult }) {
      const { accepted, caller, req } = context;
      const readOnly = request.method === 'GET';
      const pipeline = pipelines[transportOf(accepted)];
      const running = handle(pipeline, { ...parsed.get(req), readOnly }, caller);
      parsed.delete(req);
      return running.then(async (outcome) => {
        if (outcome.kind === 'stream' && accepted.stream !== undefined) {
          const stream = { type: accepted.stream, drain, expiresAt: caller.expiresAt };
          await sendStream(context.serverResponse, outcome.results, stream, (error) =>
            log.error('subscription failed', { requestId: caller.requestId, ...describeUnexpected(error) }),
          );
          return setResult({}); // required by Yoga; the response has already ended
        }
        if (outcome.kind === 'stream') outcome.results.cancel();
        const response = outcome.kind === 'stream' ? rejectSubscription(caller.requestId) : outcome;
        const { result, httpStatus, wellFormed, headers } = response;
        if (result.data !== undefined || result.errors === undefined) return setResult(result as object);
        const errors = result.errors.map((error) => withStatus(error, httpStatus, wellFormed, headers));
        // Yoga would compute error locations from a document it has not parsed, so the result is serialised here.
        const serialized = { errors, stringify: () => JSON.stringify(result) };
        return setResult(serialized);
      });
    },
  };
}

/** Yoga with the pipeline as its only plugin. */
export function createYogaHandler(options: YogaOptions) {
  const { schema, log, path } = options;
  return createYoga<YogaServerContext>({
    schema,
    graphqlEndpoint: path,
    plugins: [usePipeline(options)],
    maxRequestBodySize: false,
    // The Node server implements these for all routes.
    cors: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    // Yoga's own log would print whole errors.
    logging: false,
    maskedErrors: {
      maskError(error) {
        if (error instanceof GraphQLError && error.originalError === undefined) return error;
        const { message, extensions } = maskUnexpected(error, 'unknown', log);
        return new GraphQLError(message, { extensions: extensions ?? null });
      },
    },
  });
}
