import { LRUCache } from 'lru-cache';
import { limits } from '../bounds.ts';
import type { Clock } from '../clock.ts';
import type { Api } from '../contract-document.ts';
import type { Call } from './call-types.ts';
import type { Conversation } from './conversation-types.ts';
import type { Escalation } from './escalation-types.ts';
import { createFileStore, type FileStore } from './file-store.ts';
import type { Organization } from './organization.ts';
import type { Role } from './role-types.ts';
import type { Team } from './team-types.ts';
import type {
  Account,
  AttachmentToken,
  DistributionList,
  Group,
  Message,
  Mute,
  RosterLine,
  Session,
} from './world-types.ts';

/** The state of the sandbox. The other modules of this folder hold the rules that change it. */
export interface World {
  readonly clock: Clock;
  readonly api: Api;
  /** Origin of the API; empty until the server listens. */
  origin: string;
  /** Delay between Read and the deletion of a delete-on-read message in a direct conversation. */
  readonly deleteOnReadMs: number;
  readonly organizations: Map<string, Organization>;
  readonly accounts: Map<string, Account>;
  /** Lower-case e-mail, phone or user name → account token. */
  readonly addresses: Map<string, string>;
  /** Account token → tokens of the roles it owns. */
  readonly roles: Map<string, string[]>;
  /** Role token → values of the role besides its account. */
  readonly rota: Map<string, Role>;
  /** Account token → tokens of its saved roles. */
  readonly savedRoles: Map<string, Set<string>>;
  /** Token of the original message → its escalation. */
  readonly escalations: Map<string, Escalation>;
  /** Token of a copy for back-ups → token of the original message. */
  readonly escalationCopies: Map<string, string>;
  readonly teams: Map<string, Team>;
  /** Ended calls, the oldest first. */
  readonly calls: Call[];
  readonly groups: Map<string, Group>;
  readonly lists: Map<string, DistributionList>;
  /** In order of creation. */
  readonly messages: Map<string, Message>;
  /** Those with items, by id. */
  readonly conversations: Map<string, Conversation>;
  /** Parties from which an id is derived, of conversations with and without items; they can be derived again. */
  readonly conversationIds: LRUCache<string, Pick<Conversation, 'kind' | 'organization' | 'parties'>>;
  readonly files: FileStore;
  /** Account token → conversation key → entry. */
  readonly rosters: Map<string, Map<string, RosterLine>>;
  readonly mutes: Map<string, Map<string, Mute>>;
  /** Account token or organization key → quick replies. */
  readonly quickReplies: Map<string, readonly string[]>;
  /** API key → session; device sessions under key and device. */
  readonly sessions: Map<string, Session>;
  readonly sessionsByAccount: Map<string, Set<Session>>;
  /** Caller and Request-ID → message id. */
  readonly requestIds: LRUCache<string, string>;
  readonly attachmentTokens: LRUCache<string, AttachmentToken>;
  lastSortNumber: number;
  /** Called after every sent message; the demo people subscribe here. */
  readonly messageListeners: Set<(message: Message) => void>;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly api?: Api;
  readonly deleteOnReadMs: number;
}

/** A cache bounded by size, which grows with its entries: one bounded by `max` allocates room for all of them at its start. */
function entriesUpTo<Value extends object | string>(maxSize: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize, sizeCalculation: () => 1 });
}

/** A world without people. */
export function createWorld({ clock, api = 'both', deleteOnReadMs }: WorldOptions): World {
  return {
    clock,
    api,
    origin: '',
    deleteOnReadMs,
    organizations: new Map(),
    accounts: new Map(),
    addresses: new Map(),
    roles: new Map(),
    rota: new Map(),
    savedRoles: new Map(),
    teams: new Map(),
    calls: [],
    escalations: new Map(),
    escalationCopies: new Map(),
    groups: new Map(),
    lists: new Map(),
    messages: new Map(),
    conversations: new Map(),
    conversationIds: entriesUpTo(limits.conversationIds),
    files: createFileStore(),
    rosters: new Map(),
    mutes: new Map(),
    quickReplies: new Map(),
    sessions: new Map(),
    sessionsByAccount: new Map(),
    requestIds: entriesUpTo(limits.requestIds),
    attachmentTokens: entriesUpTo(limits.attachmentTokens),
    lastSortNumber: 0,
    messageListeners: new Set(),
  };
}

/** Clears the state and closes every stream. The clock and the message listeners stay. */
export function emptyWorld(world: World): void {
  for (const session of world.sessions.values()) for (const stream of [...session.streams]) stream.close();
  for (const message of world.messages.keys()) world.files.delete(message);
  const { organizations, accounts, addresses, roles, groups, lists, messages, conversations } = world;
  for (const map of [organizations, accounts, addresses, roles, groups, lists, messages, conversations]) map.clear();
  for (const map of [
    world.rota,
    world.savedRoles,
    world.teams,
    world.escalations,
    world.escalationCopies,
    world.rosters,
    world.mutes,
    world.quickReplies,
    world.sessions,
  ])
    map.clear();
  world.calls.length = 0;
  world.sessionsByAccount.clear();
  world.requestIds.clear();
  world.attachmentTokens.clear();
  world.lastSortNumber = 0;
}
