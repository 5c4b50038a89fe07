/** Every endpoint function against a server that was written from the contract without it. */

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { createAttachmentTokens, openAttachment } from '../../src/upstream/endpoints/attachment.ts';
import { login, logout } from '../../src/upstream/endpoints/auth.ts';
import { getDistributionList, listDistributionListMembers } from '../../src/upstream/endpoints/distribution-list.ts';
import { acknowledgeEvents, dropEventConnections } from '../../src/upstream/endpoints/events.ts';
import {
  addGroupMembers,
  createGroup,
  deleteGroup,
  groupLookup,
  listGroupMembers,
  listGroupMemberUsers,
  removeGroupMembers,
  updateGroup,
} from '../../src/upstream/endpoints/group.ts';
import {
  getMessageStatus,
  getMessageStatusesBulk,
  messageLookup,
  recallMessage,
  updateMessageStatus,
} from '../../src/upstream/endpoints/message.ts';
import { clearMetadata, getMetadata, getMetadataBulk, setMetadata } from '../../src/upstream/endpoints/metadata.ts';
import {
  clearMutes,
  listMutes,
  muteGroup,
  muteOrganization,
  muteUser,
  unmuteGroup,
  unmuteOrganization,
  unmuteUser,
} from '../../src/upstream/endpoints/mute.ts';
import {
  clearOrganizationSetting,
  getOrganization,
  listOrganizationRoles,
  listOrganizations,
  updateOrganizationSettings,
} from '../../src/upstream/endpoints/organization.ts';
import { addRosterEntry, getRoster, removeRosterEntry } from '../../src/upstream/endpoints/roster.ts';
import { search } from '../../src/upstream/endpoints/search.ts';
import { forwardMessage, sendMessage } from '../../src/upstream/endpoints/send-message.ts';
import { isReachable } from '../../src/upstream/endpoints/server-status.ts';
import { startTyping, stopTyping } from '../../src/upstream/endpoints/typing.ts';
import {
  getMe,
  lookupOrCreateUser,
  lookupUser,
  lookupUsersBulk,
  updatePresence,
  updateUserSettings,
  userLookup,
} from '../../src/upstream/endpoints/user.ts';
import type { Upload } from '../../src/upstream/upload.ts';
import type { Upstream } from '../../src/upstream/upstream.ts';
import { connectTo, type TestClient } from '../support/wire-server.ts';

let sandbox: Sandbox;
let side: TestClient;
let ada: Upstream;
let grace: Upstream;

beforeAll(async () => {
  sandbox = await startSandbox();
  side = connectTo(sandbox.url);
  ada = as('ada');
  grace = as('grace');
});

afterAll(async () => {
  await side.client.close();
  await sandbox.close();
});

function as(key: string, secret = 'demo'): Upstream {
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  return side.client.for({ credential: createCredential(authorization), requestId: randomUUID() });
}

function file(bytes: Buffer, fileName: string, contentType: string): Upload {
  return { fileName, contentType, stream: () => Readable.from([bytes]) };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('nothing there');
  return value;
}

describe('accounts', () => {
  it('are read one by one, in bulk and by address', async () => {
    const me = await getMe(ada);
    const other = await getMe(grace);
    expect(me).toMatchObject({ displayName: 'Ada Lovelace', organizationKey: expect.any(String) });
    expect(await ada.find(userLookup(other.token))).toMatchObject({ displayName: 'Grace Hopper' });
    expect(await ada.find(userLookup('grace@example.org'))).toMatchObject({ token: other.token });
    expect(await ada.find(userLookup(randomUUID()))).toBeUndefined();
    const users = await lookupUsersBulk(ada, [me.token, other.token, randomUUID()]);
    expect([...users.keys()].toSorted()).toEqual([me.token, other.token].toSorted());
    expect(await lookupUser(ada, 'grace@example.org')).toEqual({ token: other.token, displayName: 'Grace Hopper' });
    expect(await lookupUser(ada, 'nobody@example.org')).toBeUndefined();
    const created = await lookupOrCreateUser(ada, 'new.person@example.org');
    expect(await lookupOrCreateUser(ada, 'new.person@example.org')).toEqual(created);
  });

  it('are found by name, page after page', async () => {
    const { organizationKey: organization } = await getMe(ada);
    const request = {
      query: 'a',
      kinds: ['USER', 'GROUP', 'LIST'],
      organizations: [present(organization)],
      pageSize: 5,
    } as const;
    const first = await search(ada, request);
    expect(first.items).toHaveLength(5);
    const second = await search(ada, { ...request, continuation: first.continuation });
    expect(second.items).not.toEqual(first.items);
    expect(first.total).toBeGreaterThan(5);
  });

  it('are changed by their owner', async () => {
    const { token } = await getMe(grace);
    await updateUserSettings(grace, token, {
      statusText: 'In theatre',
      avatar: file(Buffer.from('png'), 'a.png', 'image/png'),
    });
    expect(await ada.find(userLookup(token))).toMatchObject({
      statusText: 'In theatre',
      avatarUrl: expect.any(String),
    });
  });
});

