/** Reads one JSON document of an identity provider, within bounds. jose's own fetch has none for the size, and takes no CA. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface DocumentBounds {
  /** Maximum time from the request to the end of the document. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Certificate authorities in PEM, in place of the public ones; undefined for these. */
  readonly ca: string | undefined;
}

/**
 * Redirects are not followed: keys must come from the address that the provider published.
 * @throws Error when the document exceeds a bound or is not JSON.
 */
export function readDocument(url: URL, { timeoutMs, maxBytes, ca }: DocumentBounds): Promise<unknown> {
  const headers = { accept: 'application/json' };
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { headers, signal, agent: false } as const;
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(url, { ...options, ca }) : requestHttp(url, options);
    request.on('error', reject);
    // A pending request does not delay the exit of the process.
    request.on('socket', (socket) => socket.unref());
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', reject);
      if (response.statusCode !== 200) {
        request.destroy(new Error('The identity provider did not answer with 200.'));
        return;
      }
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) request.destroy(new Error('A document of the identity provider is too large.'));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.end();
  });
}
