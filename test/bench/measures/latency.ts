/** What the gateway adds to a direct call at a steady 500 requests a second. */
import { askSteadily, type Latencies } from '../load/steady.ts';
import { paths } from '../peers/resolvers.ts';
import { authorizationOf, oneUser } from '../queries.ts';
import { median } from '../statistics.ts';
import type { HttpSubject } from '../subjects/http-subject.ts';

export interface AddedLatency {
  readonly direct: Latencies;
  readonly gateway: Latencies;
  readonly addedP50Ms: number;
  readonly addedP99Ms: number;
}

export async function measureAddedLatency(
  gateway: HttpSubject,
  upstreamUrl: string,
  options: { readonly rounds: number; readonly seconds: number },
): Promise<AddedLatency> {
  const pace = { authorization: authorizationOf(0), perSecond: 500, seconds: options.seconds } as const;
  const toUpstream = {
    ...pace,
    method: 'GET',
    url: upstreamUrl + paths.user(String(oneUser.variables.id)),
    body: null,
  } as const;
  const toGateway = { ...pace, method: 'POST', url: gateway.url, body: gateway.bodyOf(oneUser) } as const;
  await askSteadily({ ...toGateway, seconds: 2 });
  await askSteadily({ ...toUpstream, seconds: 1 });
  const direct: Latencies[] = [];
  const through: Latencies[] = [];
  for (let round = 0; round < options.rounds; round++) {
    direct.push(await askSteadily(toUpstream));
    through.push(await askSteadily(toGateway));
  }
  const middle = (rounds: readonly Latencies[]): Latencies => ({
    p50Ms: median(rounds.map((round) => round.p50Ms)),
    p99Ms: median(rounds.map((round) => round.p99Ms)),
  });
  const [a, b] = [middle(direct), middle(through)];
  return { direct: a, gateway: b, addedP50Ms: b.p50Ms - a.p50Ms, addedP99Ms: b.p99Ms - a.p99Ms };
}
