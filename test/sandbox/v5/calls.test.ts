import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clinics } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { contractOperationsV5 } from '../../support/sandbox-contract.ts';
import { controlOf } from '../../support/sandbox-control.ts';
import { openStream } from '../../support/sandbox-stream.ts';

describe('the call log', () => {
  let sandbox: Sandbox;
  let ada: Caller;
  let grace: Caller;
  /** `operationId status` of every answer held against the contract. */
  const seen = new Set<string>();
  beforeAll(async () => {
    sandbox = await startSandbox();
    [ada, grace] = (await Promise.all(['ada', 'grace'].map((name) => callerOf(sandbox, name, seen)))) as [
      Caller,
      Caller,
    ];
  });
  beforeEach(() => controlOf(sandbox).reset());
  afterAll(() => sandbox.close());

  const log = async (caller: Caller, query = '', organization?: string) => {
    const headers = organization === undefined ? undefined : { 'TT-X-Organization-Key': organization };
    return caller.get(`/v2/call_log${query}`, headers && { headers });
  };

  it('has the calls of the caller in one organization, the newest first, page by page', async () => {
    const all = (await log(ada, '?network=provider&size=10')).reply;
    expect(all.metadata).toEqual({ next_page: null, fully_fetched: true });
    expect(all.results.map(({ type, caller, target }) => [type, caller.entity.display_name, target.type])).toEqual([
      ['missed_voip_call', 'Grace Hopper', 'account'],
      ['ended_voip_call', 'Margaret Hamilton', 'group'],
      ['ended_voip_call', 'Grace Hopper', 'group'],
      ['ended_voip_call', 'Alan Turing', 'account'],
      ['missed_voip_call', 'Ada Lovelace', 'account'],
      ['missed_voip_call', 'Florence Nightingale', 'account'],
      ['ended_voip_call', 'Ada Lovelace', 'account'],
    ]);
    const first = (await log(ada, '?size=4&page=')).reply;
    const rest = (await log(ada, `?size=4&page=${first.metadata.next_page}`)).reply;
    expect([...first.results, ...rest.results]).toEqual(all.results);
    expect((await log(ada, '?network=patient')).reply.results).toEqual([]);
    expect((await log(ada, '', clinics)).reply.results).toEqual([]);
    expect((await log(ada, '', 'foreign')).status).toBe(403);
    for (const wrong of ['?size=0', '?network=both', '?page=never']) expect((await log(ada, wrong)).status).toBe(400);
  });

  it('gets an entry for each call, whose events both sides receive', async () => {
    const control = controlOf(sandbox);
    await using called = await openStream(sandbox, 'grace', { path: '/v5/events' });
    await using calling = await openStream(sandbox, 'ada');
    const id = await control.call({ caller: 'ada', target: 'grace', seconds: 30, isVideo: true });
    expect((await called.find('voip:incoming')).payload).toMatchObject({
      call_id: id,
      payload: { caller_id: ada.token, participants_tokens: [grace.token], is_video: true },
    });
    for (const stream of [called, calling]) {
      await stream.find('voip:answered');
      expect((await stream.find('voip:ended')).payload).toMatchObject({ call_id: id, reason: 'ended' });
    }
    expect((await log(grace)).reply.results[0]).toMatchObject({
      id,
      type: 'ended_voip_call',
      duration: 30,
      is_video: true,
    });
    await control.call({ caller: 'ada', target: 'grace', outcome: 'declined' });
    expect((await called.find('voip:ended', ({ reason }) => reason === 'declined')).payload.reason).toBe('declined');
    expect((await log(grace)).reply.results[0]).toMatchObject({ type: 'missed_voip_call', duration: 0 });
    const role = (await ada.post('/v2/search', { type: ['account'], bool: { must: { display_name: 'Cardiologist' } } }))
      .reply;
    await control.call({ caller: 'ada', target: role.results[0].token, network: 'patient', outcome: 'unanswered' });
    expect((await log(grace, '?network=patient')).reply.results).toMatchObject([
      { target: { entity: { display_name: 'Cardiologist on call' } } },
    ]);
    for (const wrong of [{ target: 'nobody' }, { target: 'joan' }]) {
      await expect(control.call({ caller: 'ada', ...wrong })).rejects.toThrow('Target');
    }
    await expect(control.call({ caller: 'ada', target: 'grace', organization: 'foreign' })).rejects.toThrow();
  });

  it('has caused every response of the contract', async () => {
    const operation = contractOperationsV5.find(({ operationId }) => operationId === 'getCallLog');
    await ada.call('GET', '/v2/call_log', { authorization: null });
    await controlOf(sandbox).fault({ kind: 'status', status: 404, operationId: 'getCallLog', count: 1 });
    await log(ada);
    const listed = Object.keys(operation?.responses ?? {}).map((status) => `getCallLog ${status}`);
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
