import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clinics, hospital } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { contractOperationsV5 } from '../../support/sandbox-contract.ts';
import { controlOf } from '../../support/sandbox-control.ts';
import { openStream } from '../../support/sandbox-stream.ts';

const ofHospital = `/v2/organization/${hospital}/preferences`;
const foreign = { headers: { 'TT-X-Organization-Key': 'foreign' } };

describe('quick replies', () => {
  let sandbox: Sandbox;
  let ada: Caller;
  let grace: Caller;
  /** `operationId status` of every answer held against the contract. */
  const seen = new Set<string>();
  beforeAll(async () => {
    sandbox = await startSandbox();
    ada = await callerOf(sandbox, 'ada', seen);
    grace = await callerOf(sandbox, 'grace', seen);
  });
  beforeEach(() => controlOf(sandbox).reset());
  afterAll(() => sandbox.close());

  it('of a person are replaced whole, and all devices of that person alone are notified', async () => {
    await using own = await openStream(sandbox, 'ada');
    await using others = await openStream(sandbox, 'grace');
    const set = await ada.post('/v2/user/ada/preferences', { quick_replies: ['Coming'] });
    expect(set.reply).toEqual({ quick_replies: ['Coming'] });
    expect((await ada.get(`/v2/user/${ada.token}/preferences`)).reply).toEqual({ quick_replies: ['Coming'] });
    expect((await own.find('user_preferences')).payload).toMatchObject({
      token: ada.token,
      quick_replies: ['Coming'],
    });
    await ada.send('grace', 'after');
    await others.find('message', ({ body }) => body === 'after');
    expect(others.frames.some(({ type }) => type === 'user_preferences')).toBe(false);
    expect((await ada.post('/v2/user/ada/preferences', {})).reply).toEqual({ quick_replies: ['Coming'] });
  });

  it('of an organization are set by its administrators, and its members are notified', async () => {
    await using member = await openStream(sandbox, 'grace', { path: '/v5/events' });
    const body = { network: { patient: { quick_replies: ['Noted'] } } };
    expect((await ada.post(ofHospital, body)).reply).toEqual({ quick_replies: ['Noted'] });
    expect((await grace.get(ofHospital)).reply).toEqual({ quick_replies: ['Noted'] });
    expect((await member.find('org_preferences')).payload).toMatchObject({
      organization: hospital,
      quick_replies: ['Noted'],
    });
    expect((await grace.post(ofHospital, body)).status).toBe(403);
    expect((await grace.get(`/v2/organization/${clinics}/preferences`)).reply).toEqual({ quick_replies: [] });
  });

  it('of others are rejected, and so are lists that are too long or not strings', async () => {
    expect((await grace.get('/v2/user/ada/preferences')).status).toBe(403);
    expect((await grace.post('/v2/user/ada/preferences', {})).status).toBe(403);
    expect((await ada.post('/v2/user/ada/preferences', {}, foreign)).status).toBe(403);
    expect((await ada.get('/v2/organization/elsewhere/preferences')).status).toBe(403);
    for (const replies of [Array(101).fill('x'), [1]]) {
      const own = await ada.post('/v2/user/ada/preferences', { quick_replies: replies });
      const all = await ada.post(ofHospital, { network: { patient: { quick_replies: replies } } });
      expect([own.status, all.status]).toEqual([400, 400]);
    }
  });

  it('need a credential', async () => {
    for (const method of ['GET', 'POST']) {
      const json = method === 'POST' ? {} : undefined;
      const options = { authorization: null, json };
      expect((await ada.call(method, '/v2/user/ada/preferences', options)).status).toBe(401);
      expect((await ada.call(method, ofHospital, options)).status).toBe(401);
    }
  });

  it('have caused every response of the contract', () => {
    const listed = contractOperationsV5
      .filter(({ operationId }) => operationId.endsWith('Preferences'))
      .flatMap(({ operationId, responses }) => Object.keys(responses).map((status) => `${operationId} ${status}`));
    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
