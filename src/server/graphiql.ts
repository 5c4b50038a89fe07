/** The GraphiQL page: whole in one answer, with no request to any other host, compressed once. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface GraphiQLOptions {
  /** Operations shown in tabs. */
  readonly tabs: readonly { readonly query: string; readonly variables?: string }[];
  /** Filled into the header editor of every tab; undefined leaves it to the reader. */
  readonly authorization: string | undefined;
}

export type GraphiQLPage = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Nine megabytes of editor: these settings halve the time of the defaults for a few percent of size. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 } };

export function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept !== undefined && headers.accept.includes('text/html');
}

export async function createGraphiQLPage({ tabs, authorization }: GraphiQLOptions): Promise<GraphiQLPage> {
  // Thirty megabytes of heap, which a gateway without the page does without.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers =
    authorization === undefined ? '{"Authorization": "Basic "}' : JSON.stringify({ Authorization: authorization });
  const html = renderGraphiQL({
    title: 'TigerConnect GraphQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    // Credentials do not belong into a browser's storage.
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: 'headers',
    headers,
    defaultHeaders: headers,
    defaultTabs: tabs.map(({ query, variables }) => ({ query, headers, variables: variables ?? null })),
  });
  const page = Buffer.from(html);
  const etag = `"${createHash('sha256').update(page).digest('base64url')}"`;
  const policy = contentSecurityPolicy(html);
  // Compressed when first asked for, in the thread pool; most processes never show the page.
  let compressed: Promise<{ readonly br: Buffer; readonly gzip: Buffer }> | undefined;

  return async (request, response) => {
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'private, no-cache');
    response.setHeader('vary', 'accept-encoding');
    response.setHeader('content-security-policy', policy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    compressed ??= compress(page);
    const { 'accept-encoding': accepted = '' } = request.headers;
    const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
    const body = encoding === undefined ? page : (await compressed)[encoding];
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    });
    response.end(body);
  };
}

async function compress(page: Buffer) {
  const [br, gz] = await Promise.all([promisify(brotliCompress)(page, brotliOptions), promisify(gzip)(page)]);
  return { br, gzip: gz };
}

/** Only the page's own script runs, named by its hash; the editor's workers are blobs it makes and its styles are inline. */
function contentSecurityPolicy(html: string): string {
  const start = html.indexOf('<script>') + '<script>'.length;
  const script = html.slice(start, html.lastIndexOf('</script>'));
  // Browsers normalise line ends before they hash.
  const hash = createHash('sha256').update(script.replaceAll('\r\n', '\n')).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
