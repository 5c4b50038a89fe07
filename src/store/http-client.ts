/** A client over `fetch` alone: answers as JSON, files as multipart requests, subscriptions as server-sent events. */
import type { StoreClient, StoreRequest, StoreResult, StoreSink } from './client.ts';

export interface HttpClientOptions {
  /** Address of the gateway's `/graphql`. */
  readonly url: string;
  /** Called for each request: `{ authorization }`. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** In place of `fetch`: for example one that reports upload progress. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Silence after which a stream counts as lost; the gateway writes a comment every 12 s. */
const silenceMs = 45_000;
/** The gateway responds to subscriptions with events, and to all else with JSON. */
const accept = 'application/json, text/event-stream';

/** The store's client for pages and programs without another one. */
export function createHttpClient(options: HttpClientOptions): StoreClient {
  return {
    subscribe(request, sink) {
      const abort = new AbortController();
      const run = async () => {
        const response = await post(options, request, abort.signal);
        const type = response.headers.get('content-type') ?? '';
        if (type.startsWith('text/event-stream')) await readEvents(response, sink, abort);
        else sink.next((await response.json()) as StoreResult); // GraphQL over HTTP
        sink.complete();
      };
      run().catch((error: unknown) => sink.error(error));
      return () => abort.abort();
    },
  };
}

function post(
  { url, headers, fetch: send = fetch }: HttpClientOptions,
  request: StoreRequest,
  signal: AbortSignal,
): Promise<Response> {
  const form = formOf(request);
  const type = form === undefined ? { 'content-type': 'application/json' } : {};
  const body = form ?? JSON.stringify(request);
  return send(url, { method: 'POST', headers: { accept, ...type, ...headers?.() }, body, signal });
}

/** The GraphQL multipart request, for the one file that the store sends. */
function formOf(request: StoreRequest): FormData | undefined {
  const { input } = request.variables as { readonly input?: { readonly attachment?: unknown } };
  if (!(input?.attachment instanceof Blob)) return undefined;
  const form = new FormData();
  const variables = { input: { ...input, attachment: null } };
  form.set('operations', JSON.stringify({ ...request, variables }));
  form.set('map', JSON.stringify({ 0: ['variables.input.attachment'] }));
  form.set('0', input.attachment);
  return form;
}

async function readEvents({ body }: Response, sink: StoreSink, abort: AbortController): Promise<void> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const watchdog = setTimeout(() => abort.abort(), silenceMs);
    const read = await reader?.read().finally(() => clearTimeout(watchdog));
    if (read?.value === undefined) return;
    text += decoder.decode(read.value, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, data] = /^event: next\ndata: (.*)$/m.exec(frame) ?? [];
      if (data !== undefined) sink.next(JSON.parse(data) as StoreResult); // of the gateway
    }
  }
}
