/** The group for the back-ups of an escalation, with a copy of the message. */
import { freshToken } from '../token.ts';
import type { Escalation } from './escalation-types.ts';
import { addMembers, createGroup, deleteGroup } from './group-change.ts';
import { isExpired } from './message.ts';
import { sendMessage } from './send.ts';
import type { World } from './world.ts';

/** Creates the group with its copy for the first step, and adds the people of each later one. */
export function announceBackups(world: World, escalation: Escalation, persons: readonly string[]): void {
  const author = world.accounts.get(escalation.startedBy);
  const message = world.messages.get(escalation.message);
  const role = world.accounts.get(escalation.target);
  if (author === undefined || message === undefined || message.recalled || isExpired(world, message)) return;
  const known = escalation.backups === undefined ? undefined : world.groups.get(escalation.backups.group);
  if (known !== undefined) {
    addMembers(
      world,
      author,
      known,
      persons.flatMap((token) => world.accounts.get(token) ?? []),
    );
    return;
  }
  const group = createGroup(world, author, {
    name: `${escalation.displayName} ${role?.displayName ?? ''}`.trim(),
    members: [...new Set([author.token, ...persons])],
    organization: escalation.organization,
    isPublic: false,
    replayHistory: true,
    description: '',
    metadata: { feature_service: 'escalation' },
    avatar: null,
  });
  const copy = freshToken();
  escalation.backups = { group: group.token, copy };
  world.escalationCopies.set(copy, escalation.message);
  const { body, priority, ttl, data } = message;
  sendMessage(world, author, { recipient: group.token, id: copy, body, priority, ttl, data });
}

/** "`destruction_duration` later the group goes." */
export function endBackups(world: World, { backups }: Escalation): void {
  const group = backups === undefined ? undefined : world.groups.get(backups.group);
  if (group !== undefined) deleteGroup(world, group);
}
