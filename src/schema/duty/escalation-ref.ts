/** The types of escalations, declared for the types that refer to them. */
import type { Escalation } from '../../domain/duty.ts';
import { builder } from '../builder.ts';
import { type EventNode, eventTypeNames } from '../event/event.ts';

export const EscalationRef = builder.objectRef<Escalation>('Escalation');

export const EscalationChangedRef = builder.objectRef<EventNode<'ESCALATION_CHANGED'>>(
  eventTypeNames.ESCALATION_CHANGED,
);
