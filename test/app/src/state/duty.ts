/** Roles and who is on duty, texts to answer with, and escalations of messages that get no answer. */

import { type ConversationStore, StoreError } from 'tigerconnect-graphql/store';
import * as documents from 'tigerconnect-graphql-documents';
import { Value } from './value.ts';

export type Role = documents.RoleCardFragment;
export type Escalation = documents.EscalationCardFragment;
type Run = ConversationStore['run'];

/** Read when they are first looked at, and from then on as often as they change. */
export class Duty {
  readonly roles = new Value<readonly Role[] | undefined>(undefined);
  /** The caller's own first, then those of the organizations. */
  readonly quickReplies = new Value<readonly string[] | undefined>(undefined);

  constructor(private readonly run: Run) {}

  async readRoles(): Promise<void> {
    const { roles } = await this.run(documents.RolesDocument, { first: 100 });
    if (roles !== null) this.roles.set(roles.nodes.filter((role) => role !== null));
  }

  async readQuickReplies(): Promise<void> {
    const { me, quickReplies } = await this.run(documents.QuickRepliesDocument, {});
    const ofOrganizations = me?.organizations?.flatMap((one) => one?.quickReplies ?? []) ?? [];
    this.quickReplies.set([...new Set([...(quickReplies ?? []), ...ofOrganizations])]);
  }

  /** Opens the conversation with the role. @returns Why nothing was sent: the role's own text, when no one is on duty. */
  async write(recipient: string, body: string): Promise<string> {
    const input = { recipient, body, idempotencyKey: crypto.randomUUID() };
    try {
      const { sendMessage } = await this.run(documents.SendMessageDocument, { input });
      const id = sendMessage?.conversation?.id;
      if (id !== undefined) location.hash = encodeURIComponent(id);
      return '';
    } catch (error) {
      return (error instanceof StoreError && error.notice) || 'Not sent.';
    }
  }

  /** What becomes of it comes as an event, to all concerned. */
  async escalate(message: string): Promise<void> {
    await this.run(documents.EscalateMessageDocument, { input: { message } });
  }

  async answer(how: 'confirm' | 'skip' | 'cancel', { escalationId, message }: Escalation): Promise<void> {
    if (message === null) return;
    const input = { message: message.id, escalationId };
    if (how === 'confirm') await this.run(documents.ConfirmEscalationDocument, { input });
    else if (how === 'skip') await this.run(documents.SkipEscalationDocument, { input });
    else await this.run(documents.CancelEscalationDocument, { input: { message: message.id } });
  }
}
