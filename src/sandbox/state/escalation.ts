/**
 * Escalations (EVENTS-v5.md §10.10): the role is asked first, then the steps of its policy, each for its duration; confirming and
 * cancelling end it, and after the last step it ends unanswered. All by the clock of the sandbox.
 */

import { forbidden, notFound } from '../http/http-error.ts';
import { freshToken } from '../token.ts';
import { escalationEvent } from '../wire/escalation.ts';
import { changedConversationEvent } from '../wire/v5/event.ts';
import { groupConversation } from './conversation.ts';
import { announceBackups, endBackups } from './escalation-group.ts';
import type { Escalation } from './escalation-types.ts';
import { notifyGroup } from './group-change.ts';
import { deliver } from './outbox.ts';
import { roleOf } from './role.ts';
import type { World } from './world.ts';
import type { Account, Message } from './world-types.ts';

const minute = 60_000;

/**
 * Starts the escalation of a message to a role. A second start returns the running one.
 * @throws HttpError 403 for messages of others, for messages without a role, and for roles without a policy.
 */
export function escalate(world: World, caller: Account, message: Message): Escalation {
  if (message.author !== caller.token) throw forbidden();
  const known = world.escalations.get(message.id);
  if (known?.status === 'in_progress') return known;
  const [role] = world.groups.get(message.target.token)?.roleMembers ?? [];
  const policy = role === undefined ? undefined : world.rota.get(role)?.policy;
  if (role === undefined || policy === undefined || known !== undefined)
    throw forbidden('expected a message to a role with an escalation policy');
  const now = world.clock.now();
  const id = freshToken();
  const escalation: Escalation = {
    id,
    displayName: `#${id.slice(0, 4).toUpperCase()}`,
    status: 'in_progress',
    level: 0,
    target: role,
    policy,
    message: message.id,
    group: message.target.token,
    startedBy: caller.token,
    organization: message.recipientOrganization,
    backups: undefined,
    asked: new Set(personsOf(world, [role])),
    levelAt: now,
    actionAt: now,
  };
  world.escalations.set(message.id, escalation);
  announce(world, escalation, 'escalation_initiated', caller.token);
  return escalation;
}

/** Whether a send starts an escalation: the sender requests it, or the policy of the role does. */
export function isEscalated(world: World, message: Message, isAskedFor: boolean): boolean {
  const [role] = world.groups.get(message.target.token)?.roleMembers ?? [];
  const policy = role === undefined ? undefined : world.rota.get(role)?.policy;
  const isOwn = role === message.sender;
  return policy !== undefined && !isOwn && (isAskedFor || policy.alwaysEscalate);
}

/** @throws HttpError 404 without a running one, 403 for a caller who was not asked. */
export function confirmEscalation(world: World, caller: Account, named: NamedEscalation): Escalation {
  const escalation = askedAs(world, caller, named);
  end(world, escalation, 'confirmed', caller.token);
  return escalation;
}

/** Passes it on to the next step; after the last one it ends without an answer. @throws HttpError as `confirmEscalation`. */
export function skipEscalation(world: World, caller: Account, named: NamedEscalation): Escalation {
  const escalation = askedAs(world, caller, named);
  nextLevel(world, escalation, world.clock.now(), caller.token);
  return escalation;
}

/**
 * An ended or missing one is accepted (contract, cancelEscalation).
 * @throws HttpError 403 for others than its starter.
 */
export function cancelEscalation(world: World, caller: Account, message: Message): void {
  if (message.author !== caller.token) throw forbidden();
  const escalation = world.escalations.get(message.id);
  if (escalation?.status === 'in_progress') end(world, escalation, 'cancelled', caller.token);
}

/** Advances every escalation to the time of the clock, in the order of their due times. */
export function runEscalations(world: World): void {
  for (let due = firstDue(world); due !== undefined; due = firstDue(world)) {
    const { escalation, at } = due;
    if (escalation.status === 'in_progress') nextLevel(world, escalation, at);
    else {
      endBackups(world, escalation);
      world.escalations.delete(escalation.message);
      if (escalation.backups !== undefined) world.escalationCopies.delete(escalation.backups.copy);
    }
  }
}

