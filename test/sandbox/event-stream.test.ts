import { EventSource } from 'eventsource';
import { describe, expect, it } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { present } from '../support/present.ts';
import { basicOf, callerOf } from '../support/sandbox-caller.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { openStream, type Stream } from '../support/sandbox-stream.ts';
import { waitUntil } from '../support/wait.ts';

const sharedId = '00000000-0000-0000-0000-000000000001';
const official = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata,vwr';

async function people(options?: SandboxOptions) {
  const sandbox = await startSandbox(options);
  return { sandbox, ada: await callerOf(sandbox, 'ada'), grace: await callerOf(sandbox, 'grace') };
}

/** Reads everything that waits for a person, so that a test begins with an empty queue. */
async function emptyQueue(sandbox: Sandbox, name: string): Promise<void> {
  await using stream = await openStream(sandbox, name, {
    features: 'multi-org,render_metadata,auto-ack,close-after-messages',
  });
  await stream.ended;
}

function types(stream: Stream): string[] {
  return stream.frames.map(({ type }) => type);
}

describe('the event stream', () => {
  it('opens with exactly the content type that the official client accepts', async () => {
    await using sandbox = await startSandbox();
    await using stream = await openStream(sandbox, 'ada');
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('content-encoding')).toBeNull();
    await stream.find('client_advisory', ({ advisory }) => advisory.name === 'replay_stop');
    expect(stream.text()).not.toMatch(/^(event|id|retry|:)/m);
  });

  it('replays what was never acknowledged between the advisories, oldest first, with the same ids', async () => {
    const { sandbox, ada, grace } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    const ids = [await ada.send('grace', 'first'), await ada.send('grace', 'second')];
    const read = async () => {
      await using stream = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
      await stream.ended;
      return stream.frames;
    };
    const [once, twice] = [await read(), await read()];
    expect(twice).toEqual(once);
    expect(once.map(({ type }) => type)).toEqual(['client_advisory', 'message', 'message', 'client_advisory']);
    expect(once[0]?.payload.advisory).toEqual({ name: 'replay_start', replay_message_count: 2 });
    expect(once[0]?.id).toBe(sharedId);
    expect(once.slice(1, 3).map(({ payload }) => payload.client_id)).toEqual(ids);
    expect((await grace.post('/v2/events/ack', { events: [sharedId, once[1]?.id, once[1]?.id] })).status).toBe(204);
    const rest = await read();
    expect(rest.filter(({ type }) => type === 'message').map(({ payload }) => payload.body)).toEqual(['second']);
  });

  it('sends both advisories when nothing is stored', async () => {
    await using sandbox = await startSandbox();
    await emptyQueue(sandbox, 'bjarne');
    await using stream = await openStream(sandbox, 'bjarne', { features: 'close-after-messages' });
    await stream.ended;
    expect(stream.frames.map(({ payload }) => payload.advisory)).toEqual([
      { name: 'replay_start', replay_message_count: 0 },
      { name: 'replay_stop' },
    ]);
  });

  it('sends notices after the replay', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    await ada.post('/v2/group', { name: 'G', members: ['grace'] });
    await using stream = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await stream.ended;
    expect(types(stream)).toEqual(['client_advisory', 'friends', 'client_advisory', 'bang']);
  });

  it('never stores typing and presence', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    await using live = await openStream(sandbox, 'grace', { features: 'is-typing' });
    await live.find('client_advisory', ({ advisory }) => advisory.name === 'replay_stop');
    await ada.post('/v2/message/typing', { recipient: 'grace' });
    expect((await live.find('message:is_typing')).payload).toMatchObject({ sender_token: ada.token, status: 'typing' });
    await ada.delete('/v2/message/typing/grace');
    await live.find('message:is_typing', ({ status }) => status === 'stopped');
    await using own = await openStream(sandbox, 'ada');
    expect((await live.find('presence')).payload).toMatchObject({ from: ada.token, type: 'available' });
    await ada.call('PUT', '/v2/presence/away');
    await live.find('presence', ({ type }) => type === 'away');
    own.close();
    await live.find('presence', ({ type }) => type === 'unavailable');
    for (const frame of live.frames.slice(2)) expect(frame.id).toBe(sharedId);
    await using later = await openStream(sandbox, 'grace', { features: 'is-typing,close-after-messages' });
    await later.ended;
    expect(types(later)).toEqual(['client_advisory', 'client_advisory']);
  });

  it('sends a requested heartbeat at once and at least every five seconds', async () => {
    await using sandbox = await startSandbox({ heartbeatMs: 20 });
    await using beating = await openStream(sandbox, 'ada', { features: 'heartbeat_30' });
    await using still = await openStream(sandbox, 'ada');
    expect((await beating.find('sse:heartbeat')).payload).toMatchObject({ frequency: 5 });
    await waitUntil(() => types(beating).filter((type) => type === 'sse:heartbeat').length >= 3);
    expect(types(still)).not.toContain('sse:heartbeat');
  });

  it('is closed by the server when its time is over', async () => {
    await using sandbox = await startSandbox({ streamLifetimeMs: 50 });
    await using stream = await openStream(sandbox, 'ada');
    await stream.ended;
    expect(await controlOf(sandbox).openStreams()).toEqual({});
  });

  it('is closed by DELETE, which counts the streams', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await using one = await openStream(sandbox, 'ada');
    await using two = await openStream(sandbox, 'ada');
    await using others = await openStream(sandbox, 'grace');
    expect((await ada.delete('/v2/events/')).reply).toEqual({ count: 2 });
    await Promise.all([one.ended, two.ended]);
    expect(await controlOf(sandbox).openStreams()).toEqual({ grace: 1 });
    expect(others.status).toBe(200);
  });

  it('gives every stream of an account each event, and keeps acknowledgements per session', async () => {
    const { sandbox, ada, grace } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    const login = await grace.post('/v5/login', { device_id: 'd1' }, { authorization: basicOf('grace') });
    const { key, secret } = login.reply.auth;
    const authorization = basicOf(key, secret);
    await using portal = await openStream(sandbox, 'grace');
    await using device = await openStream(sandbox, 'grace', { authorization });
    await using bearer = await openStream(sandbox, 'grace', {
      authorization: 'Bearer grace.demo',
      headers: { 'x-device-id': 'phone' },
    });
    const id = await ada.send('grace', 'for all');
    const fits = ({ client_id }: { client_id: string }) => client_id === id;
    const [one, two] = await Promise.all([
      portal.find('message', fits),
      device.find('message', fits),
      bearer.find('message', fits),
    ]);
    expect(two.id).toBe(one.id);
    await grace.post('/v2/events/ack', { events: [one.id] });
    const replayed = async (request: { authorization: string; headers?: Record<string, string> }) => {
      await using stream = await openStream(sandbox, 'grace', { ...request, features: 'close-after-messages' });
      await stream.ended;
      return stream.frames.some(({ payload }) => payload.client_id === id);
    };
    expect(await replayed({ authorization: basicOf('grace') })).toBe(false);
    expect(await replayed({ authorization })).toBe(true);
    expect(await replayed({ authorization: 'Bearer grace.demo', headers: { 'x-device-id': 'phone' } })).toBe(true);
  });

  it('drops only expired and recalled messages from the replay', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    await ada.send('grace', 'short', { ttl: 1 });
    const recalled = await ada.send('grace', 'recalled');
    await ada.send('grace', 'stays');
    await ada.delete(`/v2/message/${recalled}`);
    await controlOf(sandbox).shiftClock(61_000);
    await using stream = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await stream.ended;
    expect(stream.text()).not.toContain('short');
    expect(types(stream).slice(1, -1)).toEqual(['message', 'message:status']);
    expect(stream.frames[2]?.payload).toMatchObject({ client_id: recalled, is_recalled: true });
  });
});

