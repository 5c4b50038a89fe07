/** Reads a caller's event stream frame by frame; every frame is validated against the contract. */
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { WireObject } from '../generated/wire-data.ts';
import { basicOf } from './sandbox-caller.ts';
import { frameFaults } from './sandbox-contract.ts';
import { within } from './wait.ts';

/** What only events have, beside the objects of the contract (EVENTS.md, EVENTS-v5.md). */
export interface EventPayload extends Omit<WireObject, 'event'> {
  readonly action: string;
  readonly advisory: { readonly name: string; readonly replay_message_count: number };
  /** What happened: the word of a notice. */
  readonly event: string;
  readonly friend: WireObject & { readonly action: string };
  readonly is_group_replay: boolean;
  readonly proxy_token: string;
}

interface Frame {
  readonly id: string;
  /** Without `tigertext:iq:`. */
  readonly type: string;
  readonly payload: EventPayload;
}

export interface Stream extends AsyncDisposable {
  readonly status: number;
  readonly headers: Headers;
  /** All frames so far. */
  readonly frames: readonly Frame[];
  /** The text as it came, for frames that are none. */
  readonly text: () => string;
  /** The first frame, seen or yet to come, that fits. */
  find(type: string, fits?: (payload: Frame['payload']) => boolean): Promise<Frame>;
  /** Resolves when the stream is over, cut or not. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface StreamRequest {
  readonly features?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  /** `/v2/events` when left out. */
  readonly path?: '/v2/events' | '/v5/events';
  /** For streams that a fault spoils on purpose. */
  readonly unchecked?: boolean;
}

export async function openStream(
  sandbox: Pick<Sandbox, 'url'>,
  name: string,
  request: StreamRequest = {},
): Promise<Stream> {
  const abort = new AbortController();
  const response = await fetch(`${sandbox.url}${request.path ?? '/v2/events'}`, {
    headers: {
      authorization: request.authorization ?? basicOf(name),
      accept: 'text/event-stream',
      ...(request.features === undefined ? {} : { 'tt-x-features': request.features }),
      ...request.headers,
    },
    signal: abort.signal,
  });
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  let taken = 0;
  let fault: Error | undefined;
  const wake = () => {
    for (const check of waiting) check();
  };
  const take = () => {
    for (let end = text.indexOf('\n\n', taken); end !== -1; end = text.indexOf('\n\n', taken)) {
      const block = text.slice(taken, end);
      taken = end + 2;
      if (!block.startsWith('data: ')) throw new Error(`no data line: ${block.slice(0, 80)}`);
      let document: { event_id: string; event: Readonly<Record<string, EventPayload>> };
      try {
        document = JSON.parse(block.slice('data: '.length));
      } catch (error) {
        if (request.unchecked === true) continue;
        throw error;
      }
      const faults =
        request.unchecked === true ? [] : frameFaults(document, request.path === '/v5/events' ? 'v5' : 'v2');
      if (faults.length > 0) throw new Error(`${faults.join('; ')} in ${block.slice(0, 300)}`);
      for (const [type, payload] of Object.entries(document.event).slice(0, 1))
        frames.push({ id: document.event_id, type: type.replace(/^tigertext:iq:/, ''), payload });
    }
  };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      take();
      wake();
    }
  };
  const ended = read()
    .catch((error: unknown) => {
      // A cut connection is an end like any other; a frame against the contract is not.
      if (error instanceof Error && error.name !== 'AbortError' && error.message !== 'terminated') fault = error;
    })
    .then(wake);
  return {
    status: response.status,
    headers: response.headers,
    frames,
    text: () => text,
    ended,
    find: (type, fits = () => true) =>
      within(
        new Promise((resolve, reject) => {
          const check = () => {
            const frame = frames.find((each) => each.type === type && fits(each.payload));
            if (frame === undefined && fault === undefined) return;
            waiting.delete(check);
            if (frame === undefined) reject(fault);
            else resolve(frame);
          };
          waiting.add(check);
          check();
        }),
      ),
    close: () => abort.abort(),
    async [Symbol.asyncDispose]() {
      abort.abort();
      await ended;
    },
  };
}
