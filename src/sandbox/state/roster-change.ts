import { accountImage, friendsEvent, listImage } from '../wire/entity-event.ts';
import { goneEvent } from '../wire/v5/event.ts';
import type { VisibleAccount } from './account.ts';
import { directConversation, listConversation } from './conversation.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import { dropFromRoster, touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, DistributionList, Message, Session } from './world-types.ts';

/**
 * Adds a person to the roster without a message. No event is sent when the person is already there.
 * @param cause The session that adds it: its v5 streams are left out.
 */
export function addPerson(world: World, owner: Account, visible: VisibleAccount, cause: Session): void {
  const { organization } = visible.membership;
  const conversation = directConversation(world, owner.token, visible.account.token, organization);
  const isNew = touchRoster(world, owner.token, { kind: 'account', token: visible.account.token, organization });
  const event = friendsEvent(world, 'add', accountImage(world, visible), conversation);
  if (isNew) deliver(world, owner.token, event, organization, cause);
}

/** Adds a list to the roster. @param cause See `addPerson`. */
export function addList(world: World, owner: Account, list: DistributionList, cause: Session): void {
  const { token, organization } = list;
  const isNew = touchRoster(world, owner.token, { kind: 'list', token, organization });
  const event = friendsEvent(world, 'add', listImage(list), listConversation(world, list));
  if (isNew) deliver(world, owner.token, event, organization, cause);
}

/**
 * "The whole conversation with that user is erased for the caller": reads, statuses, attachments and replay. The other
 * side keeps the conversation. @param organization Undefined erases it in every organization.
 */
export function erasePerson(
  world: World,
  owner: Account,
  visible: VisibleAccount,
  organization: string | undefined,
): void {
  const other = visible.account.token;
  const between = ({ target, author, sender }: Message) =>
    target.kind === 'account' &&
    ((target.token === other && author === owner.token) ||
      (target.token === owner.token && (author === other || sender === other)));
  const erased = erase(world, owner, other, organization, between);
  const image = accountImage(world, visible);
  // An event names one conversation, and there is one for each organization. `visible` is the person in only one of them.
  for (const key of erased.organizations) {
    deliver(world, owner.token, friendsEvent(world, 'del', { ...image, organization: key }, undefined), key);
    const conversation = directConversation(world, owner.token, other, key);
    if (conversation !== undefined) deliver(world, owner.token, goneEvent(conversation, image), key);
  }
}

/** Removes a list from the roster, and erases the owner's messages to it. */
export function eraseList(world: World, owner: Account, list: DistributionList): void {
  const toList = ({ target, author }: Message) => target.token === list.token && author === owner.token;
  const { wasThere } = erase(world, owner, list.token, list.organization, toList);
  const event = friendsEvent(world, 'del', listImage(list), listConversation(world, list));
  if (wasThere) deliver(world, owner.token, event, list.organization);
}

interface Erased {
  readonly wasThere: boolean;
  /** Organizations of the erased conversations. */
  readonly organizations: ReadonlySet<string>;
}

function erase(
  world: World,
  owner: Account,
  token: string,
  organization: string | undefined,
  isInConversation: (message: Message) => boolean,
): Erased {
  const messages = [...world.messages.values()].filter(
    (message) =>
      isInConversation(message) &&
      !message.erasedFor.has(owner.token) &&
      (organization === undefined ||
        [message.senderOrganization, message.recipientOrganization].includes(organization)),
  );
  for (const message of messages) message.erasedFor.add(owner.token);
  forgetMessageEvents(world, new Set(messages.map(({ id }) => id)), owner.token);
  const lines = dropFromRoster(world, owner.token, token, organization);
  const organizations = [
    ...messages.map((message) => message.recipientOrganization),
    ...lines.map((line) => line.organization),
  ];
  return { wasThere: organizations.length > 0, organizations: new Set(organizations) };
}
