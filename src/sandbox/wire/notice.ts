import { timestamp } from '../clock.ts';
import type { Notice } from '../state/conversation-types.ts';
import type { World } from '../state/world.ts';

/** The payload of the bang event, and the item of a timeline. */
export function noticeWire(world: World, notice: Notice) {
  const person = (token: string) => {
    const account = world.accounts.get(token);
    return {
      type: 'tigertext:entity:account',
      token,
      display_name: account?.displayName ?? '',
      // Of a role: going on and off duty in place of joining and leaving.
      ...(account?.kind === 'role' ? { metadata: { feature_service: 'role' } } : {}),
    };
  };
  const group = world.groups.get(notice.group);
  const { escalation } = notice;
  return {
    xmlns: 'tigertext:iq:bang',
    bang_id: notice.id,
    event: notice.event,
    created_on: timestamp(notice.createdAt),
    organization_id: group?.organization ?? '',
    sort_number: notice.sortNumber,
    caller_entity: person(notice.by),
    subject_entity:
      escalation === undefined
        ? person(notice.subject)
        : { type: 'tigertext:entity:escalation', token: escalation.id, display_name: escalation.name },
    target_entity: { type: 'tigertext:entity:group', token: notice.group, display_name: group?.name ?? '' },
    ...(escalation === undefined ? {} : actionWire(world, notice, escalation)),
    ...(notice.reason === undefined ? {} : { reason: notice.reason, reason_subject_token: notice.subject }),
  } as const;
}

/** "Of an escalation, whom to name", and the back-up that was asked. */
function actionWire(world: World, { by, createdAt }: Notice, { member }: NonNullable<Notice['escalation']>) {
  const nameOf = (token: string) => world.accounts.get(token)?.displayName ?? '';
  return {
    action_time: timestamp(createdAt),
    action_user_id: by,
    action_user_name: nameOf(by),
    ...(member === undefined ? {} : { member_id: member, member_name: nameOf(member) }),
  };
}
