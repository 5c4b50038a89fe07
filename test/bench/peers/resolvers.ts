/** Resolvers that a hand-written server would have, shared by the peers that take them. Each read is made once an operation. */

export interface WireUser {
  readonly token: string;
  readonly display_name?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly title?: string;
  readonly department?: string;
  readonly dnd?: boolean;
  readonly organization_key?: string;
  readonly emails?: readonly { readonly address: string; readonly verified: boolean }[];
}

export interface WireEntry extends WireUser {
  readonly type: string;
  readonly name?: string;
  readonly members?: readonly string[];
  readonly num_members?: number;
}

export interface WireMessage {
  readonly message_id: string;
  readonly body?: string;
  readonly status: string;
  readonly created_time: string;
  readonly sender_token: string;
}

export interface WireStates {
  readonly statuses: readonly { readonly account_id: string; readonly status: string; readonly timestamp: string }[];
}

/** The upstream as one operation sees it. */
export interface Reads {
  user(token: string): Promise<WireUser>;
  message(token: string): Promise<WireMessage>;
  states(token: string): Promise<WireStates>;
  roster(): Promise<readonly WireEntry[]>;
}

export const paths = {
  user: (token: string) => `/v2/user/${token}?render_metadata=true`,
  message: (token: string) => `/v2/message/${token}`,
  states: (token: string) => `/v2/message/${token}/status`,
  roster: '/v2/roster?render_metadata=true',
} as const;

/** `get` gives the envelope's `reply`; a path is asked for once. */
export function readsOnce(get: (path: string) => Promise<unknown>): Reads {
  const reads = new Map<string, Promise<unknown>>();
  const once = (path: string) => {
    let reading = reads.get(path);
    if (reading === undefined) {
      reading = get(path);
      reads.set(path, reading);
    }
    return reading;
  };
  return {
    user: (token) => once(paths.user(token)) as Promise<WireUser>,
    message: (token) => once(paths.message(token)) as Promise<WireMessage>,
    states: (token) => once(paths.states(token)) as Promise<WireStates>,
    roster: () => once(paths.roster) as Promise<readonly WireEntry[]>,
  };
}

export interface PeerContext {
  readonly reads: Reads;
}

type State = WireStates['statuses'][number];

export const resolvers = {
  Query: {
    user: (_root: unknown, { id }: { id: string }, { reads }: PeerContext) => reads.user(id),
    roster: () => ({}),
    messages: (_root: unknown, { ids }: { ids: string[] }, { reads }: PeerContext) =>
      ids.map((id) => reads.message(id)),
  },
  Roster: {
    entries: async (_roster: unknown, _args: unknown, { reads }: PeerContext) => ({ nodes: await reads.roster() }),
  },
  RosterEntry: {
    organizationKey: (entry: WireEntry) => entry.organization_key,
    counterpart: (entry: WireEntry) => entry,
  },
  Counterpart: {
    __resolveType: ({ type }: WireEntry) => (type === 'tigertext:entity:group' ? 'Group' : 'User'),
    resolveType: ({ type }: WireEntry) => (type === 'tigertext:entity:group' ? 'Group' : 'User'),
  },
  User: {
    displayName: (user: WireUser) => user.display_name,
    firstName: (user: WireUser) => user.first_name,
    lastName: (user: WireUser) => user.last_name,
    isDoNotDisturb: (user: WireUser) => user.dnd,
    organizationKey: (user: WireUser) => user.organization_key,
  },
  Email: { isVerified: (email: { verified: boolean }) => email.verified },
  Group: {
    memberCount: (group: WireEntry) => group.num_members,
    members: (group: WireEntry, _args: unknown, { reads }: PeerContext) => ({
      nodes: (group.members ?? []).map((token) => reads.user(token)),
    }),
  },
  Message: {
    token: (message: WireMessage) => message.message_id,
    status: (message: WireMessage) => message.status.toUpperCase(),
    createdAt: (message: WireMessage) => message.created_time,
    sender: (message: WireMessage, _args: unknown, { reads }: PeerContext) => reads.user(message.sender_token),
    recipientStatuses: async (message: WireMessage, _args: unknown, { reads }: PeerContext) =>
      (await reads.states(message.message_id)).statuses,
  },
  RecipientStatus: {
    status: (state: State) => state.status.toUpperCase(),
    at: (state: State) => state.timestamp,
    user: (state: State, _args: unknown, { reads }: PeerContext) => reads.user(state.account_id),
  },
};
