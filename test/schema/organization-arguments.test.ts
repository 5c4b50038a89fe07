/** Arguments for an organization: an invalid key is rejected by name, before an upstream call. */
import { getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { stackWithAda } from '../support/demo-person.ts';
import { absent } from '../support/demo-tokens.ts';

const organization = /[oO]rganization$/;

/** Values for the required fields beside the organization, by input type. */
const besides: Readonly<Record<string, object>> = {
  AddRosterEntryInput: { counterpart: absent },
  AnswerTeamRequestInput: { teamId: absent, requestId: absent, accept: true },
  ClearMetadataInput: { entity: absent },
  ClearRoleAwayInput: { role: absent },
  CreateGroupInput: { name: 'x', members: [] },
  ForwardMessageInput: { message: absent, recipient: absent },
  LeaveTeamInput: { teamId: absent },
  MuteInput: { minutes: 5 },
  OptIntoRoleInput: { role: absent, user: absent },
  OptOutOfRoleInput: { role: absent, user: absent },
  RemoveRosterEntryInput: { counterpart: absent },
  RequestToJoinTeamInput: { teamId: absent },
  SaveRoleInput: { role: absent },
  SendMessageInput: { recipient: absent, body: 'x' },
  SetMetadataInput: { entity: absent, metadata: [] },
  SetQuickRepliesInput: { quickReplies: [] },
  SetRoleAwayInput: { role: absent, text: 'x' },
  TypingInput: { recipient: absent },
  UnsaveRoleInput: { role: absent },
  UpdateMyOrganizationInput: { isDoNotDisturb: true },
};

/** Mutations that read the caller's account before they look at the organization. */
const readFirst = 'answerTeamRequest|requestToJoinTeam|saveRole|unsaveRole';

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args: [input] }) => {
  const type = getNamedType(input?.type);
  const fields = isInputObjectType(type)
    ? Object.keys(type.getFields()).filter((field) => organization.test(field))
    : [];
  return fields.map((field) => [name, String(type), field] as const);
});

const queries = Object.values(schema.getQueryType()?.getFields() ?? {})
  .filter(({ args }) => args.some(({ name }) => organization.test(name)))
  .map(({ name, args, type }) => {
    const required: Readonly<Record<string, string>> = {
      id: `"${absent}"`,
      ids: `["${absent}"]`,
      query: '""',
      teamId: '"x"',
    };
    const given = args.flatMap(({ name: arg, type: of }) =>
      organization.test(arg) ? [`${arg}: $value`] : String(of).endsWith('!') ? [`${arg}: ${required[arg]}`] : [],
    );
    const inner = isObjectType(getNamedType(type)) ? '{ __typename }' : '';
    return [name, `query ($value: String) { ${name}(${given.join(', ')}) ${inner} }`] as const;
  });

const file = stackWithAda();

describe.each(['', 'ü', 'a\r\nx: y', 'x'.repeat(201)])('an organization %j', (value) => {
  it.each(mutations)('is rejected by %s (%s.%s)', async (name, type, field) => {
    file.stack.sandbox.requests.reset();
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
    const { code, field: named } = await file.ada.rejection(query, { input: { ...besides[type], [field]: value } });
    expect([code, named]).toEqual(['BAD_USER_INPUT', `input.${field}`]);
    if (!readFirst.split('|').includes(name)) expect(file.stack.sandbox.requests.count()).toBe(0);
  });

  it.each(queries)('is rejected by %s', async (_name, query) => {
    file.stack.sandbox.requests.reset();
    const { code, field } = await file.ada.rejection(query, { value });
    expect([code, field]).toEqual(['BAD_USER_INPUT', 'organization']);
    expect(file.stack.sandbox.requests.count()).toBe(0);
  });
});
