/** Calls of the page besides writing and reading messages, one function each. All but `signOut` reject with a StoreError. */

import { type ConversationStore, createHttpClient, execute, StoreError } from 'tigerconnect-graphql/store';
import * as documents from 'tigerconnect-graphql-documents';
import { forget, type Session } from './state/session.ts';
import { t } from './texts.ts';

type Run = ConversationStore['run'];
type Escalation = documents.EscalationCardFragment;
type Hit = NonNullable<NonNullable<NonNullable<documents.SearchQuery['search']>['edges'][number]>>;

/** Why something was not done, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof StoreError)) return t.failed;
  return error.notice ?? t.problems[error.code] ?? t.failed;
}

/** Writes the conversation in view into the address, so that going back and reloading work. */
function show(conversation: string): void {
  location.hash = encodeURIComponent(conversation);
}

/** The conversation with what has this token. */
const idOf = (token: string, organization: string | null) => `Conversation:${token}:${organization}`;

/** @throws StoreError */
export async function signIn(input: documents.SignInInput): Promise<Session> {
  let authorization = '';
  const client = createHttpClient({ url: '/graphql', headers: () => ({ authorization }) });
  // A session keeps the key pair out of the page, where the service offers one.
  const answer = await execute(client, documents.StartSessionDocument, { input: { ...input, session: true } }).catch(
    (error) => {
      if (!(error instanceof StoreError) || error.field !== 'input.session') throw error;
      return execute(client, documents.SignInDocument, { input });
    },
  );
  const { signIn: signedIn } = answer;
  if (signedIn === null) throw new StoreError('INTERNAL');
  if ('key' in signedIn) authorization = `Basic ${btoa(`${signedIn.key}:${signedIn.secret}`)}`;
  const { me } = await execute(client, documents.MeDocument, {});
  const organizations = me?.organizations?.flatMap((one) => (one === null ? [] : [[one.key, one.name ?? one.key]]));
  const name = signedIn.user.displayName ?? input.userId;
  return { authorization, me: signedIn.user.id, name, organizations: Object.fromEntries(organizations ?? []) };
}

export async function signOut(run: Run): Promise<void> {
  await run(documents.SignOutDocument, {}).catch(() => undefined);
  forget();
}

/** Opens the conversation with the role. */
export async function writeToRole(run: Run, recipient: documents.RoleId, body: string): Promise<void> {
  const input = { recipient, body, idempotencyKey: crypto.randomUUID() };
  const { sendMessage } = await run(documents.SendMessageDocument, { input });
  if (sendMessage?.conversation != null) show(sendMessage.conversation.id);
}

/** What becomes of it comes as an event, to all concerned. */
export async function escalate(run: Run, message: string): Promise<void> {
  await run(documents.EscalateMessageDocument, { input: { message } });
}

export async function answer(run: Run, how: 'confirm' | 'skip' | 'cancel', of: Escalation): Promise<void> {
  if (of.message === null) return;
  const message = of.message.id;
  const input = { message, escalationId: of.escalationId };
  if (how === 'confirm') await run(documents.ConfirmEscalationDocument, { input });
  else if (how === 'skip') await run(documents.SkipEscalationDocument, { input });
  else await run(documents.CancelEscalationDocument, { input: { message } });
}

export async function forward(run: Run, message: string, conversation: documents.ConversationId): Promise<void> {
  const input = { message, conversation, idempotencyKey: crypto.randomUUID() };
  await run(documents.ForwardMessageDocument, { input });
}

/** @param minutes None ends it. */
export async function mute(run: Run, conversation: documents.ConversationId, minutes?: number): Promise<void> {
  const target = { conversation };
  if (minutes === undefined) await run(documents.UnmuteDocument, { input: { target } });
  else await run(documents.MuteDocument, { input: { target, minutes } });
}

/** People, groups and lists whose names begin so. */
export async function search(run: Run, query: string): Promise<Hit[]> {
  const { search: found } = await run(documents.SearchDocument, { query, kinds: ['USER', 'GROUP', 'LIST'], first: 20 });
  return found?.edges.filter((hit) => hit !== null) ?? [];
}

/** Opens the conversation with a person, a group or a list. */
export async function open(run: Run, { node, organizationKey }: Hit): Promise<void> {
  if (node === null) return;
  // One with a group is there for all its members.
  if (node.__typename !== 'Group')
    await run(documents.AddRosterEntryDocument, { input: { counterpart: node.id, organization: organizationKey } });
  show(idOf(node.token, organizationKey));
}

/** Makes a group and opens it. */
export async function createGroup(run: Run, name: string, members: readonly string[], organization: string | null) {
  const input = { name, members, organization };
  const { createGroup: created } = await run(documents.CreateGroupDocument, { input });
  if (created !== null) show(idOf(created.group.token, created.group.organizationKey ?? organization));
}

export async function addMember(run: Run, group: documents.GroupId, member: documents.UserId): Promise<void> {
  await run(documents.AddGroupMembersDocument, { input: { group, members: [member] } });
}

/** The conversation goes with the membership. */
export async function leaveGroup(run: Run, group: documents.GroupCardFragment, me: documents.UserId): Promise<void> {
  if (group.isPublic === true) await run(documents.LeaveForumDocument, { input: { group: group.id } });
  else await removeMember(run, group.id, me);
  location.hash = 'all';
}

export async function removeMember(run: Run, group: documents.GroupId, member: documents.UserId): Promise<void> {
  await run(documents.RemoveGroupMembersDocument, { input: { group, members: [member] } });
}
