import { accountImage, friendsEvent, listImage } from '../wire/entity-event.ts';
import { goneEvent } from '../wire/v5/event.ts';
import type { Sighting } from './account.ts';
import { directConversation, listConversation } from './conversation.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import { dropFromRoster, touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, DistributionList, Message, Session } from './world-types.ts';

/**
 * Adds a person to the roster without a message. No event is sent when the person is already there.
 * @param cause The session that adds it: its v5 streams are left out.
 */
export function addPerson(world: World, owner: Account, sighting: Sighting, cause: Session): void {
  const { organization } = sighting.membership;
  const conversation = directConversation(world, owner.token, sighting.account.token, organization);
  const isNew = touchRoster(world, owner.token, { kind: 'account', token: sighting.account.token, organization });
  const event = friendsEvent(world, 'add', accountImage(world, sighting), conversation);
  if (isNew) deliver(world, owner.token, event, organization, cause);
}

/**
 * Puts a list on the owner's roster.
 * @param cause Session that did so.
 */
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
export function erasePerson(world: World, owner: Account, sighting: Sighting, organization: string | undefined): void {
  const other = sighting.account.token;
  const between = ({ target, author, sender }: Message) =>
    target.kind === 'account' &&
    ((target.token === other && author === owner.token) ||
      (target.token === owner.token && (author === other || sender === other)));
  const erased = erase(world, owner, other, organization, between);
  const image = accountImage(world, sighting);
  // One event names one conversation, and there is one in each organization. The person may be seen in another one.
  for (const key of erased.organizations) {
    deliver(world, owner.token, friendsEvent(world, 'del', { ...image, organization: key }, undefined), key);
    const conversation = directConversation(world, owner.token, other, key);
    if (conversation !== undefined) deliver(world, owner.token, goneEvent(conversation, image), key);
  }
}

/** Takes a list and the owner's messages to it off the roster. */
export function eraseList(world: World, owner: Account, list: DistributionList): void {
  const toList = ({ target, author }: Message) => target.token === list.token && author === owner.token;
  const { wasThere } = erase(world, owner, list.token, list.organization, toList);
  const event = friendsEvent(world, 'del', listImage(list), listConversation(world, list));
  if (wasThere) deliver(world, owner.token, event, list.organization);
}

interface Erased {
  readonly wasThere: boolean;
  /** Of the conversations that go. */
  readonly organizations: ReadonlySet<string>;
}

function erase(
  world: World,
  owner: Account,
  token: string,
  organization: string | undefined,
  isMeant: (message: Message) => boolean,
): Erased {
  const messages = [...world.messages.values()].filter(
    (message) =>
      isMeant(message) &&
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
