/**
 * Ids in the types of the documents. To the gateway all are texts; here an id says of what it is the id, so that the compiler
 * finds a message's id where a user's is expected.
 *
 * What the gateway returns has a kind for good (`UserId`). What it accepts (`Ref<'User'>`) is such an id, the token of such an
 * object, or a plain text, which can be an id out of an address bar, a login name or an e-mail address.
 */

/** Types with global ids. */
export type NodeKind = 'Conversation' | 'DistributionList' | 'Group' | 'Membership' | 'Message' | 'Role' | 'User';

/** The id of an object of one kind, or of an event. Of global ids, `idOf` makes one from a text. */
export type Id<Kind extends NodeKind | 'Event'> = string & { readonly ' kind': Kind; readonly ' form': 'id' };

/** The upstream's id of an object, without its type. */
export type Token<Kind extends NodeKind> = string & { readonly ' kind': Kind; readonly ' form': 'token' };

/** What names an object of one of these kinds to the gateway: its id, its token, or a text without a kind. */
export type Ref<Kind extends NodeKind | 'Event'> = string & { readonly ' kind'?: Kind };

export type ConversationId = Id<'Conversation'>;
export type DistributionListId = Id<'DistributionList'>;
export type EventId = Id<'Event'>;
export type GroupId = Id<'Group'>;
export type MembershipId = Id<'Membership'>;
export type MessageId = Id<'Message'>;
export type RoleId = Id<'Role'>;
export type UserId = Id<'User'>;

/** The id of an object of any kind. */
export type NodeId = Id<NodeKind>;

/**
 * The text as the id of an object of this kind. Only the form is checked, not whether there is such an object.
 * @param text Such as `User:0a1b`, out of an address bar or a store.
 * @throws TypeError for any other text.
 */
export function idOf<Kind extends NodeKind>(kind: Kind, text: string): Id<Kind> {
  if (!text.startsWith(`${kind}:`)) throw new TypeError(`idOf: expected the id of a ${kind}.`);
  return text as Id<Kind>; // its form was checked
}
