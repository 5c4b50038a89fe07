import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { present } from '../support/present.ts';
import { callerOf } from '../support/sandbox-caller.ts';
import { openStream } from '../support/sandbox-stream.ts';

const features = 'no-offline-messages,is-typing,can-confirm,multi-org';
const lively = { simulateActivity: true, ambient: false, haste: 20 } as const;

describe('the demo people', () => {
  it('receive, read, type and reply', async () => {
    await using sandbox = await startSandbox(lively);
    const ada = await callerOf(sandbox, 'ada');
    await using stream = await openStream(sandbox, 'ada', { features });
    const { token } = (await ada.get('/v2/user/grace')).reply;
    const id = await ada.send('grace', 'Are you on the ward?', { priority: 1 });
    const answer = await stream.find('message', ({ sender_token }) => sender_token === token);
    await stream.find('message:status', ({ client_id, status }) => client_id === id && status === 'Confirmed');
    const seen = (type: string, fits: (payload: { client_id?: string; sender_token?: string }) => boolean) =>
      stream.frames.filter((frame) => frame.type === type && fits(frame.payload)).map(({ payload }) => payload.status);
    expect(seen('message:status', ({ client_id }) => client_id === id)).toEqual(['Delivered', 'Read', 'Confirmed']);
    expect(seen('message:is_typing', ({ sender_token }) => sender_token === token)).toEqual(['typing', 'stopped']);
    expect(answer.payload.recipient_token).toBe(ada.token);
  });

  it('give the same replies to the same texts on every start', async () => {
    const bodies: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await using sandbox = await startSandbox(lively);
      const ada = await callerOf(sandbox, 'ada');
      await using stream = await openStream(sandbox, 'ada', { features });
      const { token } = (await ada.get('/v2/user/alan')).reply;
      await ada.send('alan', 'The scan is done');
      const answer = await stream.find('message', ({ sender_token }) => sender_token === token);
      bodies.push(answer.payload.body);
    }
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('reply in groups, a few of them, and never to each other', async () => {
    await using sandbox = await startSandbox(lively);
    const ada = await callerOf(sandbox, 'ada');
    await using stream = await openStream(sandbox, 'ada', { features });
    const roster = (await ada.get('/v2/roster')).reply;
    const large = present(roster.find(({ num_members }) => num_members === 40));
    const id = await ada.send(large.token, 'Good evening, everybody');
    const answers = () =>
      stream.frames.filter(({ type, payload }) => type === 'group_message' && payload.sender_token !== ada.token);
    const reached = new Set<string>();
    await stream.find('group:message:status', ({ client_id, account_id }) => {
      if (client_id === id) reached.add(account_id);
      return reached.size === 39;
    });
    const { token } = (await ada.get('/v2/user/donald')).reply;
    await ada.send('donald', 'And you?');
    await stream.find('message', ({ sender_token }) => sender_token === token);
    expect(answers().length).toBeGreaterThanOrEqual(1);
    expect(answers().length).toBeLessThanOrEqual(2);
  });

  it('write nothing for a person who is present, or is on do-not-disturb', async () => {
    await using sandbox = await startSandbox(lively);
    const ada = await callerOf(sandbox, 'ada');
    const grace = await callerOf(sandbox, 'grace');
    await using own = await openStream(sandbox, 'ada', { features });
    await using played = await openStream(sandbox, 'grace', { features });
    const toGrace = await ada.send('grace', 'You are there yourself');
    const toJoseph = await ada.send('joseph', 'In theatre?');
    await played.find('message', ({ client_id }) => client_id === toGrace);
    const { token } = (await ada.get('/v2/user/donald')).reply;
    await ada.send('donald', 'And you?');
    await own.find('message', ({ sender_token }) => sender_token === token);
    const moved = own.frames.filter(({ type, payload }) => type === 'message:status' && payload.client_id === toJoseph);
    expect(moved.map(({ payload }) => payload.status)).toEqual(['Delivered']);
    expect(own.frames.some(({ payload }) => payload.sender_token === grace.token)).toBe(false);
  });

  it('write unprompted while Ada has an open stream', async () => {
    await using sandbox = await startSandbox({ simulateActivity: true, haste: 400 });
    const ada = await callerOf(sandbox, 'ada');
    await using stream = await openStream(sandbox, 'ada', { features });
    await stream.find('message', ({ sender_token }) => sender_token !== ada.token);
    await stream.find('group_message', ({ sender_token }) => sender_token !== ada.token);
    await stream.find('presence');
    expect(stream.frames.some(({ type }) => type === 'message:is_typing')).toBe(true);
  });

  it('are inactive unless simulateActivity is set', async () => {
    await using sandbox = await startSandbox();
    const ada = await callerOf(sandbox, 'ada');
    const id = await ada.send('grace', 'Hello?');
    expect((await ada.get(`/v2/message/${id}`)).reply.status).toBe('New');
  });
});
