import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, knownEventNames, transientEventId } from '../../src/upstream/event-stream/decode-frame.ts';
import { eventSamples, sampleMessage, wireName } from '../support/event-samples.ts';
import { json } from '../support/event-upstream.ts';

const sharedName = 'tigertext:iq:';

function received(name: string, payload: unknown, id = 'e1') {
  const frame = decodeFrame(json(id, name, payload));
  if (frame?.kind !== 'event') throw new Error('expected an event');
  return frame.received;
}

describe('event types', () => {
  for (const { name, payload, event, passes } of eventSamples) {
    it(`decodes ${name}`, () => {
      const result = received(wireName(name), { xmlns: wireName(name), ...payload });
      expect(result.event).toMatchObject(event);
      expect(result).toMatchObject({ id: 'e1', violatesContract: false, isStored: passes !== true });
      if (!('extra' in event)) expect(result.event.extra).toBeUndefined();
    });

    it(`keeps unknown fields of ${name}`, () => {
      const { event: decoded } = received(wireName(name), { ...payload, brand_new: { deep: [1] } });
      expect(JSON.stringify(decoded)).toContain('"brand_new":{"deep":[1]}');
    });
  }

  it('has a case for every type of the contract', () => {
    expect(eventSamples.map(({ name }) => wireName(name)).sort()).toEqual([...knownEventNames].sort());
  });

  it('decodes the other forms of friends and update', () => {
    const entity = { type: 'tigertext:entity:account', token: 'u1', organization_key: 'o1', display_name: 'Ada' };
    expect(received(`${sharedName}friends`, { action: 'del', event_status: 'x', entity }).event).toEqual({
      type: 'ROSTER_CHANGED',
      change: 'REMOVED',
      organization: 'o1',
      counterpart: expect.objectContaining({ kind: 'USER', token: 'u1', displayName: 'Ada' }),
      extra: { event_status: 'x' },
    });
    const group = { type: 'tigertext:entity:group', token: 'g1' };
    const tag = { type: 'tigertext:entity:tag', token: 't1' };
    const several = received(`${sharedName}update`, { entity, entities: [group, tag], organization_id: 'o2' });
    expect(several.event).toMatchObject({
      type: 'ENTITY_CHANGED',
      organization: 'o2',
      entities: [{ kind: 'USER' }, { kind: 'GROUP' }],
      extra: { entities: [group, tag] },
    });
    expect(received(`${sharedName}update`, tag)).toMatchObject({
      violatesContract: true,
      event: { type: 'UNKNOWN', payload: tag },
    });
  });

  it('keeps unknown fields of a call, a request, a task and an escalation in `extra`', () => {
    const extraOf = (name: string, payload: object) => received(`${sharedName}${name}`, payload).event.extra;
    expect(extraOf('voip:state', { call_id: 'c', payload: { call_state: 7, role_tokens: 'r1', name: 'x' } })).toEqual({
      payload: { call_state: 7, role_tokens: 'r1' },
    });
    expect(extraOf('voip:state', { call_id: 'c', payload: 'text', since: 1 })).toEqual({ payload: 'text', since: 1 });
    expect(extraOf('voip:state', { payload: { org_id: 'o1' } })).toBeUndefined();
    const request = { id: 'r', status: 'pending', since: 1 };
    expect(extraOf('update:team_request', { team_request: request })).toEqual({ team_request: request });
    expect(extraOf('update:team_request', { team_request: { status: 'pending' } })).toEqual({
      team_request: { status: 'pending' },
    });
    const entity = { type: 'group', token: 'g1', color: 'red' };
    expect(extraOf('processing:start', { entity })).toEqual({ entity });
    const escalation = { escalation_execution_id: 'e', display_name: '#1', escalation_status: 'init' };
    expect(extraOf('escalations', { escalation })).toBeUndefined();
    expect(extraOf('escalations', { escalation: { ...escalation, by: 'u1' } })).toEqual({
      escalation: { ...escalation, by: 'u1' },
    });
    expect(extraOf('message', { ...sampleMessage, escalation, escalation_exec_id: 'e' })).toBeUndefined();
    expect(extraOf('message', { ...sampleMessage, escalation: 7 })).toEqual({ escalation: 7 });
  });

  it('names the messages of a broken escalation', () => {
    const escalation = { triggering_message_token: 'm1', triggered_message_token: 'm2', level: 'x' };
    expect(received(`${sharedName}escalations`, { escalation })).toMatchObject({
      violatesContract: false,
      event: { changed: { code: 'UPSTREAM_INVALID' }, messages: ['m1', 'm2'], extra: { escalation } },
    });
    expect(received(`${sharedName}escalations`, {}).event).toMatchObject({
      changed: { code: 'UPSTREAM_INVALID' },
      messages: [],
    });
  });

  it('keeps unknown fields of nested objects', () => {
    const attachments = [{ 'content-type': 'image/png', size: 3, attachment_id: '1' }];
    expect(received(`${sharedName}message`, { ...sampleMessage, attachments }).event.extra).toEqual({ attachments });
    const friend = { action: 'add', xmlns: 'tigertext:entity:group', token: 'g1', expire_at: 'x' };
    expect(received(`${sharedName}friends`, { friend }).event.extra).toEqual({ friend });
  });

  it('keeps fields of unexpected types when the rest is valid', () => {
    const { event } = received(`${sharedName}update:tag`, { token: 't1', display_name: 7 });
    expect(event).toMatchObject({ type: 'TAG_CHANGED', name: undefined, extra: { display_name: 7 } });
  });

  it('treats any status other than typing as stopped', () => {
    for (const status of ['stopped', 'paused', undefined]) {
      const { event } = received(`${sharedName}message:is_typing`, { sender_token: 'u1', status });
      expect(event).toMatchObject({ isTyping: false });
    }
  });

  it('delivers unknown types whole, as UNKNOWN', () => {
    for (const payload of [{ a: [1] }, 'text', 7, null, [1]]) {
      const result = received('tigertext:iq:brand:new', payload);
      expect(result.event).toEqual({ type: 'UNKNOWN', name: 'tigertext:iq:brand:new', payload });
      expect(result).toMatchObject({ isStored: true, violatesContract: false });
    }
    const advisory = { advisory: { name: 'maintenance', at: 'noon' } };
    expect(received(`${sharedName}client_advisory`, advisory, transientEventId)).toMatchObject({
      event: { type: 'UNKNOWN', payload: advisory },
      isStored: false,
    });
  });

  it('treats events with the shared id as transient', () => {
    expect(received(`${sharedName}message`, sampleMessage, transientEventId).isStored).toBe(false);
  });

  it('never throws, and loses no payload of a wrong shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(...knownEventNames), fc.json(), (name, text) => {
        const payload = JSON.parse(text);
        const { event, violatesContract } = received(name, payload);
        if (violatesContract) expect(event).toEqual({ type: 'UNKNOWN', name, payload });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('control frames', () => {
  const control = (name: string, payload: unknown) =>
    decodeFrame(json(transientEventId, `${sharedName}${name}`, payload));

  it('are not events', () => {
    expect(control('client_advisory', { advisory: { name: 'replay_start', replay_message_count: 2 } })).toEqual({
      kind: 'control',
      control: { kind: 'replay-started', count: 2 },
    });
    expect(control('client_advisory', { advisory: { name: 'replay_stop' } })).toMatchObject({
      control: { kind: 'replay-ended' },
    });
    expect(control('sse:heartbeat', { frequency: 5 })).toMatchObject({
      control: { kind: 'heartbeat', everySeconds: 5 },
    });
    expect(control('sse:keepalive', {})).toMatchObject({ control: { kind: 'heartbeat' } });
    expect(control('reconnect', null)).toMatchObject({ control: { kind: 'reconnect' } });
  });
});
