/** Kinds of users, groups and messages; organizations by their key; settings with types; inputs with exactly one field. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { demoPerson, stackWithAda } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { startStack } from '../support/stack.ts';
import { reply, startWireServer } from '../support/wire-server.ts';

const token = '11111111-1111-4111-8111-111111111111';

const file = stackWithAda();

/** Upstream calls by operation. */
async function callsOf(query: string): Promise<Readonly<Record<string, number>>> {
  file.stack.sandbox.requests.reset();
  await file.ada.ask(query);
  return file.stack.sandbox.requests.counts('ada');
}

describe('kinds', () => {
  const asking = `query ($id: ID!) {
    user(id: $id) { kind kindName }
    group(id: $id) { kind kindName }
    message(id: $id) { kind subType }
  }`;

  /** What the gateway says of an object with these fields, whichever it is. */
  async function kindsOf(wire: object): Promise<Record<'user' | 'group' | 'message', Record<string, unknown>>> {
    await using upstream = await startWireServer((_request, response) =>
      reply(response, { token, message_id: token, ...wire }),
    );
    await using own = await startStack({ upstreamUrl: upstream.origin, config: { upstreamApi: 'v2' } });
    const { data, errors } = await own.query(asking, { id: token });
    expect(errors).toBeUndefined();
    expect(upstream.requests).toHaveLength(3);
    return JSON.parse(JSON.stringify(data));
  }

  it('has a kind for each sub_type that the contract names', async () => {
    const contract = await Promise.all(
      ['upstream.yaml', 'upstream-v5.yaml'].map((name) =>
        readFile(new URL(`../../schema/${name}`, import.meta.url), 'utf8'),
      ),
    );
    const lists = contract.flatMap((text) => [
      ...text.matchAll(/^ *sub_type: \{.*?description: "(?:[^":]*: )?([^";]*)/gm),
    ]);
    const words = new Set(lists.flatMap(([, list = '']) => list.split(', ')));
    expect(words.size).toBe(12);
    for (const word of words) {
      const { message } = await kindsOf({ sub_type: word });
      expect([word, message]).toEqual([word, { kind: expect.not.stringMatching('OTHER|ORDINARY'), subType: word }]);
    }
  });

  it.each([
    [{}, null, null, null, 'ORDINARY'],
    [{ metadata: {} }, 'PERSON', 'GROUP', null, 'ORDINARY'],
    [{ metadata: {}, is_public: true }, 'PERSON', 'FORUM', null, 'ORDINARY'],
    [{ metadata: { feature_service: 'role' }, is_public: true }, 'ROLE', 'ROLE_CONVERSATION', 'role', 'ORDINARY'],
    [{ metadata: { feature_service: 'constructor' }, sub_type: 'toString' }, 'OTHER', 'OTHER', 'constructor', 'OTHER'],
    [
      { metadata: { feature_service: 'patient_messaging' } },
      'OTHER',
      'PATIENT_CONVERSATION',
      'patient_messaging',
      'ORDINARY',
    ],
    [
      { metadata: { feature_service: 'vwr' }, sub_type: 'vwr_call' },
      'WAITING_ROOM_VISITOR',
      'OTHER',
      'vwr',
      'WAITING_ROOM_CALL',
    ],
    [
      { metadata: { feature_service: 'teams', meta_type: 'intra_team' }, sub_type: 'system' },
      'OTHER',
      'TEAM',
      'teams',
      'SYSTEM',
    ],
  ])('of %j', async (wire, user, group, word, message) => {
    const kinds = await kindsOf(wire);
    expect(kinds).toMatchObject({
      user: { kind: user, kindName: word },
      group: { kind: group, kindName: word },
      message: { kind: message },
    });
  });

  it('prefer the duty list to other kinds of a group', async () => {
    const { group } = await kindsOf({ metadata: { meta_type: 'role_assignment', feature_service: 'role' } });
    expect(group).toEqual({ kind: 'DUTY_LIST', kindName: 'role_assignment' });
  });

  it('are selected by one name for each side of a conversation, without a call of their own', async () => {
    const kind = (selection: string) => `{ roster { entries { nodes { counterpart { __typename ${selection} } } } } }`;
    const selection = '... on User { kind } ... on Group { kind } ... on DistributionList { kind }';
    expect(await callsOf(kind(selection))).toEqual({ getRoster: 1 });
    const { roster } = await file.ada.ask(kind(selection));
    const kinds = roster.entries.nodes.map(({ counterpart }: { counterpart: { kind: string } }) => counterpart.kind);
    expect(new Set(kinds)).toEqual(new Set(['PERSON', 'ROLE', 'GROUP', 'FORUM', 'LIST']));
  });
});

describe('an organization', () => {
  it('is available beside its key, and all are read together', async () => {
    const query = `{
      roster { entries(first: 20) { nodes { organizationKey organization { key name } membership { organization { key } } } } }
      me { membership { organization { key name } } }
    }`;
    expect(await callsOf(query)).toMatchObject({ listUserOrganizations: 1 });
    const { roster, me } = await file.ada.ask(query);
    expect(me.membership.organization).toEqual({ key: hospital, name: 'Mercy General Hospital' });
    for (const { organizationKey, organization } of roster.entries.nodes)
      expect(organization.key).toBe(organizationKey);
  });

  it('has its settings with types', async () => {
    const { me } = await file.ada.ask(`{ me { membership { organization {
      isForwardAllowed isPriorityAllowed isDeleteOnReadDefault isLicenceAccepted messageLifetimeMinutes signOutAfterMinutes
    } } } }`);
    expect(me.membership.organization).toEqual({
      isForwardAllowed: true,
      isPriorityAllowed: true,
      isDeleteOnReadDefault: false,
      isLicenceAccepted: true,
      messageLifetimeMinutes: 43_200,
      signOutAfterMinutes: null,
    });
  });

  it.each([
    [{ settings: [] }, null, null],
    [
      {
        settings: [
          { name: 'forward', value: '1' },
          { name: 'ttl', value: '60' },
        ],
      },
      true,
      60,
    ],
    [
      {
        settings: [
          { name: 'forward', value: '0' },
          { name: 'ttl', value: -1 },
        ],
        allow_msg_forward: true,
      },
      false,
      null,
    ],
    [
      {
        settings: [
          { name: 'forward', value: true },
          { name: 'ttl', value: 'soon' },
        ],
        allow_msg_forward: false,
      },
      false,
      null,
    ],
    [
      {
        allow_msg_forward: true,
        settings: [
          { name: 'forward', value: 'maybe' },
          { name: 'ttl', value: 1.5 },
        ],
      },
      true,
      null,
    ],
  ])('with %j', async (wire, isForwardAllowed, messageLifetimeMinutes) => {
    await using upstream = await startWireServer(({ path }, response) =>
      reply(response, path.endsWith('/organization') ? [{ token: 'one', ...wire }] : { token }),
    );
    await using own = await startStack({ upstreamUrl: upstream.origin, config: { upstreamApi: 'v2' } });
    const { data } = await own.query('{ me { organizations { isForwardAllowed messageLifetimeMinutes } } }');
    expect(data).toEqual({ me: { organizations: [{ isForwardAllowed, messageLifetimeMinutes }] } });
  });
});

describe('a mute', () => {
  const mute = 'mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }';
  const unmute = 'mutation ($input: UnmuteInput!) { unmute(input: $input) { wasMuted } }';

  it('accepts one target, and returns it', async () => {
    const grace = await demoPerson(file.stack, 'grace');
    for (const target of [
      { counterpart: { id: 'grace@example.org', organization: hospital } },
      { organization: hospital },
    ])
      await file.ada.ask(mute, { input: { target, minutes: 5 } });
    const { mutes } = await file.ada.ask(
      '{ mutes { kind token counterpart { ... on User { id displayName } } organization { key } } }',
    );
    expect(mutes).toEqual([
      {
        kind: 'USER',
        token: grace.token,
        counterpart: { id: grace.id, displayName: 'Grace Hopper' },
        organization: { key: hospital },
      },
      { kind: 'ORGANIZATION', token: hospital, counterpart: null, organization: { key: hospital } },
    ]);
    expect(await callsOf('{ mutes { counterpart { ... on User { id } } } }')).toEqual({ listMutes: 1 });
    const conversation = `Conversation:${grace.token}:${hospital}`;
    expect(await file.ada.ask(unmute, { input: { target: { conversation } } })).toEqual({ unmute: { wasMuted: true } });
    expect(await file.ada.ask('mutation { unmuteAll { count } }')).toEqual({ unmuteAll: { count: 1 } });
  });

  it.each([
    ['none', {}, '{}'],
    [
      'two',
      { conversation: 'Conversation:a:b', organization: 'c' },
      '{ conversation: "Conversation:a:b", organization: "c" }',
    ],
    ['none, by null', { organization: null }, '{ organization: null }'],
  ])('rejects %s, in variables and in the document', async (_name, target, literal) => {
    const byVariable = await file.stack.query(mute, { input: { target, minutes: 5 } });
    expect(byVariable.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const inDocument = await file.stack.query(
      `mutation { mute(input: { target: ${literal}, minutes: 5 }) { mutedUntil } }`,
    );
    expect(inDocument.errors?.[0]?.extensions.code).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/);
  });

  it('rejects a target beside the fields that it replaces', async () => {
    const input = { target: { organization: hospital }, organization: hospital, minutes: 5 };
    const { errors } = await file.stack.query(mute, { input });
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('input.target') });
  });

  it('is removed from the roster by the same kind of target', async () => {
    const remove =
      'mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { removedConversationId } }';
    const input = { target: { counterpart: { id: 'rebecca@example.org', organization: hospital } } };
    const { removeRosterEntry } = await file.ada.ask(remove, { input });
    expect(removeRosterEntry.removedConversationId).toMatch(new RegExp(`^Conversation:.+:${hospital}$`));
  });
});
