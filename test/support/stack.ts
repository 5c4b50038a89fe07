/** A real gateway in front of a real sandbox, on free ports, closed at the end of the test's block. */

import { type Config, parseConfig } from '../../src/config/config.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog, type Log } from '../../src/observability/log.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import { closeKeptConnections, postText } from './http-post.ts';

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Every field of the schema; a document has those that it selects. Typed documents have tests of their own. */
  readonly data: SchemaData | null | undefined;
  readonly errors:
    | readonly {
        readonly message: string;
        readonly path?: readonly (string | number)[];
        readonly extensions: Readonly<Record<string, unknown>>;
      }[]
    | undefined;
  readonly text: string;
}

export interface Stack extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly gateway: Gateway;
  /** Every line the gateway logged. */
  readonly logLines: readonly string[];
  /** Sends an operation with a demo person's credential; `null` sends none. */
  query(query: string, variables?: object, as?: string | null): Promise<GraphQLAnswer>;
}

/** `Authorization` of a demo person. */
export function basic(name: string, secret = 'demo'): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

export interface StackOptions {
  readonly config?: Partial<Config>;
  readonly sandbox?: SandboxOptions;
  /** Used instead of a sandbox of the stack's own; not closed with it. */
  readonly upstreamUrl?: string;
  /** Starts a proxy between the gateway and the stack's sandbox; the test closes it after the stack. */
  readonly between?: (sandboxUrl: string) => Promise<{ readonly url: string }>;
}

/** Parsed once: it takes a fifth of the time of a stack's start. */
const defaultConfig = parseConfig({});

/** What the gateway keeps by default, for tests about that and about what it must not lead to. */
export const keeping = { entityCacheMs: defaultConfig.entityCacheMs } as const;

/**
 * Settings tests want: everything on but the GraphiQL page, whose script of some megabytes takes as long to hash as the rest of
 * a start; a free port; nothing that lingers or is kept, so that reads can be counted.
 */
export function testConfig(
  upstreamUrl: string,
  overrides: Partial<Config> = {},
): Config & { readonly upstreamUrl: string } {
  const defaults = {
    ...defaultConfig,
    port: 0,
    logLevel: 'debug',
    graphiql: false,
    streamLingerMs: 100,
    entityCacheMs: 0,
    // Tests send many new documents in a short time, with credentials that the upstream has not accepted yet.
    unprovenWorkPercent: 0,
    // Tests send most documents once, users send most of theirs many times.
    compileAfter: 0,
    shutdownTimeoutMs: 2000,
  } as const;
  return { ...defaults, ...overrides, upstreamUrl };
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const sandbox = await startSandbox(options.sandbox);
  const upstreamUrl = options.upstreamUrl ?? (await options.between?.(sandbox.url))?.url ?? sandbox.url;
  const config = testConfig(upstreamUrl, options.config);
  const { log, logLines } = collectedLog(config.logLevel);
  const gateway = await startGateway({ config, log }).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });
  return {
    sandbox,
    gateway,
    logLines,
    query: (query, variables, as = 'ada') => post(gateway.url, { query, variables }, as),
    async [Symbol.asyncDispose]() {
      closeIdleConnections();
      await gateway.close();
      await sandbox.close();
    },
  };
}

/** On its own: a sampled line keeps the log, and what its closure sees, for ten seconds, which are megabytes of a sandbox. */
function collectedLog(level: string): { readonly log: Log; readonly logLines: readonly string[] } {
  const logLines: string[] = [];
  return { log: createLog(level, { write: (line: string) => void logLines.push(line) }), logLines };
}

/**
 * Closes the connections that `post` and `fetch` keep for their next request, for which a gateway that stops waits 100 ms. Those in use are
 * closed after their answer. Node keeps the agent of `fetch` under this symbol.
 */
function closeIdleConnections(): void {
  closeKeptConnections();
  const key = Symbol.for('undici.globalDispatcher.1');
  const agent: FetchAgent | undefined = Reflect.get(globalThis, key);
  if (agent === undefined) return;
  Reflect.set(globalThis, key, new agent.constructor());
  void agent.close();
}

interface FetchAgent {
  readonly constructor: new () => FetchAgent;
  close(): Promise<void>;
}

export async function post(url: string, body: object, as: string | null = 'ada'): Promise<GraphQLAnswer> {
  const headers = { 'content-type': 'application/json', ...(as === null ? {} : { authorization: basic(as) }) };
  const answer = await postText(`${url}/graphql`, headers, JSON.stringify(body));
  return { ...answer, ...JSON.parse(answer.text) };
}
