import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contractDocument, readOperations } from '../../src/sandbox/contract-document.ts';
import type { FaultOrderInput } from '../../src/sandbox/faults/faults.ts';
import { seedHospital } from '../../src/sandbox/seed/hospital.ts';
import type { World } from '../../src/sandbox/state/world.ts';
import { schema } from '../../src/schema/index.ts';
import { readsByPost, repetitions } from '../../src/upstream/transport/write-log.ts';
import { demoPerson } from '../support/demo-person.ts';
import { clinics, hospital } from '../support/demo-tokens.ts';
import { transports } from '../support/live-subscription.ts';
import { setScene } from '../support/operation-examples.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type StackOptions, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

/** A stack whose sandbox's state a test can read. */
async function startOpenStack(config: StackOptions['config'] = {}) {
  const worlds: World[] = [];
  const seed = (world: World) => {
    worlds.push(world);
    seedHospital(world);
  };
  const stack = await startStack({
    sandbox: { seed },
    config: { upstreamRetries: 0, upstreamBreakerFailures: 10_000, ...config },
  });
  const bodies = () => [...(worlds[0]?.messages.values() ?? [])].map(({ body }) => body);
  const groups = () => [...(worlds[0]?.groups.values() ?? [])].map(({ name }) => name);
  return { stack, bodies, groups, control: controlOf(stack.sandbox) };
}

