/** How long the first operation after the start takes, and the first ones of a document that it has not seen. */
import { print } from 'graphql';
import { NodesDocument } from '../../../src/documents.ts';
import { type Operation, oneUser } from '../queries.ts';
import { median } from '../statistics.ts';
import { startGateway } from '../subjects/gateway.ts';
import type { HttpSubject } from '../subjects/http-subject.ts';

export interface FirstRequests {
  /** Milliseconds of the first request after the start. */
  readonly afterStartMs: number;
  /** Milliseconds of the first request of an unseen document: the largest query of `schema/operations`. */
  readonly unseenMs: number;
  /** Milliseconds of the same request when it comes again, which compiles it (`COMPILE_AFTER`). */
  readonly secondMs: number;
  /** Milliseconds of the third. */
  readonly thirdMs: number;
}

const largest: Operation = {
  query: print(NodesDocument),
  variables: { ids: [`User:${String(oneUser.variables.id)}`] },
};
/** Requests for another document, after which the gateway is no longer new. */
const warmUpRequests = 300;

/** @returns Medians of several starts. */
export async function measureFirstRequests(upstreamUrl: string, starts: number): Promise<FirstRequests> {
  const times: FirstRequests[] = [];
  for (let start = 0; start < starts; start++) {
    const { subject } = await startGateway({ upstreamUrl });
    // The bench's own client is made ready by a request to another path.
    await fetch(new URL('/healthz', subject.url));
    const afterStartMs = await millisecondsOf(subject, oneUser);
    for (let request = 0; request < warmUpRequests; request++) await subject.ask(oneUser, request);
    const unseenMs = await millisecondsOf(subject, largest);
    const secondMs = await millisecondsOf(subject, largest);
    times.push({ afterStartMs, unseenMs, secondMs, thirdMs: await millisecondsOf(subject, largest) });
    await subject.stop();
  }
  const of = (key: keyof FirstRequests) => median(times.map((each) => each[key]));
  return {
    afterStartMs: of('afterStartMs'),
    unseenMs: of('unseenMs'),
    secondMs: of('secondMs'),
    thirdMs: of('thirdMs'),
  };
}

async function millisecondsOf(subject: HttpSubject, operation: Operation): Promise<number> {
  const askedAt = performance.now();
  await subject.ask(operation, 0);
  return performance.now() - askedAt;
}
