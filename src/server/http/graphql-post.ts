/**
 * POSTed operations, straight from the Node request to the pipeline. They are nearly all the traffic, and Yoga's
 * Request and Response objects would cost more than the upstream call they lead to.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeUnexpected, type Log } from '../../log.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { CredentialStanding } from '../../upstream/transport/credential-standing.ts';
import { callerOf, provenHolder } from '../caller.ts';
import type { Drain } from '../drain.ts';
import type { HeldBytes, Hold } from '../held-bytes.ts';
import { gatewayErrorIn } from '../masking.ts';
import type { Pipeline } from '../operation/pipeline.ts';
import {
  type FormattedResult,
  type OperationRequest,
  type OperationResponse,
  rejectRequest,
  rejectSubscription,
} from '../operation/response.ts';
import { type OnRejected, reasonOfError } from '../rejections.ts';
import { answerTypeFor, jsonMediaType, takesEvents } from './accept.ts';
import { parseBody, readBody } from './request-body.ts';
import { isMultipart } from './request-media-type.ts';
import { sendEventStream } from './sse.ts';
import { readUpload, type UploadLimits } from './upload.ts';

export interface PostOptions {
  readonly pipeline: Pipeline;
  readonly limits: UploadLimits;
  readonly bytes: HeldBytes;
  readonly standing: CredentialStanding;
  readonly log: Log;
  readonly onRejected: OnRejected;
  /** Deadline of an operation with a file. */
  readonly uploadTimeoutMs: number;
  /** Event streams are told of the end through it. */
  readonly drain: Drain;
}

/** Answers with all headers an answer has, `x-request-id` and `cache-control` among them. Rejects only when the answer cannot be written. */
export type PostHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  cancellation: CancellationSource,
) => Promise<void>;

/** What a request asks, read and parsed. */
interface Sent {
  readonly operation: OperationRequest;
  /** Undefined: the pipeline's own. */
  readonly deadlineAt: number | undefined;
  /** Undefined for what did not come as JSON alone. */
  readonly text: string | undefined;
}

/**
 * Answers shorter than this are written as text: head and body then leave in one piece, without a buffer of their own. Node
 * encodes text on its stack up to a third of 16 KiB, and more slowly beyond.
 */
const shortAnswer = 5_000;

export function createPostHandler(options: PostOptions): PostHandler {
  const { pipeline, limits, bytes, standing, log, onRejected, uploadTimeoutMs, drain } = options;

  /** Apart from `answerTo`, which lives as long as the operation: what the body held and nothing needs is gone by then. */
  async function read(request: IncomingMessage, hold: Hold): Promise<Sent> {
    const hasFile = isMultipart(request.headers['content-type']);
    if (hasFile) {
      const deadlineAt = performance.now() + uploadTimeoutMs;
      return { operation: await readUpload(request, limits, hold), deadlineAt, text: undefined };
    }
    const text = await readBody(request, limits.maxBodyBytes, hold);
    return { operation: parseBody(text), deadlineAt: undefined, text };
  }

  async function answerTo(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    cancellation: CancellationSource,
  ): Promise<void> {
    let answer: OperationResponse;
    const hold = bytes.hold(() => provenHolder(request.headers, standing));
    try {
      const outcome = await read(request, hold).then(({ operation, deadlineAt, text }) => {
        hold.release();
        const sender = callerOf(request.headers, requestId, cancellation, request.socket.remoteAddress);
        const caller = deadlineAt === undefined ? sender : { ...sender, deadlineAt };
        return pipeline.handle(operation, caller, text);
      });
      if (outcome.kind === 'response') answer = outcome;
      else if (takesEvents(request.headers.accept)) {
        response.setHeader('x-request-id', requestId).setHeader('cache-control', 'no-store');
        return await sendEventStream(response, outcome.results, drain, (error) =>
          log.error('subscription failed', { requestId, ...describeUnexpected(error) }),
        );
      } else {
        outcome.results.cancel();
        answer = rejectSubscription(requestId);
      }
    } catch (error) {
      hold.release();
      const known = gatewayErrorIn(error);
      const reason = reasonOfError(known?.code);
      if (reason !== undefined) onRejected('http', reason);
      if (known === undefined) log.error('unexpected error', { requestId, ...describeUnexpected(error) });
      answer = rejectRequest(known?.code ?? 'INTERNAL', requestId, known?.message, known?.retryAfterSeconds);
    }
    if (!response.destroyed) send(request, response, requestId, answer);
  }
  return answerTo;
}

function send(request: IncomingMessage, response: ServerResponse, requestId: string, answer: OperationResponse): void {
  const mediaType = answerTypeFor(request.headers.accept) ?? jsonMediaType;
  answer.json ??= jsonOf(answer.result);
  const { json: body } = answer;
  // For the older media type a well-formed request is answered 200 whatever came of it.
  const status = mediaType === jsonMediaType && answer.wellFormed ? 200 : answer.httpStatus;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  // A flat list, the form Node writes without a second look.
  const headers = ['content-type', `${mediaType}; charset=utf-8`, 'content-length', String(length)];
  headers.push('x-request-id', requestId, 'cache-control', 'no-store');
  for (const name in answer.headers) headers.push(name, answer.headers[name] ?? '');
  response.writeHead(status, headers);
  // Text without a character above ASCII is the same in both, and is written faster as Latin-1.
  if (typeof body === 'string' && length === body.length) response.end(body, 'latin1');
  else response.end(body);
  if (!request.complete) {
    // A file nobody asked for: let it run off, or the client would wait for ever to get rid of it.
    request.unpipe();
    request.resume();
  }
}

/** The result as an answer carries it. */
export function jsonOf(result: FormattedResult): string | Buffer {
  const text = JSON.stringify(result);
  return text.length < shortAnswer ? text : Buffer.from(text);
}
