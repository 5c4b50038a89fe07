/** What every peer that is a Node process has in common. */
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

export const typeDefs = readFileSync(new URL('./server-schema.graphql', import.meta.url), 'utf8');

export const upstreamUrl = process.env.UPSTREAM_URL ?? '';

/** As many connections as the gateway has by default: without a bound the pool gets slower with every socket. */
export const upstream = new Pool(upstreamUrl, { connections: 128 });

/** The envelope's `reply`. */
export async function get(path: string, authorization: string): Promise<unknown> {
  const { statusCode, body } = await upstream.request({ method: 'GET', path, headers: { authorization } });
  const envelope = (await body.json()) as { readonly reply?: unknown };
  if (statusCode !== 200) throw new Error(`upstream answered ${statusCode}`);
  return envelope.reply;
}

/** Tells the bench where the peer listens, and ends with the bench. */
export function listening(url: string): void {
  process.send?.({ number: 0, value: url });
  process.on('disconnect', () => process.exit(0));
}
