/** How long the first operation after the start takes, the compilation of its query included. */
import { oneUser } from '../queries.ts';
import { median } from '../statistics.ts';
import { startGateway } from '../subjects/gateway.ts';

/** @returns Milliseconds: the median of several starts. */
export async function measureFirstRequest(upstreamUrl: string, starts: number): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    const { subject } = await startGateway({ upstreamUrl });
    // The bench's own client is made ready by a request to another path.
    await fetch(new URL('/healthz', subject.url));
    const askedAt = performance.now();
    await subject.ask(oneUser, 0);
    times.push(performance.now() - askedAt);
    await subject.stop();
  }
  return median(times);
}
