/** Roles and who is on duty, texts to answer with, and escalations of messages that get no answer. */
import * as documents from 'tigerconnect-graphql-documents';
import type { Client } from 'urql';

export type Role = documents.RoleCardFragment;
export type Escalation = documents.EscalationCardFragment;

const answers = {
  confirm: documents.ConfirmEscalationDocument,
  skip: documents.SkipEscalationDocument,
} as const;

/** Read when they are first looked at, and from then on as often as they change. */
export class Duty {
  roles?: readonly Role[];
  /** The caller's own first, then those of the organizations. */
  quickReplies?: readonly string[];

  constructor(
    private readonly client: Client,
    private readonly onChange: () => void,
  ) {}

  async readRoles(): Promise<void> {
    const { data } = await this.client.query(documents.RolesDocument, { first: 100 });
    if (data?.roles != null) this.roles = data.roles.nodes.filter((role) => role !== null);
    this.onChange();
  }

  async readQuickReplies(): Promise<void> {
    const { data } = await this.client.query(documents.QuickRepliesDocument, {});
    const ofOrganizations = data?.me?.organizations?.flatMap((one) => one?.quickReplies ?? []) ?? [];
    this.quickReplies = [...new Set([...(data?.quickReplies ?? []), ...ofOrganizations])];
    this.onChange();
  }

  /** Opens the conversation with the role. @returns Why nothing was sent: the role's own text, when no one is on duty. */
  async write(recipient: string, body: string): Promise<string> {
    const input = { recipient, body, idempotencyKey: crypto.randomUUID() };
    const { data, error } = await this.client.mutation(documents.SendMessageDocument, { input });
    const id = data?.sendMessage?.conversation?.id;
    if (id !== undefined) location.hash = encodeURIComponent(id);
    const [{ extensions } = {}] = error?.graphQLErrors ?? [];
    return error === undefined ? '' : `${extensions?.notice ?? 'Not sent.'}`;
  }

  /** What becomes of it comes as an event, to all concerned. */
  async escalate(message: string): Promise<void> {
    await this.client.mutation(documents.EscalateMessageDocument, { input: { message } });
  }

  async answer(how: 'confirm' | 'skip' | 'cancel', { escalationId, message }: Escalation): Promise<void> {
    if (message === null) return;
    if (how === 'cancel')
      await this.client.mutation(documents.CancelEscalationDocument, { input: { message: message.id } });
    else await this.client.mutation(answers[how], { input: { message: message.id, escalationId } });
  }
}