describe('organizations', () => {
  it('are listed with their settings and rights, and changed', async () => {
    const { token, organizationKey: organization } = await getMe(ada);
    const key = present(organization);
    const all = await listOrganizations(ada, token);
    expect(all).toContainEqual(expect.objectContaining({ key, name: expect.any(String), settings: expect.any(Array) }));
    expect(await getOrganization(ada, token, key)).toMatchObject({ key });
    expect(await getOrganization(ada, token, 'unknown')).toBeUndefined();
    expect(await listOrganizationRoles(ada, token, key)).toContainEqual({
      organization: key,
      product: undefined,
      roles: ['admin'],
    });
    const other = await getMe(grace);
    await updateOrganizationSettings(ada, token, key, { doNotDisturb: true, autoForwardTo: other.token });
    expect(await getMe(ada, { organization: key })).toMatchObject({ isDoNotDisturb: true, autoForwardTo: other.token });
    await clearOrganizationSetting(ada, token, key, 'dnd_auto_forward_receiver');
    await updateOrganizationSettings(ada, token, key, { doNotDisturb: false });
    expect(await getMe(ada, { organization: key })).toMatchObject({ isDoNotDisturb: false, autoForwardTo: undefined });
  });
});

describe('groups', () => {
  it('are created, changed, filled, emptied and deleted', async () => {
    const me = await getMe(ada);
    const other = await getMe(grace);
    const group = await createGroup(ada, {
      name: 'Tonight',
      members: [me.token, other.token],
      replayHistory: true,
      metadata: { shift: 'night' },
      avatar: file(Buffer.from('png'), 'g.png', 'image/png'),
      organization: me.organizationKey,
    });
    expect(await grace.find(groupLookup(group.token))).toMatchObject({
      name: 'Tonight',
      memberCount: 2,
      replayHistory: true,
      metadata: { shift: 'night' },
      createdBy: me.token,
      avatarUrl: expect.any(String),
    });
    await updateGroup(ada, group.token, { name: 'Tomorrow' });
    const third = present(await lookupUser(ada, 'alan@example.org')).token;
    await addGroupMembers(ada, group.token, [third]);
    expect(await listGroupMembers(ada, group.token)).toContain(third);
    expect((await listGroupMemberUsers(ada, group.token)).items).toContainEqual(
      expect.objectContaining({ token: third }),
    );
    await removeGroupMembers(ada, group.token, [third], { notify: false });
    expect(await listGroupMembers(ada, group.token)).not.toContain(third);
    await deleteGroup(ada, group.token);
    expect(await ada.find(groupLookup(group.token))).toBeUndefined();
    expect(await listGroupMembers(ada, randomUUID())).toBeUndefined();
  });

  it('have lists beside them', async () => {
    const entries = await getRoster(ada);
    const list = present(entries.find((entry) => 'counterpart' in entry && entry.counterpart.kind === 'LIST'));
    if (!('counterpart' in list)) throw list;
    const read = await getDistributionList(ada, list.counterpart.token, { organization: list.organizationKey });
    expect(read).toMatchObject({ kind: 'LIST', name: expect.any(String), memberCount: expect.any(Number) });
    const members = await listDistributionListMembers(ada, list.counterpart.token, {
      organization: list.organizationKey,
    });
    expect(members.items.length).toBeGreaterThan(0);
    expect(await getDistributionList(ada, randomUUID())).toBeUndefined();
  });
});

