/** What the stand-in holds: the same people, groups and messages for every credential, in the contract's wire form. */

export const organization = 'benchOrg0000000000000000';

/** Roster: 30 people and 20 groups. Members and senders are 50 others, so that no read is saved by the roster. */
export const sizes = { rosterUsers: 30, groups: 20, membersOfGroup: 5, others: 50, messages: 50 } as const;

export function token(kind: number, index: number): string {
  return `${kind}0000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

const range = (length: number) => Array.from({ length }, (_, index) => index);

export const rosterUserTokens = range(sizes.rosterUsers).map((index) => token(1, index));
export const otherTokens = range(sizes.others).map((index) => token(2, index));
export const groupTokens = range(sizes.groups).map((index) => token(3, index));
export const messageTokens = range(sizes.messages).map((index) => token(4, index));
export const callerToken = rosterUserTokens[0] ?? '';

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('an empty list has no items');
  return item;
}

const firstNames = ['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Donald', 'Radia', 'Niklaus', 'Margaret'];
const lastNames = [
  'Lovelace',
  'Hopper',
  'Turing',
  'Liskov',
  'Dijkstra',
  'Allen',
  'Knuth',
  'Perlman',
  'Wirth',
  'Hamilton',
];
const departments = ['Cardiology', 'Intensive Care', 'Radiology', 'Oncology', 'Emergency'];

function user(userToken: string, index: number) {
  const first = at(firstNames, index);
  const last = at(lastNames, Math.floor(index / firstNames.length) + index);
  return {
    token: userToken,
    display_name: `${first} ${last}`,
    first_name: first,
    last_name: last,
    username: `${first}.${last}.${index}`.toLowerCase(),
    status: 'On shift until eight',
    title: 'Attending physician',
    department: at(departments, index),
    avatar: `https://files.example.org/avatars/${userToken}.png`,
    dnd: index % 7 === 0,
    emails: [{ address: `${first}.${last}.${index}@example.org`.toLowerCase(), verified: true }],
    phones: [{ number: `+1555${String(1_000_000 + index)}`, verified: true }],
    organization_key: organization,
    metadata: { pager: String(4000 + index), floor: String(index % 9) },
  };
}

function group(groupToken: string, index: number, others: readonly string[] = otherTokens) {
  const members = range(sizes.membersOfGroup).map((n) => at(others, index * sizes.membersOfGroup + n));
  return {
    token: groupToken,
    name: `${at(departments, index)} team ${index}`,
    description: 'Hand-over and rounds',
    avatar: null,
    is_public: false,
    replay_history: true,
    members,
    num_members: members.length,
    created_time: '2026-03-14T08:00:00.000Z',
    created_by: at(others, index),
    organization_key: organization,
    metadata: { shift: index % 2 === 0 ? 'day' : 'night' },
  };
}

export function message(messageToken: string, index: number) {
  return {
    message_id: messageToken,
    body: `Room ${index} is ready; the results of the morning's blood count are in and look as expected.`,
    sender_token: at(otherTokens, index),
    sender_display_name: `${at(firstNames, index)} ${at(lastNames, index)}`,
    recipient_token: at(groupTokens, index),
    group_token: at(groupTokens, index),
    is_group: true,
    sender_organization: organization,
    recipient_organization: organization,
    status: 'Delivered',
    created_time: '2026-03-14T18:22:05.123Z',
    ttl: 14_400,
    dor: false,
    priority: 0,
    sort_number: 1_773_512_525_123 + index,
    attachments: [],
    data: [],
  };
}

function status(messageToken: string, index: number) {
  return {
    client_id: messageToken,
    is_recalled: false,
    statuses: [
      { account_id: at(otherTokens, index + 1), status: 'Read', timestamp: '2026-03-14T18:23:11.000Z' },
      { account_id: at(otherTokens, index + 2), status: 'Delivered', timestamp: '2026-03-14T18:22:06.000Z' },
    ],
  };
}

export const users = new Map([...rosterUserTokens, ...otherTokens].map((each, index) => [each, user(each, index)]));
export const groups = new Map(groupTokens.map((each, index) => [each, group(each, index)]));
export const messages = new Map(messageTokens.map((each, index) => [each, message(each, index)]));
export const statuses = new Map(messageTokens.map((each, index) => [each, status(each, index)]));

export const roster = [
  ...rosterUserTokens.map((each) => ({ type: 'tigertext:entity:account', ...users.get(each) })),
  ...groupTokens.map((each) => ({ type: 'tigertext:entity:group', ...groups.get(each) })),
];

/**
 * The roster for Tailcall alone, which can map neither the contract's names of types nor a list of tokens: two lists, and members
 * as objects.
 */
export const listedRoster = {
  people: rosterUserTokens.map((each) => users.get(each)),
  groups: groupTokens.map((each) => ({
    ...groups.get(each),
    members: groups.get(each)?.members.map((member) => ({ token: member })),
  })),
};

/**
 * A roster of another length, in the proportions of `sizes`: three fifths are people, the others groups of five, whose members are
 * as many people as the roster has entries.
 */
export function rosterOf(entries: number) {
  const people = range(Math.ceil((entries * sizes.rosterUsers) / (sizes.rosterUsers + sizes.groups)));
  const others = range(entries).map((index) => token(2, index));
  const rosterTokens = people.map((index) => token(1, index));
  const allUsers = new Map([...rosterTokens, ...others].map((each, index) => [each, user(each, index)]));
  const allGroups = new Map(
    range(entries - people.length).map((index) => [token(3, index), group(token(3, index), index, others)]),
  );
  return {
    users: allUsers,
    groups: allGroups,
    roster: [
      ...rosterTokens.map((each) => ({ type: 'tigertext:entity:account', ...allUsers.get(each) })),
      ...[...allGroups.values()].map((each) => ({ type: 'tigertext:entity:group', ...each })),
    ],
  };
}