describe('the requested features of a stream', () => {
  it('acknowledges and marks as delivered on writing, if requested', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    await using sender = await openStream(sandbox, 'ada');
    const id = await ada.send('grace', 'hello');
    await using stream = await openStream(sandbox, 'grace', { features: 'auto-ack,auto-deliver,close-after-messages' });
    await stream.ended;
    await sender.find('message:status', ({ client_id, status }) => client_id === id && status === 'Delivered');
    await using again = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await again.ended;
    expect(types(again)).toEqual(['client_advisory', 'client_advisory']);
  });

  it('skips the replay if requested, and drops nothing by that', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    await ada.send('grace', 'waits');
    await using live = await openStream(sandbox, 'grace', { features: 'no-offline-messages' });
    await ada.send('grace', 'live');
    await live.find('message');
    expect(live.text()).not.toContain('waits');
    await using all = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await all.ended;
    expect(types(all)).toEqual(['client_advisory', 'message', 'message', 'client_advisory']);
  });

  it('is limited to the default organization without multi-org', async () => {
    const { sandbox, ada, grace } = await people();
    await using _ = sandbox;
    await using narrow = await openStream(sandbox, 'grace');
    await using wide = await openStream(sandbox, 'grace', { features: 'multi-org' });
    const elsewhere = await ada.send('grace', 'clinic', {
      sender_organization: 'riversideClinicGroup0002',
      recipient_organization: 'riversideClinicGroup0002',
    });
    const here = await ada.send('grace', 'hospital');
    await wide.find('message', ({ client_id }) => client_id === elsewhere);
    await narrow.find('message', ({ client_id }) => client_id === here);
    expect(narrow.frames.some(({ payload }) => payload.client_id === elsewhere)).toBe(false);
    expect(grace.token).not.toBe(ada.token);
  });

  it('uses Confirmed only for clients that support it, on the stream and in reads', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await using knowing = await openStream(sandbox, 'ada', { features: 'can-confirm' });
    await using plain = await openStream(sandbox, 'ada');
    const id = await ada.send('grace', 'urgent');
    await controlOf(sandbox).confirm(id, 'grace');
    expect((await knowing.find('message:status')).payload.status).toBe('Confirmed');
    expect((await plain.find('message:status')).payload.status).toBe('Read');
    const features = { headers: { 'TT-X-Features': 'can-confirm' } };
    expect((await ada.get(`/v2/message/${id}`)).reply.status).toBe('Read');
    expect((await ada.get(`/v2/message/${id}`, features)).reply.status).toBe('Confirmed');
    expect((await ada.get(`/v2/message/${id}/status`, features)).reply.statuses[0].status).toBe('Confirmed');
  });

  it('has metadata, and whole friends entities, only if requested', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await using short = await openStream(sandbox, 'grace', { features: 'multi-org' });
    await using whole = await openStream(sandbox, 'grace', {
      features: 'multi-org,render_friends_entities,render_metadata',
    });
    const created = await ada.post('/v2/group', { name: 'G', members: ['grace'], metadata: { ward: '4' } });
    const token = created.headers.get('tt-x-group-token');
    const { payload: short_ } = await short.find('friends');
    expect(short_).toMatchObject({ friend: { action: 'add', xmlns: 'tigertext:entity:group', token, name: 'G' } });
    expect(short_.friend).not.toHaveProperty('metadata');
    const { payload: whole_ } = await whole.find('friends');
    expect(whole_).toMatchObject({
      action: 'add',
      entity: { type: 'tigertext:entity:group', token, metadata: { ward: '4' } },
    });
    expect(whole_).not.toHaveProperty('friend');
    await ada.post(`/v2/metadata/${token}`, { ward: '5' });
    await ada.post(`/v2/group/${token}`, { name: 'Renamed' });
    expect((await whole.find('update')).payload).toMatchObject({ token, metadata: { ward: '5' } });
    expect((await short.find('update')).payload).toMatchObject({ token, name: 'Renamed' });
  });

  it('sends the copies to the sender of a list message only with dl_sender_event', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await using with_ = await openStream(sandbox, 'ada', { features: official });
    await using without = await openStream(sandbox, 'ada', { features: 'multi-org' });
    const roster = await ada.get('/v2/roster');
    const list = present(roster.reply.find(({ type }) => type === 'tigertext:entity:list'));
    const id = await ada.send(list.token, 'Teaching at three');
    await ada.send('grace', 'after');
    await Promise.all([with_, without].map((stream) => stream.find('message', ({ body }) => body === 'after')));
    const copies = (stream: Stream) =>
      stream.frames.filter(({ payload }) => payload.body?.startsWith('[Cardiology everyone]: T'));
    const live = (stream: Stream) => copies(stream).filter(({ payload }) => payload.body.endsWith('at three'));
    expect(live(with_)).toHaveLength(7);
    expect(live(without)).toHaveLength(0);
    expect(
      without.frames.some(({ payload }) => payload.client_id === id && payload.recipient_token === list.token),
    ).toBe(true);
  });

  it('hides a caller whose streams request it', async () => {
    const { sandbox, ada } = await people();
    await using _ = sandbox;
    await using watching = await openStream(sandbox, 'grace');
    await using hidden = await openStream(sandbox, 'ada', { features: 'hidden' });
    await hidden.find('client_advisory');
    await ada.send('grace', 'still here');
    await watching.find('message', ({ body }) => body === 'still here');
    expect(types(watching)).not.toContain('presence');
  });

  it('can be read by an independent client, which misses nothing between two connections', async () => {
    const { sandbox, ada, grace } = await people();
    await using _ = sandbox;
    await emptyQueue(sandbox, 'grace');
    const bodies = new Map<string, string>();
    const connect = async () => {
      const source = new EventSource(`${sandbox.url}/v2/events?lastEventId=`, {
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: basicOf('grace') } }),
      });
      source.onmessage = ({ data }) => {
        const { event_id, event } = JSON.parse(data);
        const message = event['tigertext:iq:message'];
        if (message !== undefined) bodies.set(event_id, message.body);
      };
      await waitUntil(() => source.readyState === EventSource.OPEN);
      return source;
    };
    const first = await connect();
    await ada.send('grace', 'before');
    await waitUntil(() => bodies.size === 1);
    expect((await grace.delete('/v2/events')).reply.count).toBe(1);
    // Its own way back takes three seconds; a new one is as good.
    first.close();
    await ada.send('grace', 'between');
    const second = await connect();
    await waitUntil(() => bodies.size === 2);
    second.close();
    expect([...bodies.values()]).toEqual(['before', 'between']);
  });
});
