/** A sandbox where some things never work, and what an operation needs to run against it within this process. */
import { GatewayContext, type GatewayServices } from '../../src/context.ts';
import { createEventHub } from '../../src/events/hub.ts';
import { ConversationMemory } from '../../src/loaders/conversation-memory.ts';
import { EntityCache } from '../../src/loaders/entity-cache.ts';
import { createLog } from '../../src/log.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { ApiVersions } from '../../src/upstream/api-version.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { type Credential, createCredential } from '../../src/upstream/credential.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { controlOf } from './sandbox-control.ts';
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
  contextOf(name?: string): GatewayContext;
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

export async function startFaultyWorld(): Promise<FaultyWorld> {
  const sandbox = await startSandbox();
  const config = testConfig(sandbox.url, faultySettings);
  const client = createUpstreamClient({ config, log });
  const versions = new ApiVersions({ api: 'auto', retryMs: 60_000, maxEntries: 100 });
  // As the gateway does it: the sandbox rejects ids that no event can have.
  const acknowledge = (credential: Credential, ids: readonly string[]) =>
    acknowledgeEvents(client.for({ credential, requestId: 'acknowledging' }), ids, versions.streamOf(credential));
  const hub = createEventHub({ origin: sandbox.url, settings: config, log, acknowledge });
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
  await control.fault({ kind: 'status', status: 500, path: `/v2/group/${broken}*` });
  await control.fault({ kind: 'status', status: 403, path: `/v2/group/${forbidden}*` });
  await control.fault({ kind: 'wrong-shape', path: `/v2/group/${wrong}*` });
  await control.fault({ kind: 'status', status: 429, operationId: 'listUserOrganizations' });
  return {
    sandbox,
    texts,
    settle: () => settleDelivered(sandbox.url),
    contextOf: (name = 'ada') =>
      new GatewayContext(services, { credential: createCredential(basic(name)), requestId: 'differential' }),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await client.close();
      await sandbox.close();
    },
  };
}
