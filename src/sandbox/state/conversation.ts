import { accountImage, friendsEvent, listImage } from '../wire/entity-event.ts';
import type { Sighting } from './account.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import { dropFromRoster, touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, DistributionList, Message } from './world-types.ts';

/** Adds a person to the roster without a message. No event is sent when the person is already there. */
export function addPerson(world: World, owner: Account, sighting: Sighting): void {
  const { organization } = sighting.membership;
  const isNew = touchRoster(world, owner.token, { kind: 'account', token: sighting.account.token, organization });
  if (isNew) deliver(world, owner.token, friendsEvent('add', accountImage(world, sighting)), organization);
}

export function addList(world: World, owner: Account, list: DistributionList): void {
  const { token, organization } = list;
  const isNew = touchRoster(world, owner.token, { kind: 'list', token, organization });
  if (isNew) deliver(world, owner.token, friendsEvent('add', listImage(list)), organization);
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
  const wasThere = erase(world, owner, other, organization, between);
  if (wasThere) deliver(world, owner.token, friendsEvent('del', accountImage(world, sighting)), organization);
}

export function eraseList(world: World, owner: Account, list: DistributionList): void {
  const toList = ({ target, author }: Message) => target.token === list.token && author === owner.token;
  const wasThere = erase(world, owner, list.token, list.organization, toList);
  if (wasThere) deliver(world, owner.token, friendsEvent('del', listImage(list)), list.organization);
}

function erase(
  world: World,
  owner: Account,
  token: string,
  organization: string | undefined,
  isMeant: (message: Message) => boolean,
): boolean {
  const messages = [...world.messages.values()].filter(
    (message) =>
      isMeant(message) &&
      !message.erasedFor.has(owner.token) &&
      (organization === undefined ||
        [message.senderOrganization, message.recipientOrganization].includes(organization)),
  );
  for (const message of messages) message.erasedFor.add(owner.token);
  forgetMessageEvents(world, new Set(messages.map(({ id }) => id)), owner.token);
  return dropFromRoster(world, owner.token, token, organization).length > 0 || messages.length > 0;
}
