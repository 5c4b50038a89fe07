/**
 * Ids in the types of the documents. For the gateway all are strings; here the type of an id contains the kind of its object, so
 * that the compiler rejects a message's id where a user's is expected.
 * Ids that the gateway returns have a kind (`UserId`). Arguments (`Ref<'User'>`) accept such an id, the token of such an object, or
 * a plain string, which can be an id from an address bar, a login name or an e-mail address.
 */

/** Types with global ids. */
export type NodeKind = 'Conversation' | 'DistributionList' | 'Group' | 'Membership' | 'Message' | 'Role' | 'User';

/** The id of an object of one kind, or of an event. `idOf` converts a string to a global id. */
export type Id<Kind extends NodeKind | 'Event'> = string & { readonly ' kind': Kind; readonly ' form': 'id' };

/** The upstream's id of an object, without its type. */
export type Token<Kind extends NodeKind> = string & { readonly ' kind': Kind; readonly ' form': 'token' };

/** A reference to an object of one of these kinds: its id, its token, or a string without a kind. */
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
 * The text as the id of an object of this kind. Only the form is checked, not the existence of the object.
 * @param text Such as `User:0a1b`, from an address bar or a store.
 * @throws TypeError for any other text.
 */
export function idOf<Kind extends NodeKind>(kind: Kind, text: string): Id<Kind> {
  if (!text.startsWith(`${kind}:`)) throw new TypeError(`idOf: expected the id of a ${kind}.`);
  return text as Id<Kind>; // its form was checked
}