describe('messages', () => {
  it('are sent once per Request-ID, read, marked, forwarded and recalled', async () => {
    const other = await getMe(grace);
    const requestId = randomUUID();
    const data = [{ mimeType: 'application/json', namespace: 'acme:bed', payload: '{"bed":4}' }];
    const message = {
      recipient: other.token,
      body: 'Room 4 is ready',
      ttl: 60,
      priority: 'HIGH',
      data,
      requestId,
    } as const;
    const sent = await sendMessage(ada, message);
    expect(sent).toMatchObject({
      alreadyStored: false,
      message: { body: 'Room 4 is ready', priority: 'HIGH', ttl: 60, data },
    });
    expect(await sendMessage(ada, message)).toMatchObject({ token: sent.token, alreadyStored: true });
    expect(await grace.find(messageLookup(sent.token))).toMatchObject({
      body: 'Room 4 is ready',
      recipient: other.token,
    });
    await updateMessageStatus(grace, { delivered: [], read: [sent.token] });
    expect(await getMessageStatus(ada, sent.token)).toMatchObject({
      recipients: [{ user: other.token, status: 'READ' }],
    });
    const statuses = await getMessageStatusesBulk(ada, [sent.token, randomUUID()]);
    expect([...statuses.keys()]).toEqual([sent.token]);
    const third = present(await lookupUser(ada, 'alan@example.org')).token;
    const forwarded = await forwardMessage(ada, sent.token, { recipient: third, requestId: randomUUID() });
    expect(await as('alan').find(messageLookup(forwarded.token))).toMatchObject({
      body: 'Room 4 is ready',
      forwardedFrom: { message: sent.token },
    });
    await recallMessage(ada, sent.token);
    await recallMessage(ada, sent.token);
    expect(await grace.find(messageLookup(sent.token))).toBeUndefined();
    await startTyping(ada, other.token);
    await stopTyping(ada, other.token);
  });

  it('carry a file there and back', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    const sent = await sendMessage(ada, {
      recipient: 'grace@example.org',
      attachment: file(bytes, 'Befund Ä.bin', 'application/octet-stream'),
      requestId: randomUUID(),
    });
    expect((await grace.find(messageLookup(sent.token)))?.attachments).toEqual([
      { fileName: 'Befund Ä.bin', contentType: 'application/octet-stream', size: bytes.length },
    ]);
    const { body, status } = await openAttachment(grace, sent.token);
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(status).toBe(200);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    const tokens = await createAttachmentTokens(grace, { count: 2, expireAfterSeconds: 60, expireAfterUseSeconds: 5 });
    expect(tokens).toHaveLength(2);
  });
});

describe('data about conversations', () => {
  it('is metadata, replaced and cleared', async () => {
    const { token, organizationKey: organization } = await getMe(grace);
    await setMetadata(grace, token, { ward: 'cardiology' }, { organization });
    expect(await getMetadata(ada, token, { organization })).toEqual({ ward: 'cardiology' });
    expect(await getMetadataBulk(ada, [token, randomUUID()], { organization })).toEqual(
      new Map([[token, { ward: 'cardiology' }]]),
    );
    await clearMetadata(grace, token, { organization });
    expect(await getMetadata(ada, token, { organization })).toEqual({});
  });

  it('is a roster, which is read whole and changed', async () => {
    const entries = await getRoster(ada);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((entry) => entry instanceof Error)).toEqual([]);
    const { organizationKey: organization } = await getMe(ada);
    const token = present(await lookupUser(ada, 'linus@example.org')).token;
    await addRosterEntry(ada, { kind: 'USER', token }, { organization });
    const listed = async () =>
      (await getRoster(ada)).some((entry) => 'counterpart' in entry && entry.counterpart.token === token);
    expect(await listed()).toBe(true);
    await removeRosterEntry(ada, { kind: 'USER', address: token }, { organization });
    expect(await listed()).toBe(false);
  });

  it('is mutes of three kinds', async () => {
    const { organizationKey: organization } = await getMe(ada);
    const key = present(organization);
    const other = await getMe(grace);
    const groups = (await getRoster(ada)).flatMap((entry) => ('counterpart' in entry ? [entry.counterpart] : []));
    const group = present(groups.find(({ kind }) => kind === 'GROUP')).token;
    await clearMutes(ada);
    await muteUser(ada, other.token, { minutes: 60, organization: key });
    await muteGroup(ada, group, { minutes: 60, organization: key });
    await muteOrganization(ada, key, 60);
    const kinds = async () =>
      (await listMutes(ada)).map((mute) => ('kind' in mute ? `${mute.kind} ${mute.token}` : mute));
    expect((await kinds()).toSorted()).toEqual([`GROUP ${group}`, `ORGANIZATION ${key}`, `USER ${other.token}`]);
    await unmuteUser(ada, other.token, { organization: key });
    await unmuteGroup(ada, group, { organization: key });
    await unmuteOrganization(ada, key);
    expect(await kinds()).toEqual([]);
  });
});

describe('sessions', () => {
  it('begin with a person’s credentials and end', async () => {
    const nobody = side.client.for({ credential: undefined, requestId: randomUUID() });
    const pair = await login(nobody, { userId: 'grace@example.org', password: 'demo' });
    expect(pair.user.displayName).toBe('Grace Hopper');
    const session = as(pair.key, pair.secret);
    expect((await getMe(session)).token).toBe(pair.user.token);
    await updatePresence(session, 'online');
    await acknowledgeEvents(session, [randomUUID()]);
    expect(await dropEventConnections(session)).toBe(0);
    await logout(session);
    await expect(getMe(session)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(login(nobody, { userId: 'grace@example.org', password: 'wrong' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await isReachable(ada)).toBe(true);
  });
});