export interface NamedEscalation {
  readonly message: string;
  readonly escalation: string;
  /** Tokens of the caller and of its roles. */
  readonly as: readonly string[];
}

function askedAs(world: World, caller: Account, { message, escalation: id, as }: NamedEscalation): Escalation {
  const escalation = world.escalations.get(message);
  if (escalation?.id !== id) throw notFound('Escalation');
  const own = new Set([caller.token, ...(world.roles.get(caller.token) ?? [])]);
  if (!escalation.asked.has(caller.token) || !as.every((token) => own.has(token)) || as.length === 0) throw forbidden();
  if (escalation.status !== 'in_progress') throw notFound('Escalation in progress');
  return escalation;
}

function firstDue(world: World): { readonly escalation: Escalation; readonly at: number } | undefined {
  let first: { escalation: Escalation; at: number } | undefined;
  for (const escalation of world.escalations.values()) {
    const at = dueAt(escalation);
    if (at <= world.clock.now() && at < (first?.at ?? Number.POSITIVE_INFINITY)) first = { escalation, at };
  }
  return first;
}

/** End of the level; for an ended escalation, the removal of its group. */
function dueAt({ status, level, levelAt, actionAt, policy }: Escalation): number {
  if (status !== 'in_progress') return actionAt + policy.destructionDuration * minute;
  const duration = level === 0 ? policy.targetDuration : (policy.path[level - 1]?.duration ?? 0);
  return levelAt + duration * minute;
}

/** @param by Account that skips; undefined when the time of the level is over. */
function nextLevel(world: World, escalation: Escalation, at: number, by?: string): void {
  const step = escalation.policy.path[escalation.level];
  if (step === undefined) {
    end(world, escalation, 'no_response', by ?? escalation.target, at);
    return;
  }
  escalation.level += 1;
  escalation.levelAt = at;
  escalation.actionAt = at;
  const persons = personsOf(world, step.targets);
  for (const person of persons) escalation.asked.add(person);
  announceBackups(world, escalation, persons);
  for (const person of persons) announce(world, escalation, 'escalation_member_added', by ?? escalation.target, person);
}

const endWords = {
  confirmed: 'escalation_acknowledged',
  cancelled: 'escalation_cancelled',
  no_response: 'escalation_no_response',
} as const;

function end(
  world: World,
  escalation: Escalation,
  status: keyof typeof endWords,
  by: string,
  at = world.clock.now(),
): void {
  escalation.status = status;
  escalation.actionAt = at;
  announce(world, escalation, endWords[status], by);
}

/**
 * Notifies every party: the escalation itself, a notice in the conversation of the message, and its number of running escalations.
 */
function announce(world: World, escalation: Escalation, word: string, by: string, member?: string): void {
  const { group: token, startedBy, asked, organization } = escalation;
  const group = world.groups.get(token);
  const parties = new Set([startedBy, ...asked, ...(group?.members ?? [])]);
  const event = escalationEvent(world, escalation);
  for (const party of parties) deliver(world, party, event, organization);
  if (group === undefined || group.deleted) return;
  notifyGroup(world, group, {
    event: word,
    by,
    subject: escalation.id,
    createdAt: escalation.actionAt,
    escalation: { ...nameOf(escalation), member },
  });
  const changed = changedConversationEvent(world, groupConversation(world, group));
  for (const party of group.members) deliver(world, party, changed, organization);
}

function nameOf({ id, displayName }: Escalation): { readonly id: string; readonly name: string } {
  return { id, name: displayName };
}

/** Tokens of people; a role is replaced by the people on duty. */
function personsOf(world: World, targets: readonly string[]): string[] {
  return [...new Set(targets.flatMap((token) => roleOf(world, token)?.account.owners ?? [token]))];
}
