/** Replies of an upstream that repeats rows, or writes an empty text for an absent value. */
import { beforeEach, describe, expect, it } from 'vitest';
import { stackWithAda } from '../support/demo-person.ts';
import { absent, hospital } from '../support/demo-tokens.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';

const token = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly edges: readonly { readonly cursor: string }[];
}

describe('an upstream', () => {
  const started = stackWithAda();
  let control: SandboxControl;
  beforeEach(async () => {
    control = controlOf(started.stack.sandbox);
    await control.reset();
  });

  const answer = (operationId: string, reply: unknown) =>
    control.fault({ kind: 'body', operationId, body: { status: 'success', reply } });

  /** Cursors of all pages of one item. @throws after more pages than there are items. */
  const walked = async (query: (page: string) => string, of: (data: never) => Page): Promise<string[]> => {
    const cursors: string[] = [];
    for (let after = '', hasNext = true; hasNext; ) {
      const { totalCount, pageInfo, edges } = of((await started.ada.ask(query(`first: 1${after}`))) as never);
      cursors.push(...edges.map(({ cursor }) => cursor));
      if (cursors.length > totalCount) throw new Error(`pages do not end: ${cursors.join()}`);
      after = `, after: "${pageInfo.endCursor}"`;
      hasNext = pageInfo.hasNextPage;
    }
    return cursors;
  };
  const connection = 'totalCount pageInfo { hasNextPage endCursor } edges { cursor }';

  it('that repeats a member of a group has it once, and pages end', async () => {
    const members = [token(1), token(2), token(1), token(3)];
    await answer('getGroup', { token: absent, members, metadata: {} });
    const cursors = await walked(
      (page) => `{ group(id: "${absent}") { members(${page}) { ${connection} } } }`,
      ({ group }: { group: { members: Page } }) => group.members,
    );
    expect(cursors).toEqual([token(1), token(2), token(3)]);
    expect(await started.ada.ask(`{ group(id: "${absent}") { memberCount } }`)).toEqual({ group: { memberCount: 3 } });
  });

  it('that repeats a member of a distribution list, on a later page too, has it once', async () => {
    await answer('getDistributionList', { token: absent });
    const rows = (tokens: readonly string[]) => tokens.map((one) => ({ token: one }));
    const first = { members: rows([token(1), token(2), token(1)]), metadata: { continuation: 'more' } };
    const last = { members: rows([token(2), token(3)]), metadata: { continuation: null } };
    await control.fault({
      kind: 'body',
      operationId: 'listDistributionListMembers',
      count: 1,
      body: { status: 'success', reply: first },
    });
    await answer('listDistributionListMembers', last);
    const { node } = await started.ada.ask(
      `{ node(id: "DistributionList:${absent}") { ... on DistributionList { members { totalCount nodes { token } } } } }`,
    );
    expect(node.members).toEqual({
      totalCount: 3,
      nodes: [token(1), token(2), token(3)].map((one) => ({ token: one })),
    });
  });

  it.each([100, 101])('with %i pages of a distribution list has all members, or an error above 100', async (pages) => {
    await answer('getDistributionList', { token: absent });
    const page = (index: number, continuation: string | null) => ({
      status: 'success',
      reply: { members: [{ token: token(index) }], metadata: { continuation } },
    });
    const operationId = 'listDistributionListMembers';
    await control.fault({ kind: 'body', operationId, count: pages - 1, body: page(1, 'more') });
    await control.fault({ kind: 'body', operationId, body: page(2, null) });
    const { data, errors } = await started.ada.answer(
      `{ node(id: "DistributionList:${absent}") { ... on DistributionList { members { totalCount } } } }`,
    );
    if (pages === 100) expect(data).toEqual({ node: { members: { totalCount: 2 } } });
    else {
      expect(data).toEqual({ node: { members: null } });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_COMPLEX' });
    }
  });

  it('that never ends a rota has an error among the roles of a user', async () => {
    const { roles } = await started.ada.ask('{ me { roles { name } } }').then(({ me }) => me);
    await control.fault({
      kind: 'body',
      operationId: 'search',
      body: { status: 'success', reply: { results: [], metadata: { continuation: 'more' } } },
    });
    expect(roles).not.toContain(null);
    const { data, errors } = await started.ada.answer('{ me { roles { name } } }');
    expect(data).toEqual({ me: { roles: [null] } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_COMPLEX' });
  });

  it('that repeats a conversation of the roster has it once, in its first place', async () => {
    const row = (index: number, organization: string) => ({
      type: 'tigertext:entity:account',
      token: token(index),
      organization_key: organization,
    });
    await answer('getRoster', [row(1, 'a'), row(2, 'a'), row(1, 'a'), row(1, 'b'), row(3, 'a'), row(2, 'a')]);
    const cursors = await walked(
      (page) => `{ roster { entries(${page}) { ${connection} } } }`,
      ({ roster }: { roster: { entries: Page } }) => roster.entries,
    );
    expect(cursors).toEqual([1, 2, 1, 3].map((index, at) => `User:${token(index)}@${at === 2 ? 'b' : 'a'}`));
  });

  it('that writes an empty text for a key, a picture, a name or a removed text has none', async () => {
    const { token: own } = started.ada;
    const keys = { organization_key: '', organization_token: '', organization_id: '' };
    const names = { name: '', display_name: '' };
    const texts = { status: '', dnd_text: '', description: '', title: '', department: '' };
    const empty = { ...keys, ...names, ...texts, avatar: '' };
    await answer('getGroup', { token: absent, ...empty, members: [own] });
    await answer('getDistributionList', { token: absent, ...empty });
    await answer('getMe', { token: own, ...keys, ...texts, avatar: '', organization_id: hospital });
    await answer('getMessage', {
      message_id: absent,
      sender_token: own,
      recipient_token: token(1),
      sender_organization: '',
      recipient_organization: hospital,
    });
    const data = await started.ada.ask(
      `{ me { organizationKey statusText doNotDisturbText title department avatarUrl avatarPath }
         node(id: "DistributionList:${absent}") { ... on DistributionList { name } }
         group(id: "${absent}") { name description organizationKey organization { key } avatarUrl avatarPath conversation { id } }
         message(id: "${absent}") { senderOrganizationKey recipientOrganizationKey conversation { id } } }`,
    );
    const pictures = { avatarUrl: null, avatarPath: null };
    expect(data).toEqual({
      me: {
        organizationKey: hospital,
        statusText: null,
        doNotDisturbText: null,
        title: null,
        department: null,
        ...pictures,
      },
      node: { name: null },
      group: {
        name: null,
        description: null,
        organizationKey: null,
        organization: null,
        conversation: null,
        ...pictures,
      },
      message: {
        senderOrganizationKey: null,
        recipientOrganizationKey: hospital,
        conversation: { id: `Conversation:${token(1)}:${hospital}` },
      },
    });
  });
});
