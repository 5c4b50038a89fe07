/**
 * POST requests with an operation, passed from the Node request to the pipeline without Yoga. They are nearly all traffic, and Yoga's
 * Request and Response objects cost more than the upstream call of an operation.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../../../errors.ts';
import { describeUnexpected, type Log } from '../../../observability/log.ts';
import { forwardTo, toPromise } from '../../../upstream/completion.ts';
import type { CredentialStanding } from '../../../upstream/transport/breaker/credential-standing.ts';
import { callerOf } from '../../caller.ts';
import type { Drain } from '../../drain.ts';
import { gatewayErrorIn } from '../../masking.ts';
import type { MemoryBudget, Reservation } from '../../memory-budget.ts';
import type { Outcome } from '../../operation/operation-runner.ts';
import { handleOperation, type Pipeline } from '../../operation/pipeline.ts';
import {
  jsonOf,
  type OperationRequest,
  type OperationResponse,
  rejectRequest,
  rejectSubscription,
} from '../../operation/response.ts';
import { type OnRejected, reasonOfError } from '../../rejections.ts';
import { parseBody, readBodyInto } from '../body/request-body.ts';
import { readUpload, type UploadLimits } from '../body/upload.ts';
import { readAs } from '../connection/read-turns.ts';
import { type Accepted, acceptedBy, jsonMediaType, subscriptionPartsMediaType } from '../headers/accept.ts';
import { isMultipart } from '../headers/request-media-type.ts';
import { addVary } from '../headers/vary.ts';
import type { Compress, CompressedBody } from './compression.ts';
import { type IdentifiedExchange, identifyConnection } from './exchange.ts';
import { sendStream } from './stream-response.ts';

export interface PostOptions {
  /** The pipeline, with metrics per transport. */
  readonly pipelines: Readonly<Record<'http' | 'multipart', Pipeline>>;
  readonly limits: UploadLimits;
  readonly memory: MemoryBudget;
  readonly standing: CredentialStanding;
  readonly log: Log;
  readonly onRejected: OnRejected;
  /** Deadline of an operation with a file. */
  readonly uploadTimeoutMs: number;
  /** Ends event streams one after the other at shutdown. */
  readonly drain: Drain;
  /** Undefined when responses are not compressed. */
  readonly compress: Compress | undefined;
}

/** Sends the response with all its headers, including `x-request-id` and `cache-control`. Rejects only when it cannot be written. */
export type PostHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  exchange: IdentifiedExchange,
) => Promise<void>;

/** @returns Handles one POST until its response is sent; never rejected. */
export function createPostHandler(options: PostOptions): PostHandler {
  const { pipelines, memory, standing, log, onRejected, drain, compress } = options;

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    exchange: IdentifiedExchange,
  ): Promise<void> {
    const { requestId, identity, address } = exchange;
    let operationResponse: OperationResponse;
    identifyConnection(request, exchange, standing);
    const accepted = acceptedBy(request.headers.accept);
    const pipeline = pipelines[accepted.response === subscriptionPartsMediaType ? 'multipart' : 'http'];
    const principalOf = () => standing.acceptedPrincipal(identity.credential);
    const reservation = memory.reserve(() => readAs(request.socket, principalOf(), address), address);
    try {
      const outcome = await readAndRun(pipeline, request, reservation, exchange, options);
      if (outcome.kind === 'response') operationResponse = outcome;
      else if (accepted.stream !== undefined) {
        response.setHeader('x-request-id', requestId).setHeader('cache-control', 'no-store');
        const { expiresAt } = identity;
        return await sendStream(response, outcome.results, { type: accepted.stream, drain, expiresAt }, (error) =>
          log.error('subscription failed', { requestId, ...describeUnexpected(error) }),
        );
      } else {
        outcome.results.cancel();
        operationResponse = rejectSubscription(requestId);
      }
    } catch (error) {
      reservation.release();
      const known = gatewayErrorIn(error);
      const reason = reasonOfError(known?.code);
      if (reason !== undefined) onRejected('http', reason);
      if (known === undefined) log.error('unexpected error', { requestId, ...describeUnexpected(error) });
      operationResponse = rejectRequest(known ?? new GatewayError('INTERNAL'), requestId);
    }
    if (response.destroyed) return;
    // By its calls, the upstream may have accepted the credential.
    identifyConnection(request, exchange, standing);
    const compressing = compress?.(request.headers['accept-encoding'], jsonOf(operationResponse));
    const compressed = compressing === undefined ? undefined : await compressing;
    if (compress !== undefined) addVary(response, 'accept-encoding');
    if (!response.destroyed) send(request, response, requestId, operationResponse, accepted.json, compressed);
  }
  return handle;
}

/**
 * Reads the operation and starts it. Separate from the handler, which lasts as long as the operation, so that the body can be
 * garbage-collected before.
 */
function readAndRun(
  pipeline: Pipeline,
  request: IncomingMessage,
  reservation: Reservation,
  { requestId, cancellation, address, identity }: IdentifiedExchange,
  { limits, uploadTimeoutMs }: PostOptions,
): Promise<Outcome> {
  /** @param deadlineAt Time on the `performance.now()` clock in milliseconds; undefined for the pipeline's default. */
  const run = (operation: OperationRequest, deadlineAt: number | undefined, text: string | undefined) => {
    reservation.release();
    const sender = callerOf(identity, request.headers, requestId, cancellation, address);
    const caller = deadlineAt === undefined ? sender : { ...sender, deadlineAt };
    return handleOperation(pipeline, operation, caller, text);
  };
  if (isMultipart(request.headers['content-type'])) {
    const deadlineAt = performance.now() + uploadTimeoutMs;
    const upload = readUpload(request, limits, reservation, deadlineAt);
    return upload.then((operation) => run(operation, deadlineAt, undefined));
  }
  // Callbacks save a promise each for the body, the parsed body and the operation.
  return toPromise((completion) =>
    readBodyInto(request, limits.maxBodyBytes, reservation, {
      resolve(text) {
        try {
          forwardTo(run(parseBody(text), undefined, text), completion);
        } catch (error) {
          completion.reject(error);
        }
      },
      reject: completion.reject,
    }),
  );
}

/** @param mediaType Of the response. */
function send(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  result: OperationResponse,
  mediaType: Accepted['json'],
  compressed: CompressedBody | undefined,
): void {
  const body = compressed?.body ?? jsonOf(result);
  // With the older media type, a well-formed request gets status 200 even if it has errors.
  const status = mediaType === jsonMediaType && result.wellFormed ? 200 : result.httpStatus;
  // A flat array, which Node writes without conversion.
  const headers = ['content-type', `${mediaType}; charset=utf-8`, 'content-length', String(body.length)];
  headers.push('x-request-id', requestId, 'cache-control', 'no-store');
  if (compressed !== undefined) headers.push('content-encoding', compressed.encoding);
  for (const name in result.headers) headers.push(name, result.headers[name] ?? '');
  response.writeHead(status, headers);
  response.end(body);
  if (!request.complete) {
    // The operation did not read its file. The rest is discarded, as the client could otherwise never finish sending it.
    request.unpipe();
    request.resume();
  }
}
