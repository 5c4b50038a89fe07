/**
 * Typed settings of an organization that the official clients obey; the upstream's list holds numbers, booleans, or strings of
 * them.
 */
import type { Organization } from '../../domain/domain.ts';
import { builder } from '../builder.ts';
import { OrganizationRef } from './organization.ts';

/** Names of the contract (Organization.settings). */
type SettingName = 'ttl' | 'dor' | 'forward' | 'priority_messaging' | 'eula' | 'autologout_time';

function settingOf({ settings }: Organization, wanted: SettingName): unknown {
  return settings.find(({ name }) => name === wanted)?.value;
}

/** Undefined when the setting is absent or not a boolean, 0, 1 or a string of these. */
function flagOf(organization: Organization, name: SettingName): boolean | undefined {
  const value = settingOf(organization, name);
  if (value === true || value === 1 || value === 'true' || value === '1') return true;
  return value === false || value === 0 || value === 'false' || value === '0' ? false : undefined;
}

/** Undefined when the setting is absent or not a whole number of minutes, 1 or more: the upstream's -1 means none. */
function minutesOf(organization: Organization, name: SettingName): number | undefined {
  const value = settingOf(organization, name);
  const minutes = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof minutes === 'number' && Number.isInteger(minutes) && minutes > 0 && minutes < 2 ** 31
    ? minutes
    : undefined;
}

/** The official clients offer forwarding when neither the organization nor the setting forbids it. */
function isForwardAllowed(organization: Organization): boolean | undefined {
  const setting = flagOf(organization, 'forward');
  if (setting === false || organization.allowsForwarding === false) return false;
  return setting ?? organization.allowsForwarding;
}

builder.objectFields(OrganizationRef, (t) => ({
  isForwardAllowed: t.boolean({
    description:
      'Whether messages of the organization may be forwarded: neither the organization nor its setting `forward` forbids it. Null when the upstream says neither.',
    resolve: isForwardAllowed,
  }),
  isPriorityAllowed: t.boolean({
    description: 'Whether messages may have priority HIGH (setting `priority_messaging`); null when it is unset.',
    resolve: (organization) => flagOf(organization, 'priority_messaging'),
  }),
  isDeleteOnReadDefault: t.boolean({
    description: 'Whether messages delete on read by default (setting `dor`); null when unset.',
    resolve: (organization) => flagOf(organization, 'dor'),
  }),
  isLicenceAccepted: t.boolean({
    description: 'Whether the caller has accepted the organization’s terms (setting `eula`); null when it is unset.',
    resolve: (organization) => flagOf(organization, 'eula'),
  }),
  messageLifetimeMinutes: t.int({
    description: 'Default lifetime of messages (setting `ttl`), in minutes; null for no end.',
    resolve: (organization) => minutesOf(organization, 'ttl'),
  }),
  signOutAfterMinutes: t.int({
    description:
      'Idle time after which clients sign the user out (setting `autologout_time`), in minutes; null for never.',
    resolve: (organization) => minutesOf(organization, 'autologout_time'),
  }),
  arePublicGroupsAllowed: t.boolean({
    description: 'Whether members may create groups that anyone can join; null when the upstream does not say.',
    resolve: ({ allowsPublicGroups }) => allowsPublicGroups,
  }),
  hasRoles: t.exposeBoolean('hasRoles', {
    description: 'Whether the organization has roles, accounts that represent the user on duty; null when unknown.',
  }),
}));
