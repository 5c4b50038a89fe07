/** Global ids and the other forms of address that arguments accept. */
import { type ConversationKey, tokenPattern } from '../domain/domain.ts';
import { badUserInput } from '../errors.ts';

/** Types that have global ids. */
export type NodeType = 'User' | 'Group' | 'Message' | 'DistributionList' | 'Role';

const globalIdPattern = /^(User|Group|Message|DistributionList|Role|Membership|Conversation):(.+)$/s;
/** A token, a colon, and the key of an organization, which the contract calls opaque (OrgKey). */
const inOrganizationPattern = /^([^:]+):([\x21-\x7e]{1,200})$/;

/** The global id of an object of this type. */
export function encodeId(type: string, token: string): string {
  return `${type}:${token}`;
}

/** A global id in its parts. */
interface DecodedId {
  /** Empty for a text that is no global id. */
  readonly typename: string;
  readonly id: string;
}

/** Never throws; `requireDecoded` throws, naming the argument. */
export function decodeId(id: string): DecodedId {
  const match = globalIdPattern.exec(id);
  const isInOrganization = match?.[1] === 'Membership' || match?.[1] === 'Conversation';
  const token = isInOrganization ? inOrganizationPattern.exec(match?.[2] ?? '')?.[1] : match?.[2];
  if (match?.[1] === undefined || match[2] === undefined || token === undefined || !tokenPattern.test(token)) {
    return { typename: '', id };
  }
  return { typename: match[1], id: match[2] };
}

/** @throws GatewayError `BAD_USER_INPUT` naming `field` for a text that was no global id. */
export function requireDecoded({ typename }: Pick<DecodedId, 'typename'>, field: string): void {
  if (typename === '') throw badUserInput(field, 'a global id such as User:00000000-0000-0000-0000-000000000000');
}

/** The part after the type in the global id of a membership, or of a conversation with its counterpart's token. */
export function idInOrganization(token: string, organization: string): string {
  return `${token}:${organization}`;
}

/** Splits the part that `decodeId` returned for a membership or a conversation. */
export function splitIdInOrganization(id: string): { readonly token: string; readonly organization: string } {
  const [, token = '', organization = ''] = inOrganizationPattern.exec(id) ?? [];
  return { token, organization };
}

/**
 * Checks that an organization key is valid in an id and in a header.
 * @throws GatewayError `BAD_USER_INPUT` naming `field`.
 */
export function organizationKeyOf(value: string, field: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(value)) throw badUserInput(field, 'the key of an organization');
  return value;
}

/** The same for an argument that may be left out. */
export function organizationKeyIn(value: string | null | undefined, field: string): string | undefined {
  return value == null ? undefined : organizationKeyOf(value, field);
}

/**
 * The token in a global id of `type`, or a bare token.
 * @param field Path of the argument, named in the error.
 * @throws GatewayError `BAD_USER_INPUT` when it is neither.
 */
export function tokenOf(type: NodeType, id: string, field: string): string {
  const token = id.startsWith(`${type}:`) ? id.slice(type.length + 1) : id;
  if (!tokenPattern.test(token)) throw badUserInput(field, `the global id or token of a ${type}`);
  return token;
}

/** Above the maximum length of an e-mail address (RFC 5321); the contract sets no length for login names. */
const maxAddressLength = 320;

/** Zero-width spaces, marks of direction, byte order marks and lone surrogates. */
const invisible = /[\p{Cf}\p{Cs}]/u;

/**
 * The upstream address of an object given as a global id, a token, an e-mail address, a phone number or a login name.
 * E-mail addresses become lower-case, as the official clients send them (contract, Address).
 * @param types Types that a global id may have here.
 * @throws GatewayError `BAD_USER_INPUT` when the text cannot be such an address.
 */
export function addressOf(types: readonly NodeType[], value: string, field: string): string {
  const match = globalIdPattern.exec(value);
  if (match?.[1] !== undefined && match[2] !== undefined) {
    const type = types.find((candidate) => candidate === match[1]);
    if (type === undefined || !tokenPattern.test(match[2])) {
      throw badUserInput(field, `the global id of a ${types.join(' or ')}`);
    }
    return match[2];
  }
  const isAddress = value !== '' && value.length <= maxAddressLength && !/[\s\p{Cc}/]/u.test(value);
  if (!isAddress) throw badUserInput(field, 'a global id, a token, an e-mail address, a phone number or a login name');
  // Pasted with the address, such a character changes it, and the upstream creates an account for it.
  if (/[@+]/.test(value) && invisible.test(value)) throw badUserInput(field, 'an address without invisible characters');
  return value.includes('@') ? value.toLowerCase() : value;
}

export const userAddress = (value: string, field: string): string => addressOf(['User'], value, field);

/** The `speakAs` argument, equal in all inputs that accept a role. */
export const speakAsField = {
  description: 'Global id or token of a role of the caller to write as; the caller’s own account when left out.',
} as const;

/** Token of the role in a `speakAs` argument: the global id of the role or of its account, or the token of both. */
export function speakAsToken(value: string | null | undefined): string | undefined {
  if (value == null) return undefined;
  return tokenOf(value.startsWith('Role:') ? 'Role' : 'User', value, 'input.speakAs');
}

/** The address of a possible recipient of a message. */
export const recipientAddress = (value: string, field: string): string =>
  addressOf(['User', 'Group', 'DistributionList'], value, field);

/** Whether the upstream creates an account for this address when it has none: e-mail and phone. */
export function canBecomeAccount(address: string): boolean {
  return address.includes('@') || /^\+\d{6,15}$/.test(address);
}

/**
 * The conversation in a global id.
 * @param field Path of the argument, named in the error.
 * @throws GatewayError `BAD_USER_INPUT` when it is none.
 */
export function conversationKeyOf(value: string, field: string): ConversationKey {
  const { token, organization } = splitIdInOrganization(value.replace(/^Conversation:/, ''));
  if (!value.startsWith('Conversation:') || !tokenPattern.test(token)) {
    throw badUserInput(field, 'the global id of a Conversation');
  }
  return { counterpart: token, organization };
}

/** The global id of a conversation. */
export function conversationId({ counterpart, organization }: ConversationKey): string {
  return encodeId('Conversation', idInOrganization(counterpart, organization));
}