/** Every mutation: its document, the write whose response is lost, and whether repeating it is safe. Mutations that delete come last. */
const mutations = [
  ['createGroup(input: { name: "x", members: [] }) { group { id } }', 'createNewGroup', false],
  ['findOrCreateUser(input: { address: "new-one@example.org" }) { wasCreated }', 'lookupOrCreateUser', false],
  ['signIn(input: { userId: "alan", password: "demo" }) { key }', 'loginV5', false],
  ['createAttachmentTokens(input: { count: 1 }) { tokens }', 'createAttachmentTokens', false],
  ['sendMessage(input: { recipient: "grace@example.org", body: "x" }) { message { id } }', 'sendMessage', false],
  [
    'sendMessage(input: { recipient: "grace@example.org", body: "x", idempotencyKey: "KEY" }) { message { id } }',
    'sendMessage',
    true,
  ],
  [
    'forwardMessage(input: { message: "MESSAGE", recipient: "alan@example.org" }) { message { id } }',
    'forwardMessage',
    false,
  ],
  [
    'forwardMessage(input: { message: "MESSAGE", recipient: "alan@example.org", idempotencyKey: "KEY" }) { message { id } }',
    'forwardMessage',
    true,
  ],
  ['updateGroup(input: { group: "GROUP", name: "y" }) { group { id } }', 'updateGroup', true],
  ['addGroupMembers(input: { group: "GROUP", members: ["alan"] }) { group { id } }', 'addGroupMember', true],
  ['removeGroupMembers(input: { group: "GROUP", members: ["alan"] }) { group { id } }', 'removeMemberFromGroup', true],
  ['updateMessageStatus(input: { read: ["MESSAGE"] }) { read { id } }', 'updateMessageStatusPost', true],
  [
    'markConversation(input: { conversation: "CONVERSATION", status: READ, through: 1 }) { conversation { id } }',
    'markConversation',
    true,
  ],
  ['sendMessage(input: { conversation: "CONVERSATION", body: "x" }) { message { id } }', 'sendMessageV5', false],
  [
    'sendMessage(input: { conversation: "CONVERSATION", body: "x", idempotencyKey: "KEY" }) { message { id } }',
    'sendMessageV5',
    true,
  ],
  ['startTyping(input: { recipient: "grace@example.org" }) { isTyping }', 'typingMessagePost', true],
  ['stopTyping(input: { recipient: "grace@example.org" }) { isTyping }', 'deleteMessageTyping', true],
  ['setMetadata(input: { entity: "GROUP", metadata: [] }) { metadata { key } }', 'addMetadata', true],
  ['clearMetadata(input: { entity: "GROUP" }) { metadata { key } }', 'deleteMetadata', true],
  ['addRosterEntry(input: { counterpart: "GRACE" }) { counterpart { __typename } }', 'addRosterEntry', true],
  ['mute(input: { counterpart: "GRACE", minutes: 5 }) { mutedUntil }', 'muteUser', true],
  ['mute(input: { counterpart: "GROUP", minutes: 5 }) { mutedUntil }', 'muteGroup', true],
  [`mute(input: { organization: "${hospital}", minutes: 5 }) { mutedUntil }`, 'muteOrganization', true],
  ['unmute(input: { counterpart: "GRACE" }) { wasMuted }', 'unmuteUser', true],
  ['unmute(input: { counterpart: "GROUP" }) { wasMuted }', 'unmuteGroup', true],
  [`unmute(input: { organization: "${hospital}" }) { wasMuted }`, 'unmuteOrganization', true],
  ['unmuteAll { count }', 'clearMutes', true],
  ['updateMe(input: { statusText: "x" }) { me { id } }', 'updateUserSettings', true],
  [
    `updateMyOrganization(input: { organization: "${hospital}", isDoNotDisturb: false }) { organization { key } }`,
    'updateUserOrganization',
    true,
  ],
  ['setPresence(input: { status: ONLINE }) { status }', 'updatePresence', true],
  ['setQuickReplies(input: { quickReplies: ["x"] }) { quickReplies }', 'updateUserPreferences', true],
  [
    `setQuickReplies(input: { quickReplies: ["x"], organization: "${hospital}" }) { quickReplies }`,
    'updateOrganizationPreferences',
    true,
  ],
  ['sendMessage(input: { recipient: "NURSE", body: "x" }) { message { id } }', 'createRoleGroup', false],
  ['saveRole(input: { role: "NURSE" }) { role { id } }', 'saveRole', true],
  ['unsaveRole(input: { role: "NURSE" }) { role { id } }', 'removeSavedRole', true],
  ['setRoleAway(input: { role: "NURSE", text: "x" }) { text }', 'setRoleAway', true],
  ['clearRoleAway(input: { role: "NURSE" }) { role { id } }', 'clearRoleAway', true],
  ['optIntoRole(input: { role: "NURSE" }) { role { id } }', 'optIntoRole', true],
  ['escalateMessage(input: { message: "ASKED" }) { escalation { status } }', 'escalateMessage', false],
  ['cancelEscalation(input: { message: "ASKED" }) { escalation { status } }', 'cancelEscalation', true],
  ['skipEscalation(input: { message: "SKIPPED" }) { escalation { status } }', 'skipEscalation', false],
  ['confirmEscalation(input: { message: "CONFIRMED" }) { escalation { status } }', 'confirmEscalation', true],
  ['optOutOfRole(input: { role: "CARDIOLOGIST", user: "grace" }) { role { id } }', 'optOutOfRole', true],
  [
    'answerTeamRequest(input: { teamId: "TEAM", requestId: "REQUEST", accept: true }) { team { name } }',
    'answerTeamRequest',
    true,
  ],
  ['leaveTeam(input: { teamId: "TEAM" }) { team { name } }', 'leaveTeam', true],
  ['requestToJoinTeam(input: { teamId: "TEAM" }) { team { name } }', 'requestToJoinTeam', false],
  ['leaveForum(input: { group: "FORUM" }) { group { id } }', 'removeMemberFromGroup', true],
  ['joinForum(input: { group: "FORUM" }) { group { id } }', 'addGroupMember', true],
  ['dropEventConnections { count }', 'dropConnect', true],
  ['acknowledgeEvents(input: { eventIds: ["x"] }) { acknowledgedEventIds }', 'ackEvents', true],
  ['recallMessage(input: { message: "MESSAGE" }) { recalledMessageId }', 'deleteMessage', true],
  ['removeRosterEntry(input: { counterpart: "GRACE" }) { counterpart { __typename } }', 'removeRoster', true],
  ['deleteGroup(input: { group: "GROUP" }) { deletedGroupId }', 'deleteGroup', true],
  [`leaveOrganization(input: { organization: "${clinics}" }) { leftOrganizationKey }`, 'leaveOrganization', true],
  ['wipeUser(input: { user: "ADA" }) { wipedUserId }', 'wipeUser', true],
  ['signOut { externalLogoutUrl }', 'logout', true],
] as const;

