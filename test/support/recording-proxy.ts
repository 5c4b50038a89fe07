/** A proxy between gateway and upstream that forwards everything unchanged, and records every request and text. */
import { createServer, request as send } from 'node:http';
import { listenOnLoopback } from './loopback.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** As on the wire, with names in lower case; a header that was sent twice is here twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Name and value of each header, repeated ones included. */
export function headersOnWire(rawHeaders: readonly string[]): (readonly [name: string, value: string])[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  );
}

/** Names of headers that stand more than once. */
export function repeatedHeaders(headers: readonly (readonly [name: string, value: string])[]): string[] {
  const names = headers.map(([name]) => name);
  return names.filter((name, index) => names.indexOf(name) !== index);
}

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** In the order of their arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Every text value in JSON, in either direction: bodies, names, addresses, tokens, whatever it was. */
  readonly texts: ReadonlySet<string>;
}

export async function startRecordingProxy(upstreamUrl: string): Promise<RecordingProxy> {
  const texts = new Set<string>();
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', rawHeaders } = incoming;
    requests.push({ method, path, headers: headersOnWire(rawHeaders) });
    const passed = send(`${upstreamUrl}${path}`, { method, headers: rawHeaders }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') === true;
      let rest = '';
      answer.on('data', (chunk: Buffer) => {
        outgoing.write(chunk);
        rest += String(chunk);
        if (!isStream) return;
        const frames = rest.split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) remember(frame.replace(/^data: ?/, ''), texts);
      });
      answer.on('end', () => {
        remember(rest, texts);
        outgoing.end();
      });
      answer.on('error', () => outgoing.destroy());
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += String(chunk);
      passed.write(chunk);
    });
    incoming.on('end', () => {
      remember(body, texts);
      passed.end();
    });
  });
  return { ...(await listenOnLoopback(server)), texts, requests };
}

function remember(json: string, texts: Set<string>): void {
  try {
    JSON.parse(json, (_key, value: unknown) => {
      if (typeof value === 'string') texts.add(value);
      return value;
    });
  } catch {
    // Not JSON: files, and what faults make of an answer. Tests plant words of their own there.
  }
}
