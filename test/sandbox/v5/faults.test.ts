import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultOrderInput } from '../../../src/sandbox/faults/faults.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { basicOf, type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { conversationWith, rosterPages, textsOf, timeline } from '../../support/sandbox-conversation.ts';
import { openStream } from '../../support/sandbox-stream.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let alan: Caller;
let direct: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
  alan = await callerOf(sandbox, 'alan');
  direct = await conversationWith(alan, 'grace');
});
afterEach(() => control.clearFaults());
afterAll(() => sandbox.close());

const path = '/v5/events';

describe('a fault on a v5 path', () => {
  it('loses the answer of a send that was stored, which a repetition with the same Request-ID finds out', async () => {
    await control.fault({ kind: 'lose', operationId: 'sendMessageV5', caller: 'alan', count: 1 });
    const headers = { 'Request-ID': '0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9c01' };
    const send = () => alan.post('/v5/message', { conversation_id: direct, body: 'once' }, { headers });
    await expect(send()).rejects.toThrow();
    const again = await send();
    expect(again.status).toBe(304);
    const { timeline: items } = await timeline(alan, direct);
    expect(items).toMatchObject([{ body: 'once', message_id: again.headers.get('tt-x-message-id') }]);
  });

  it.each<readonly [FaultOrderInput, string]>([
    [{ kind: 'garbage', path: '/v5/roster' }, '/v5/roster'],
    [{ kind: 'wrong-shape', operationId: 'listConversations' }, '/v5/roster'],
    [{ kind: 'html', path: '/v5/conversation/*' }, `/v5/conversation/x`],
    [{ kind: 'body', operationId: 'getMeV5', body: { status: 'success', reply: 42 } }, '/v5/user'],
    [{ kind: 'status', status: 429, retryAfter: 2, path: '/v5/mute' }, '/v5/mute'],
  ])('spoils an answer: %j', async (fault, target) => {
    await control.fault({ ...fault, caller: 'alan', count: 1 } as FaultOrderInput);
    const answer = await alan.get<unknown>(target, { unchecked: true }).catch((error: Error) => error);
    const isSpoilt =
      answer instanceof Error ||
      answer.status >= 400 ||
      answer.reply === 42 ||
      JSON.stringify(answer.reply).includes(':42');
    expect(isSpoilt).toBe(true);
    expect(await control.faults()).toEqual([]);
  });

  it('cuts an answer and rejects a request', async () => {
    for (const kind of ['cut', 'refuse'] as const) {
      await control.fault({ kind, path: '/v5/roster', count: 1 });
      await expect(alan.get('/v5/roster')).rejects.toThrow();
    }
    expect((await rosterPages(alan)).length).toBe(1);
  });

  it('spoils a stream: one frame, half a frame, an oversized one, or silence', async () => {
    for (const fault of [
      { kind: 'garbage', text: '{"event_id":' },
      { kind: 'wrong-shape' },
      { kind: 'oversize', bytes: 100_000 },
    ] as const) {
      await control.fault({ ...fault, operationId: 'createEventsV5', count: 1 });
      await using stream = await openStream(sandbox, 'alan', { path, features: 'heartbeat_5', unchecked: true });
      await stream.find('sse:heartbeat');
      const spoilt = { garbage: '{"event_id":\n\n', 'wrong-shape': '"client_id":42', oversize: 'x'.repeat(1_000) };
      expect(stream.text()).toContain(spoilt[fault.kind]);
    }
    await control.fault({ kind: 'cut', operationId: 'createEventsV5', count: 1 });
    await using cut = await openStream(sandbox, 'alan', { path, unchecked: true });
    await cut.ended;
    expect(cut.text()).toMatch(/data: \{"event_id":"0000$/);
    await control.fault({ kind: 'stall', operationId: 'createEventsV5', count: 1 });
    await using stalled = await openStream(sandbox, 'alan', { path });
    const grace = await callerOf(sandbox, 'grace');
    await using other = await openStream(sandbox, 'alan', { path, features: 'no-offline-messages' });
    await grace.post('/v5/message', { conversation_id: direct, body: 'unheard' });
    await other.find('message', ({ body }) => body === 'unheard');
    expect(stalled.text()).not.toContain('unheard');
    expect(await control.openStreams()).toMatchObject({ alan: 2 });
  });

  it('leaves v2 alone when it is for an operation of v5', async () => {
    await control.fault({ kind: 'status', status: 503, operationId: 'listConversations' });
    const headers = { authorization: basicOf('alan') };
    expect((await fetch(`${sandbox.url}/v2/roster`, { headers })).status).toBe(200);
    expect((await fetch(`${sandbox.url}/v5/roster`, { headers })).status).toBe(503);
  });

  it('ends with a restart and a reset: the state is kept by the one and seeded again by the other', async () => {
    const { reply } = await alan.post('/v5/message', { conversation_id: direct, body: 'kept' });
    expect(reply.last_message.body).toBe('kept');
    await control.restart();
    expect(textsOf(await timeline(alan, direct))).toContain('kept');
    await control.reset();
    expect(await conversationWith(alan, 'grace')).toBe(direct);
    expect((await timeline(alan, direct)).timeline).toEqual([]);
  });
});
