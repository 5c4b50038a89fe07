import type { components } from '../../generated/contract-v5.ts';
import { timestamp } from '../clock.ts';
import { groupConversation } from '../state/conversation.ts';
import type { Escalation } from '../state/escalation-types.ts';
import type { World } from '../state/world.ts';
import type { EventDraft } from '../state/world-types.ts';

/** Placeholder of missing values (contract, Escalation). */
const notYet = 'undefined';

/** An escalation in the form of replies. */
export function escalationWire(world: World, escalation: Escalation): components['schemas']['Escalation'] {
  const { policy, backups, actionAt } = escalation;
  const group = world.groups.get(escalation.group);
  return {
    escalation_execution_id: escalation.id,
    display_name: escalation.displayName,
    escalation_status: escalation.status,
    level: escalation.level,
    target_token: escalation.target,
    target_duration: policy.targetDuration,
    escalation_path: policy.path.map(({ duration, targets }) => ({
      duration,
      targets: targets.map((token) => ({ token, display_name: world.accounts.get(token)?.displayName ?? '' })),
    })),
    triggering_message_token: escalation.message,
    triggered_message_token: backups?.copy ?? notYet,
    ...(group === undefined ? {} : { triggering_conversation_id: groupConversation(world, group).id }),
    escalation_group_token: backups?.group ?? notYet,
    organization_token: escalation.organization,
    destruction_duration: policy.destructionDuration,
    destruction_time: timestamp(actionAt + policy.destructionDuration * 60_000),
    action_time: timestamp(actionAt),
  };
}

/** State of the escalation at this moment: a later change has an event of its own. */
export function escalationEvent(world: World, escalation: Escalation): EventDraft {
  const type = 'tigertext:iq:escalations';
  const payload = { xmlns: type, escalation: escalationWire(world, escalation) };
  return { type, stored: true, payload: () => payload };
}
