import type { EventDraft } from '../state/world-types.ts';

/** The contract does not know the payload; `quick_replies` beside their owner is assumed (EVENTS-v5.md §2). */
export function preferencesEvent(name: 'user_preferences' | 'org_preferences', preferences: object): EventDraft {
  const type = `tigertext:iq:${name}`;
  const payload = { xmlns: type, ...preferences };
  return { type, stored: true, payload: () => payload };
}
