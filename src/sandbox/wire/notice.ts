import { timestamp } from '../clock.ts';
import type { Notice } from '../state/conversation-types.ts';
import type { World } from '../state/world.ts';

/** The payload of the bang event, and the item of a timeline. */
export function noticeWire(world: World, notice: Notice) {
  const person = (token: string) => ({
    type: 'tigertext:entity:account',
    token,
    display_name: world.accounts.get(token)?.displayName ?? '',
  });
  const group = world.groups.get(notice.group);
  return {
    xmlns: 'tigertext:iq:bang',
    bang_id: notice.id,
    event: notice.event,
    created_on: timestamp(notice.createdAt),
    organization_id: group?.organization ?? '',
    sort_number: notice.sortNumber,
    caller_entity: person(notice.by),
    subject_entity: person(notice.subject),
    target_entity: { type: 'tigertext:entity:group', token: notice.group, display_name: group?.name ?? '' },
    ...(notice.reason === undefined ? {} : { reason: notice.reason, reason_subject_token: notice.subject }),
  } as const;
}
