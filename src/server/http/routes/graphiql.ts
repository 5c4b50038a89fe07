/** The GraphiQL page and its script, without requests to other hosts. The script is a separate file, which browsers compile faster. */
import { createHash } from 'node:crypto';
import { createStaticFile, type StaticFile } from './static-file.ts';

export interface GraphiQLOptions {
  /** Operations shown in tabs. */
  readonly tabs: readonly { readonly query: string; readonly variables?: string }[];
  /** `Authorization` header in the header editor of every tab; undefined leaves the editor empty. */
  readonly authorization: string | undefined;
}

export interface GraphiQL {
  readonly page: StaticFile;
  readonly script: StaticFile;
}

/**
 * GraphiQL has three columns, which do not fit a phone. It takes the whole window for itself, and the lines of its editor reach beyond it:
 * here it takes what the notice leaves, and the page has no scroll bars.
 */
const layout = `<style>
      html { overflow: hidden; }
      body { position: fixed; inset: 0; display: flex; flex-direction: column; overflow: clip; }
      #root { flex: 1; min-height: 0; }
      #root > *, #root .graphiql-container { width: 100%; height: 100%; }
      .narrow { display: none; }
      @media (max-width: 44rem) { .narrow { display: block; margin: 0; padding: 0.75rem 1rem; font: 1rem/1.4 system-ui, sans-serif; color: #17242c; background: #fff3d6; } }
    </style>
    <p class="narrow" role="note">This window is too narrow for GraphiQL. Turn the phone, or open the page on a wider screen.</p>`;

/** Below the path of the page, so that a proxy that forwards the page also forwards the script. */
export const graphiqlScriptPath = '/graphql/graphiql.js';

/**
 * Renders the page once: with the credential of the sandbox at the first request, because that is half of the processor time in which such a
 * process starts; otherwise now, because it holds up the event loop.
 * @param options.tabs Operations that it opens with.
 */
export async function createGraphiQL(options: GraphiQLOptions): Promise<GraphiQL> {
  let rendered: Promise<GraphiQL> | undefined;
  const render = () => {
    rendered ??= renderFiles(options);
    return rendered;
  };
  if (options.authorization === undefined) await render();
  return {
    page: async (request, response) => (await render()).page(request, response),
    script: async (request, response) => (await render()).script(request, response),
  };
}

async function renderFiles({ tabs, authorization }: GraphiQLOptions): Promise<GraphiQL> {
  // Imported on demand: it takes 30 MB of heap.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // No placeholder when there is no credential: an incomplete header fails the page's introspection, which needs none.
  const headers = authorization === undefined ? '' : JSON.stringify({ Authorization: authorization });
  const html = renderGraphiQL({
    title: 'TigerConnect GraphQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    // Keeps credentials out of the browser's storage.
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
  const page = (html.slice(0, start) + html.slice(end + '</script>'.length))
    .replace('<head>', `<head>\n      <script defer src="${source}" integrity="${hash}"></script>`)
    .replace(/<body[^>]*>/, (body) => `${body}\n    ${layout}`);
  return {
    page: createStaticFile(page, 'text/html', {
      'cache-control': 'private, no-cache',
      'content-security-policy': contentSecurityPolicy(hash),
      'referrer-policy': 'no-referrer',
    }),
    // Its URL contains its hash, so it never changes.
    script: createStaticFile(script, 'text/javascript', { 'cache-control': 'private, max-age=31536000, immutable' }),
  };
}

/** Allows the page's own script by its hash, the blob workers that the editor creates, and inline styles. */
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
