/** How much longer a tool of `/mcp` takes than the same operation over `POST /graphql`. */
import { Pool } from 'undici';
import { textOf, UserDocument } from '../../src/documents.ts';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { toolCall } from '../support/mcp-request.ts';
import { basic } from '../support/stack.ts';
import { percentile, rounded } from './figures.ts';
import { startPlainUpstream } from './plain-upstream.ts';

export interface McpLatency {
  readonly requests: number;
  /** Medians, in milliseconds. */
  readonly graphql: number;
  readonly mcp: number;
  readonly failed: number;
}

const token = '8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10';

/** @param options.requests Of each kind, one at a time and in turn. */
export async function runMcpLatency(options: { readonly requests: number }): Promise<McpLatency> {
  await build();
  await using upstream = await startPlainUpstream();
  const env = { UPSTREAM_API: 'v2', ENTITY_CACHE_MS: '0', MCP: 'true' };
  await using gateway = await startGatewayProcess(upstream.url, { env });
  const pool = new Pool(gateway.url, { connections: 1, pipelining: 1 });
  const headers = {
    authorization: basic('ada'),
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  };
  const bodies = {
    '/graphql': JSON.stringify({ query: textOf(UserDocument), variables: { id: token } }),
    '/mcp': JSON.stringify(toolCall('User', { id: token })),
  } as const;
  const times: Record<keyof typeof bodies, number[]> = { '/graphql': [], '/mcp': [] };
  let failed = 0;
  const ask = async (path: keyof typeof bodies, isTimed: boolean): Promise<void> => {
    const startedAt = performance.now();
    const response = await pool.request({ path, method: 'POST', headers, body: bodies[path] });
    const text = await response.body.text();
    if (isTimed) times[path].push(performance.now() - startedAt);
    if (!text.includes('Ada Lovelace') || text.includes('errors')) failed += 1;
  };
  const warmUp = 500;
  for (let index = -warmUp; index < options.requests; index += 1) {
    await ask('/graphql', index >= 0);
    await ask('/mcp', index >= 0);
  }
  await pool.close();
  const median = (path: keyof typeof bodies) => rounded(percentile(times[path], 0.5), 3);
  return { requests: options.requests, graphql: median('/graphql'), mcp: median('/mcp'), failed };
}
