/** Roles with the people on duty, and quick replies: read on first use, and then after each change. */

import type { ConversationStore } from 'tigerconnect-graphql/store';
import { QuickRepliesDocument, type RoleCardFragment, RolesDocument } from 'tigerconnect-graphql-documents';
import { Value } from './value.ts';

export class Duty {
  readonly roles = new Value<readonly RoleCardFragment[] | undefined>(undefined);
  /** The caller's own first, then those of the organizations. */
  readonly quickReplies = new Value<readonly string[] | undefined>(undefined);

  constructor(private readonly run: ConversationStore['run']) {}

  async readRoles(): Promise<void> {
    const { roles } = await this.run(RolesDocument, { first: 100 });
    if (roles !== null) this.roles.set(roles.nodes.filter((role) => role !== null));
  }

  async readQuickReplies(): Promise<void> {
    const { me, quickReplies } = await this.run(QuickRepliesDocument, {});
    const ofOrganizations = me?.organizations?.flatMap((one) => one?.quickReplies ?? []) ?? [];
    this.quickReplies.set([...new Set([...(quickReplies ?? []), ...ofOrganizations])]);
  }
}
