/** The `Vary` header, to which several parts of the gateway add names. */
import type { ServerResponse } from 'node:http';

/** Adds names of request headers that the response depends on, beside those that `cors.ts` and others have named. */
export function addVary(response: ServerResponse, names: string): void {
  const named = response.getHeader('vary');
  response.setHeader('vary', named === undefined ? names : `${String(named)}, ${names}`);
}
