/** The records of conversations, without the rules that read and change them. */
import type { Message } from './world-types.ts';

/** A member joined or left a group, or a message was escalated: an item between the messages. Kept as long as the group. */
export interface Notice {
  readonly id: string;
  /** The upstream's word. */
  readonly event: string;
  readonly group: string;
  readonly by: string;
  readonly subject: string;
  readonly reason: 'leave_org' | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly sortNumber: number;
  /** The only account that sees it. Undefined: all members do. */
  readonly reader: string | undefined;
  /** Set for a notice of an escalation: `subject` is its id. */
  readonly escalation?:
    | { readonly id: string; readonly name: string; readonly member?: string | undefined }
    | undefined;
}

export type Item = Message | Notice;

/** Whether an item of a conversation is a notice; otherwise it is a message. */
export function isNotice(item: Item): item is Notice {
  return 'subject' in item;
}

/** One per pair of accounts and organization, one per group, one per distribution list; the same for all parties. */
export interface Conversation {
  readonly id: string;
  readonly kind: 'account' | 'group' | 'list';
  readonly organization: string;
  /** Both accounts in ascending order, or the group, or the list. */
  readonly parties: readonly string[];
  /** Ascending by sort number. */
  readonly items: Item[];
}
