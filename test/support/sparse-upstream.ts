/**
 * A proxy between gateway and upstream that removes optional values from the upstream's replies: any field that no schema requires,
 * and rows of bulk reads. Sometimes an object is absent or invisible to the caller. Equal X-Request-IDs get equal replies.
 */
import { createHash } from 'node:crypto';
import { createServer, request as send } from 'node:http';
import { contractDocument, contractDocumentV5 } from '../../src/sandbox/contract-document.ts';
import { isRecord } from '../../src/util/is-record.ts';
import { listenOnLoopback } from './loopback.ts';
import { randomNumbers } from './random-operation.ts';

/** Names that a schema of the contracts requires somewhere. */
const required = new Set<unknown>();
for (const { components } of [contractDocument, contractDocumentV5])
  JSON.stringify(components['schemas'], (key, value: unknown) => {
    if (key === 'required' && Array.isArray(value)) for (const name of value) required.add(name);
    return value;
  });

/** The value without some of the fields that it may lack, and seldom without one that it may not lack. @param share Of the fields. */
export function sparse(
  value: unknown,
  random: () => number,
  share: number,
  isKept: ReadonlySet<unknown> = required,
): unknown {
  if (Array.isArray(value)) return value.map((item) => sparse(item, random, share, isKept));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => random() >= (isKept.has(name) ? share / 4 : share))
      .map(([name, field]) => [name, sparse(field, random, share, isKept)]),
  );
}

/** Replies whose rows are matched by token: an absent row means an absent object. */
const bulkPaths = /_bulk/;

interface Reply {
  readonly status: number;
  readonly text: string;
}

function failure(status: number, code: string): Reply {
  return { status, text: JSON.stringify({ status: 'fail', error: { code, message: 'not here' } }) };
}

function changed(reply: Reply, method: string, path: string, random: () => number): Reply {
  if (reply.status !== 200 || random() < 0.3) return reply;
  const fate = random();
  if (method === 'GET' && fate < 0.08) return failure(404, 'not-found');
  if (fate > 0.97) return failure(fate > 0.985 ? 403 : 500, 'rejected');
  let whole: unknown;
  try {
    whole = JSON.parse(reply.text);
  } catch {
    return reply;
  }
  if (!isRecord(whole)) return reply;
  const share = random() * 0.6;
  const rows = (body: unknown) => (Array.isArray(body) ? body.filter(() => random() >= share) : body);
  const body = 'reply' in whole && bulkPaths.test(path) ? rows(whole.reply) : whole.reply;
  return { status: 200, text: JSON.stringify({ ...whole, reply: sparse(body, random, share) }) };
}

export interface SparseUpstream extends AsyncDisposable {
  readonly url: string;
}

/** @param isSparse Whether a request meets this at all, by its X-Request-ID. */
export async function startSparseUpstream(
  upstreamUrl: string,
  isSparse: (requestId: string) => boolean,
): Promise<SparseUpstream> {
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    const requestId = String(headers['x-request-id']);
    const passed = send(`${upstreamUrl}${path}`, { method, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const isJson = answer.headers['content-type']?.startsWith('application/json') === true;
      const seed = createHash('sha256').update(`${requestId} ${method} ${path}`).digest().readInt32BE();
      const reply = { status: answer.statusCode ?? 502, text };
      const own = isJson && isSparse(requestId) ? changed(reply, method, path, randomNumbers(seed)) : reply;
      const { 'content-length': _length, ...rest } = answer.headers;
      outgoing.writeHead(own.status, rest).end(own.text);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  return listenOnLoopback(server);
}
