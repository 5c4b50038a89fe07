/** The GraphiQL page and its script: no request to any other host. The script comes apart, for browsers compile it faster so. */
import { createHash } from 'node:crypto';
import { createStaticFile, type StaticFile } from './static-file.ts';

export interface GraphiQLOptions {
  /** Operations shown in tabs. */
  readonly tabs: readonly { readonly query: string; readonly variables?: string }[];
  /** Filled into the header editor of every tab; undefined leaves it empty. */
  readonly authorization: string | undefined;
}

export interface GraphiQL {
  readonly page: StaticFile;
  readonly script: StaticFile;
}

/** Under the path of the page, so that a proxy that forwards the one forwards the other. */
export const graphiqlScriptPath = '/graphql/graphiql.js';

export async function createGraphiQL({ tabs, authorization }: GraphiQLOptions): Promise<GraphiQL> {
  // Thirty megabytes of heap, which a gateway without the page does without.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // Half a header would make the page's introspection fail, which needs no credential.
  const headers = authorization === undefined ? '' : JSON.stringify({ Authorization: authorization });
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
  const [start, end] = [html.indexOf('<script>'), html.lastIndexOf('</script>')];
  const script = html.slice(start + '<script>'.length, end);
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const source = `${graphiqlScriptPath}?${encodeURIComponent(hash)}`;
  const page = (html.slice(0, start) + html.slice(end + '</script>'.length)).replace(
    '<head>',
    `<head>\n      <script defer src="${source}" integrity="${hash}"></script>`,
  );
  return {
    page: createStaticFile(page, 'text/html', {
      'cache-control': 'private, no-cache',
      'content-security-policy': contentSecurityPolicy(hash),
      'referrer-policy': 'no-referrer',
    }),
    // Its address changes with it.
    script: createStaticFile(script, 'text/javascript', { 'cache-control': 'private, max-age=31536000, immutable' }),
  };
}

/** Only the page's own script runs, named by its hash; the editor's workers are blobs it makes and its styles are inline. */
function contentSecurityPolicy(scriptHash: string): string {
  return [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
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
