/**
 * The general HTTP front: GET, content negotiation and everything else GraphQL over HTTP asks for.
 * Yoga carries the bytes; its own parsing, validation and execution are replaced by the pipeline.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga';
import { errorCodes, GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../log.ts';
import type { CredentialStanding } from '../../upstream/transport/credential-standing.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { provenHolder } from '../caller.ts';
import type { Drain } from '../drain.ts';
import type { HeldBytes } from '../held-bytes.ts';
import { formatGatewayError, maskUnexpected } from '../masking.ts';
import type { Outcome, Pipeline } from '../operation/pipeline.ts';
import { type OperationRequest, rejectRequest, rejectSubscription } from '../operation/response.ts';
import { type OnRejected, reasonOfError } from '../rejections.ts';
import { eventsMediaType } from './accept.ts';
import { parseBody, parseUrl, readBody } from './request-body.ts';
import { eventStreamHeaders, sendEventStream } from './sse.ts';

/** What the Node server knows of a request and Yoga does not. */
export interface YogaServerContext {
  readonly caller: Caller;
  /** Whether a subscription may be answered with events, although another answer is preferred. */
  readonly takesEvents: boolean;
  /** Its body is read from here, within the bound and in the words of every other transport. */
  readonly req: IncomingMessage;
  readonly serverResponse: ServerResponse;
}

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  /** The one pipeline, as it is counted for each transport. */
  readonly pipelines: Readonly<Record<'http' | 'sse', Pipeline>>;
  readonly log: Log;
  readonly path: string;
  /** Bytes of a request body. */
  readonly maxBodyBytes: number;
  readonly bytes: HeldBytes;
  readonly standing: CredentialStanding;
  readonly onRejected: OnRejected;
  /** Event streams are told of the end through it. */
  readonly drain: Drain;
}

/** Yoga takes the HTTP status from `extensions.http`, which it keeps to itself. */
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

function usePipeline(options: YogaOptions): Plugin<object, YogaServerContext> {
  const { pipelines, maxBodyBytes, bytes, standing, onRejected, drain, log } = options;
  // Yoga keeps the parameters it is given until the answer has ended: it is given none.
  const sent = new WeakMap<IncomingMessage, OperationRequest>();

  /** A malformed credential is refused as by every other transport, and counted. */
  async function handled(pipeline: Pipeline, request: OperationRequest, caller: Caller): Promise<Outcome> {
    try {
      return await pipeline.handle(request, caller);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      onRejected('http', reasonOfError(error.code) ?? 'body');
      return rejectRequest(error.code, caller.requestId, error.message);
    }
  }

  return {
    // Yoga's own parsers quote what they were given in their complaints.
    onRequestParse({ request, serverContext, setRequestParser }) {
      setRequestParser(async () => {
        const { req } = serverContext;
        const hold = bytes.hold(() => provenHolder(req.headers, standing));
        try {
          const isRead = request.method === 'GET';
          sent.set(req, isRead ? parseUrl(req.url ?? '') : parseBody(await readBody(req, maxBodyBytes, hold)));
          return { query: '' } satisfies GraphQLParams;
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          onRejected('http', reasonOfError(error.code) ?? 'body');
          const formatted = formatGatewayError(error, serverContext.caller.requestId);
          throw withStatus(formatted, errorCodes[error.code].httpStatus, false, {});
        } finally {
          hold.release();
        }
      });
    },
    onResponse({ response }) {
      if (response.headers.get('content-type') === eventsMediaType)
        for (const [name, value] of Object.entries(eventStreamHeaders)) response.headers.set(name, value);
      // Whether the connection is kept is between Node and the client; Yoga's stream says that it is.
      response.headers.delete('connection');
      // Yoga's stream of events says "no-cache", which still lets a proxy store it.
      response.headers.set('cache-control', 'no-store');
    },
    onParams({ request, context, setResult }) {
      const { caller, req } = context;
      const readOnly = request.method === 'GET';
      const isStream = request.headers.get('accept') === eventsMediaType;
      const pipeline = pipelines[isStream ? 'sse' : 'http'];
      const running = handled(pipeline, { ...sent.get(req), readOnly }, caller);
      sent.delete(req);
      return running.then(async (outcome) => {
        if (outcome.kind === 'stream' && context.takesEvents) {
          await sendEventStream(context.serverResponse, outcome.results, drain, (error) =>
            log.error('subscription failed', { requestId: caller.requestId, ...describeUnexpected(error) }),
          );
          return setResult({}); // for nobody: the answer has ended
        }
        if (outcome.kind === 'stream') outcome.results.cancel();
        const answer = outcome.kind === 'stream' ? rejectSubscription(caller.requestId) : outcome;
        const { result, httpStatus, wellFormed, headers } = answer;
        if (result.data !== undefined || result.errors === undefined) return setResult(result as object);
        const errors = result.errors.map((error) => withStatus(error, httpStatus, wellFormed, headers));
        // Yoga would write each error out of the places in a document it has not seen.
        const told = { errors, stringify: () => JSON.stringify(result) };
        return setResult(told);
      });
    },
  };
}

export function createYogaFront(options: YogaOptions) {
  const { schema, log, path } = options;
  return createYoga<YogaServerContext>({
    schema,
    graphqlEndpoint: path,
    plugins: [usePipeline(options)],
    maxRequestBodySize: false,
    // The Node server answers these itself, for every route alike.
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
