/** The bytes of a subscription over HTTP, in each of its formats. */
import { multipartBatches, type ResultBatch, sseBatch } from '../../subscription/result-batch.ts';
import { eventsMediaType, type StreamType, subscriptionPartsMediaType } from '../headers/accept.ts';

export interface StreamFormat {
  readonly headers: Readonly<Record<string, string>>;
  /** Written at once, before the first result. */
  readonly opening: string;
  /** Written between results when the stream is idle. */
  readonly heartbeat: string;
  /** Written after the last result. */
  readonly ending: string;
  createBatch(): ResultBatch;
}

/** Disables response buffering in nginx and in proxies that support the header. */
const unbuffered = { 'x-accel-buffering': 'no' } as const;

/** Headers of GraphQL over SSE. */
export const eventStreamHeaders = { 'content-type': eventsMediaType, ...unbuffered } as const;

/** GraphQL over SSE, distinct connections mode. The heartbeat is a comment. */
const events: StreamFormat = {
  headers: { ...eventStreamHeaders, 'content-encoding': 'none' },
  opening: ':\n\n',
  heartbeat: ':\n\n',
  ending: 'event: complete\ndata:\n\n',
  createBatch: sseBatch,
};

/** As in Apollo's documentation of the protocol; JSON has no line breaks, so no part can contain the delimiter. */
const boundary = 'graphql';
const delimiter = `\r\n--${boundary}`;
const partHead = '\r\ncontent-type: application/json\r\n\r\n';

/**
 * Apollo's multipart protocol for subscriptions. The delimiter is written behind each part instead of before it: clients take a part when
 * they see the next delimiter. The heartbeat is an empty object.
 */
const parts: StreamFormat = {
  headers: { 'content-type': `multipart/mixed;boundary="${boundary}";subscriptionSpec=1.0`, ...unbuffered },
  opening: delimiter,
  heartbeat: `${partHead}{}${delimiter}`,
  ending: '--\r\n',
  createBatch: multipartBatches(partHead, delimiter),
};

export const streamFormats: Readonly<Record<StreamType, StreamFormat>> = {
  [eventsMediaType]: events,
  [subscriptionPartsMediaType]: parts,
};
