import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { present } from '../support/present.ts';
import { basicOf, type Caller, callerOf } from '../support/sandbox-caller.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { openStream } from '../support/sandbox-stream.ts';

let sandbox: Sandbox;
let ada: Caller;
let grace: Caller;

beforeAll(async () => {
  sandbox = await startSandbox();
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
});
afterAll(() => sandbox.close());
beforeEach(() => controlOf(sandbox).reset());

const encoded = (text: string) => Buffer.from(text).toString('base64');

async function login(authorization: string) {
  return ada.post('/v5/login', { device_id: '6d7c1f00-9a0b-4f52-8c55-1a2b3c4d5e6f' }, { authorization });
}

describe('signing in', () => {
  it('accepts every form of credentials and every address of a person', async () => {
    const forms = [
      `XMPP-Simple ${encoded('acme:ada:demo')}`,
      `XMPP-Simple ${encoded('acme:ada@example.org:demo')}`,
      `XMPP-Simple ${encoded('acme:+13105551000:demo')}`,
      `XMPP-Simple ${encoded(`acme:${ada.token}:demo`)}`,
      `Basic ${encoded('ada:demo')}`,
      'magic-token magic-ada',
      'Magic-Token magic-ada',
    ];
    for (const authorization of forms) {
      const { reply } = await login(authorization);
      expect(reply.user.token).toBe(ada.token);
      const own = { authorization: basicOf(reply.auth.key, reply.auth.secret) };
      expect((await ada.get('/v2/user', own)).reply.token).toBe(ada.token);
      expect((await ada.get('/v2/user', { authorization: basicOf(reply.auth.key, 'demo') })).status).toBe(401);
    }
  });

  it('counts remaining attempts, and resets after a success', async () => {
    const wrong = `XMPP-Simple ${encoded('acme:ada:wrong')}`;
    const left = async () => (await login(wrong)).headers.get('tt_login_attempts_left');
    expect([await left(), await left()]).toEqual(['4', '3']);
    await login(`XMPP-Simple ${encoded('acme:ada:demo')}`);
    expect(await left()).toBe('4');
    expect((await login('magic-token made-up')).status).toBe(401);
    expect((await login(`XMPP-Simple ${encoded('acme:nobody:demo')}`)).status).toBe(401);
  });

  it('replays unreceived messages to a new device, with their number', async () => {
    await grace.send('ada', 'waiting');
    const answer = await ada.post('/v2/login', {}, { authorization: basicOf('ada') });
    const { key, secret } = answer.reply.auth;
    const features = 'multi-org,close-after-messages';
    await using stream = await openStream(sandbox, 'ada', { features, authorization: basicOf(key, secret) });
    await stream.ended;
    const messages = stream.frames.filter(({ type }) => type === 'message' || type === 'group_message');
    expect(messages).toHaveLength(answer.reply.pending.messages);
    expect(messages.at(-1)?.payload.body).toBe('waiting');
  });
});

describe('signing out', () => {
  it('ends the pair of a login, and its streams; the demo pair remains valid', async () => {
    const { reply } = await login(basicOf('ada'));
    const authorization = basicOf(reply.auth.key, reply.auth.secret);
    await using stream = await openStream(sandbox, 'ada', { authorization });
    expect((await ada.post('/v2/logout', undefined, { authorization })).status).toBe(200);
    await stream.ended;
    expect((await ada.get('/v2/user', { authorization })).status).toBe(401);
    expect((await ada.post('/v2/logout')).status).toBe(200);
    expect((await ada.get('/v2/user')).status).toBe(200);
  });

  it('everywhere sends remote_wipe, and each session ends as it acknowledges that', async () => {
    const { reply } = await login(basicOf('ada'));
    const authorization = basicOf(reply.auth.key, reply.auth.secret);
    await using stream = await openStream(sandbox, 'ada', { authorization });
    expect((await ada.post(`/v2/wipe?token=${ada.token}`)).status).toBe(204);
    const { id } = await stream.find('remote_wipe');
    expect((await ada.post('/v2/events/ack', { events: [id] }, { authorization })).status).toBe(204);
    await stream.ended;
    expect((await ada.get('/v2/user', { authorization })).status).toBe(401);
  });

  it('of another person is for administrators', async () => {
    expect((await grace.post(`/v2/wipe?token=${ada.token}`)).status).toBe(403);
    await using stream = await openStream(sandbox, 'grace');
    expect((await ada.post(`/v2/wipe?token=${grace.token}`)).status).toBe(204);
    await stream.find('remote_wipe');
  });
});

describe('the demo world', () => {
  it('has the same tokens on every start', async () => {
    await using other = await startSandbox();
    const twin = await callerOf(other, 'ada');
    const tokens = async (caller: Caller) =>
      (await caller.get('/v2/roster')).reply.map(({ token }: { token: string }) => token);
    expect(await tokens(twin)).toEqual(await tokens(ada));
    expect(twin.token).toBe(ada.token);
  });

  it('has people, groups, one of forty, one public, a list and several organizations for Ada', async () => {
    const roster = (await ada.get('/v2/roster?render_metadata=true')).reply;
    const groups = roster.filter(({ type }: { type: string }) => type === 'tigertext:entity:group');
    expect(roster.length).toBeGreaterThanOrEqual(50);
    expect(groups.some((group) => group.num_members === 40)).toBe(true);
    expect(groups.filter((group) => group.is_public)).toHaveLength(1);
    expect(roster.some(({ type }: { type: string }) => type === 'tigertext:entity:list')).toBe(true);
    const houses = new Set(roster.map(({ organization_key }: { organization_key: string }) => organization_key));
    expect(houses.size).toBeGreaterThanOrEqual(2);
  });

  it('can be bound to every address, and is then reached at the loopback', async () => {
    await using open = await startSandbox({ host: '0.0.0.0' });
    expect(open.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await callerOf(open, 'ada')).token).toBe(ada.token);
  });

  it('has valid pictures and PDF pages', async () => {
    const starts = new Map([
      ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('latin1')],
      ['application/pdf', '%PDF'],
    ]);
    const seen = new Set<string>();
    const roster = (await ada.get('/v2/roster')).reply.slice(0, 12);
    const avatar = await fetch(present(roster.find(({ avatar }) => avatar)).avatar);
    expect(Buffer.from(await avatar.arrayBuffer()).toString('latin1', 0, 4)).toBe(starts.get('image/png'));
    await using fresh = await openStream(sandbox, 'ada', { features: 'multi-org,close-after-messages' });
    await fresh.ended;
    expect(fresh.frames.filter(({ type }) => type.endsWith('message')).length).toBeGreaterThanOrEqual(3);
    const { messages } = await seededAttachments();
    for (const { path, contentType } of messages) {
      const file = await ada.get(path);
      expect(file.bytes.toString('latin1', 0, 4)).toBe(starts.get(contentType));
      seen.add(contentType);
    }
    expect(seen).toEqual(new Set(starts.keys()));
  });
});

/** Ids of seeded messages follow from their place, so they can be looked up without a history listing. */
async function seededAttachments() {
  const { seededToken } = await import('../../src/sandbox/token.ts');
  const ids = Array.from({ length: 240 }, (_, index) => seededToken('message', String(index)));
  const answers = await Promise.all(ids.map((id) => ada.get(`/v2/message/${id}`)));
  const messages = answers
    .filter(({ status, reply }) => status === 200 && reply.attachments.length > 0)
    .map(({ reply }) => ({
      path: `/v2/message/${reply.message_id}/attachment/1`,
      contentType: reply.attachments[0]['content-type'] as string,
    }));
  return { messages };
}
