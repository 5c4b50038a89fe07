/** A sandbox in which some operations always fail, and the context in which an operation runs against it in this process. */
import { GatewayContext, type GatewayServices } from '../../src/context.ts';
import { createEventHub } from '../../src/events/hub.ts';
import { ConversationMemory } from '../../src/loaders/conversation-memory.ts';
import { EntityCache } from '../../src/loaders/entity-cache.ts';
import { createLog } from '../../src/observability/log.ts';
import type { FaultOrderInput } from '../../src/sandbox/faults/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type ApiVersionOptions, ApiVersions } from '../../src/upstream/api-version.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { type Credential, createCredential } from '../../src/upstream/credential.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { controlOf } from './sandbox-control.ts';
import { startSparseUpstream } from './sparse-upstream.ts';
import { basic, testConfig } from './stack.ts';
import { worldTexts } from './world-texts.ts';

/** Faults are not retried and open no circuit breaker, so that each run meets the same. */
export const faultySettings = {
  upstreamRetries: 0,
  upstreamBreakerFailures: 1_000_000,
  upstreamTimeoutMs: 60_000,
} as const;
const log = createLog('silent');

export interface FaultyWorld extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly texts: readonly string[];
  contextOf(name?: string, requestId?: string): GatewayContext;
  /** Marks all messages delivered, which reading a history would: an operation that is run twice then meets the same state. */
  settle(): Promise<void>;
}

/** Marks all messages delivered: reading a history would, and the next executor would find another state. */
async function settleDelivered(url: string): Promise<void> {
  const headers = { authorization: basic('ada'), 'content-type': 'application/json' };
  let continuation = '';
  do {
    const response = await fetch(`${url}/v5/roster?paginated=true${continuation}`, { headers });
    const { items, continuation: next } = (await response.json()).reply;
    for (const { conversation_id: id } of items) {
      const body = JSON.stringify({ status: 'Delivered' });
      await fetch(`${url}/v5/conversation/${id}/status`, { method: 'POST', headers, body });
    }
    continuation = next === null ? '' : `&continuation=${encodeURIComponent(next)}`;
  } while (continuation !== '');
}

export interface FaultyWorldOptions {
  /** Requests whose replies lack what the contract lets them lack, by their X-Request-ID; none when left out. */
  readonly isSparse?: (requestId: string) => boolean;
  /** What the upstream offers; `auto` when left out. */
  readonly api?: ApiVersionOptions['api'];
}

export async function startFaultyWorld({ isSparse, api = 'auto' }: FaultyWorldOptions = {}): Promise<FaultyWorld> {
  const sandbox = await startSandbox();
  const between = isSparse && (await startSparseUpstream(sandbox.url, isSparse));
  const config = testConfig(between?.url ?? sandbox.url, faultySettings);
  const client = createUpstreamClient({ config, log });
  const versions = new ApiVersions({ api, retryMs: 60_000, maxEntries: 100 });
  // As the gateway does it: the sandbox rejects ids that no event can have.
  const acknowledge = (credential: Credential, ids: readonly string[]) =>
    acknowledgeEvents(client.for({ credential, requestId: 'acknowledging' }), ids, versions.streamOf(credential));
  const hub = createEventHub({ origin: config.upstreamUrl, settings: config, log, acknowledge });
  const services: GatewayServices = {
    upstream: client,
    hub,
    log,
    bulkSupport: { users: true, statuses: true, metadata: true },
    entityCache: new EntityCache({ ttlMs: 0, maxEntries: 0 }),
    conversationMemory: new ConversationMemory({ versions, maxEntries: 1_000 }),
    audit: undefined,
    auditAccount: { waitMs: 0, retryMs: 0 },
    productKey: undefined,
    operationTimeoutMs: 60_000,
    maxEventLength: config.streamMaxFrame,
  };
  await settleDelivered(sandbox.url);
  const { texts, groupTokens } = await worldTexts(sandbox.url);
  const [broken = '', forbidden = '', wrong = ''] = groupTokens;
  const control = controlOf(sandbox);
  const faults: readonly FaultOrderInput[] = [
    { kind: 'status', status: 500, path: `/v2/group/${broken}*` },
    { kind: 'status', status: 403, path: `/v2/group/${forbidden}*` },
    { kind: 'wrong-shape', path: `/v2/group/${wrong}*` },
    { kind: 'status', status: 429, operationId: 'listUserOrganizations' },
  ];
  // What is sparse has faults of its own.
  if (between === undefined) for (const fault of faults) await control.fault(fault);
  return {
    sandbox,
    texts,
    settle: () => settleDelivered(sandbox.url),
    contextOf: (name = 'ada', requestId = 'differential') =>
      new GatewayContext(services, { credential: createCredential(basic(name)), requestId }),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await client.close();
      await between?.[Symbol.asyncDispose]();
      await sandbox.close();
    },
  };
}