describe.concurrent('a mutation whose outcome is unknown', () => {
  it('is in this table for every mutation', () => {
    const fields = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(new Set(mutations.map(([field]) => /^\w+/.exec(field)?.[0]))).toEqual(new Set(fields));
  });

  it('is in the table of repetitions for every writing operation of the contract', () => {
    const isKnown = (id: string) => repetitions.has(id) || readsByPost.has(id);
    const writes = readOperations(contractDocument)
      .filter(({ method }) => method !== 'GET')
      .map(({ id }) => id);
    expect(writes.length).toBeGreaterThan(30);
    expect(writes.filter((id) => !isKnown(id))).toEqual([]);
  });

  it('has outcome UNKNOWN, and is retryable only when a repetition applies nothing twice', async () => {
    const { stack, control } = await startOpenStack();
    await using _closing = stack;
    const scene = await setScene(stack);
    const { group, message, grace } = scene;
    const { id: ada } = await demoPerson(stack, 'ada');
    const order = async (field: string, fault: FaultOrderInput) => {
      const key = randomUUID();
      const text = field
        .replace('GROUP', group)
        .replace('MESSAGE', message)
        .replace('GRACE', grace.id)
        .replace('ADA', ada)
        .replace('NURSE', scene.otherRole)
        .replace('CARDIOLOGIST', scene.role)
        .replace('FORUM', scene.forum)
        .replace('TEAM', scene.team)
        .replace('REQUEST', scene.teamRequest)
        .replace('ASKED', scene.toRole)
        .replace('SKIPPED', scene.escalated[0])
        .replace('CONFIRMED', scene.escalated[1])
        .replace('CONVERSATION', `Conversation:${grace.token}:${hospital}`)
        .replace('KEY', key);
      const standing = await control.fault(fault);
      const { errors } = await stack.query(`mutation { ${text} }`);
      await control.clearFaults(standing.id);
      return { extensions: errors?.[0]?.extensions, key };
    };
    for (const [field, operationId, isSafe] of mutations) {
      const kinds = [
        { kind: 'status', status: 503, operationId },
        { kind: 'lose', operationId },
      ] as const;
      for (const fault of kinds) {
        const { extensions, key } = await order(field, fault);
        const expected = { code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN', retryable: isSafe };
        expect(extensions, `${field} ${fault.kind}`).toMatchObject(expected);
        const isKeyed = ['sendMessage', 'sendMessageV5', 'forwardMessage'].includes(operationId);
        const used = field.includes('KEY') ? key : isKeyed ? expect.any(String) : undefined;
        expect(extensions?.idempotencyKey, field).toEqual(used);
      }
    }
  });

  it.each([
    ['lose', {}],
    ['delay', { delayMs: 5_000 }],
  ] as const)('is stored once when it is repeated with the key of the error: %s', async (kind, more) => {
    const { stack, bodies, control } = await startOpenStack({ upstreamTimeoutMs: 2_500 });
    await using _closing = stack;
    const send =
      'mutation ($key: String) { sendMessage(input: { recipient: "grace@example.org", body: "Give 10 mg", idempotencyKey: $key }) { wasAlreadyStored } }';
    for (const own of [undefined, randomUUID()]) {
      const before = bodies().filter((body) => body === 'Give 10 mg').length;
      const done = stack.sandbox.requests.count('sendMessage');
      await control.fault({ kind, operationId: 'sendMessage', count: 1, ...more } as FaultOrderInput);
      const { errors } = await stack.query(send, { key: own });
      const { outcome, idempotencyKey, retryable } = errors?.[0]?.extensions ?? {};
      expect({ outcome, retryable }).toEqual({ outcome: 'UNKNOWN', retryable: own !== undefined });
      if (own !== undefined) expect(idempotencyKey).toBe(own);
      // The upstream has executed it; a delayed one, after its delay.
      await waitUntil(() => stack.sandbox.requests.count('sendMessage') > done);
      for (let time = 0; time < 2; time += 1) {
        const again = await stack.query(send, { key: idempotencyKey });
        expect(again.errors).toBeUndefined();
      }
      expect(bodies().filter((body) => body === 'Give 10 mg').length - before).toBe(1);
    }
  });

  it('is not retryable when a group was created and the response lost', async () => {
    const { stack, groups, control } = await startOpenStack();
    await using _closing = stack;
    await control.fault({ kind: 'lose', operationId: 'createNewGroup', count: 1 });
    const { errors } = await stack.query(
      'mutation { createGroup(input: { name: "Once", members: [] }) { group { id } } }',
    );
    expect(errors?.[0]?.extensions).toMatchObject({ outcome: 'UNKNOWN', retryable: false });
    expect(groups().filter((name) => name === 'Once')).toHaveLength(1);
  });

  it.each(Object.entries(transports))('has outcome UNKNOWN over %s too', async (_name, transport) => {
    const { stack, control } = await startOpenStack();
    await using _closing = stack;
    await control.fault({ kind: 'lose', operationId: 'sendMessage', count: 1 });
    const query = 'mutation { sendMessage(input: { recipient: "grace@example.org", body: "x" }) { wasAlreadyStored } }';
    await using live = transport(stack.gateway, query);
    const { errors } = await live.next();
    expect(errors?.[0]?.extensions).toMatchObject({
      outcome: 'UNKNOWN',
      retryable: false,
      idempotencyKey: expect.any(String),
    });
  });

  it('makes an operation with another executed field not retryable', async () => {
    const { stack, control } = await startOpenStack();
    await using _closing = stack;
    await control.fault({ kind: 'status', status: 503, operationId: 'clearMutes' });
    const { errors } = await stack.query(
      'mutation { createGroup(input: { name: "x", members: [] }) { group { name } } unmuteAll { count } }',
    );
    expect(errors).toMatchObject([{ path: ['unmuteAll'], extensions: { outcome: 'UNKNOWN', retryable: false } }]);
  });

  it('is reported when the gateway shuts down during it', async () => {
    const { stack, control } = await startOpenStack({ shutdownTimeoutMs: 300 });
    await using _closing = stack;
    await control.fault({ kind: 'stall', operationId: 'sendMessage' });
    const answer = stack.query(
      'mutation { sendMessage(input: { recipient: "grace@example.org", body: "x" }) { wasAlreadyStored } }',
    );
    while ((await control.faults())[0]?.met === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await stack.gateway.close();
    expect((await answer).errors?.[0]?.extensions).toMatchObject({
      code: 'SHUTTING_DOWN',
      outcome: 'UNKNOWN',
      retryable: false,
    });
  });
});

describe.concurrent('a mutation that was certainly not executed', () => {
  it('is retryable: no connection, and an open circuit breaker', async () => {
    const { stack } = await startOpenStack({ upstreamBreakerFailures: 2 });
    await using _closing = stack;
    await stack.sandbox.close();
    const create = 'mutation { createGroup(input: { name: "x", members: [] }) { group { id } } }';
    for (let time = 0; time < 4; time += 1) {
      const { errors } = await stack.query(create);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
      expect(errors?.[0]?.extensions).not.toHaveProperty('outcome');
    }
  });

  it('has no outcome when the upstream rejected it', async () => {
    const { stack, control } = await startOpenStack();
    await using _closing = stack;
    const create = 'mutation { createGroup(input: { name: "x", members: [] }) { group { id } } }';
    for (const [status, code, retryable] of [
      [429, 'RATE_LIMITED', true],
      [403, 'FORBIDDEN', false],
    ] as const) {
      await control.fault({ kind: 'status', status, operationId: 'createNewGroup', count: 1 });
      const { errors } = await stack.query(create);
      expect(errors?.[0]?.extensions).toMatchObject({ code, retryable });
      expect(errors?.[0]?.extensions).not.toHaveProperty('outcome');
    }
  });
});
