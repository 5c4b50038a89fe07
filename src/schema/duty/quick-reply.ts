/** Quick replies: short texts that clients offer under their composer. */
import { badUserInput } from '../../errors.ts';
import {
  setOrganizationQuickReplies,
  setQuickReplies as setOwnQuickReplies,
} from '../../upstream/endpoints/preferences.ts';
import { builder } from '../builder.ts';
import { assertFitsEvent } from '../event-size-limit.ts';
import { costs } from '../field-cost.ts';
import { organizationKeyOf } from '../id.ts';
import { supported } from '../not-supported.ts';
import { OrganizationRef, organizationOf } from '../organization/organization.ts';

const missing = 'quick replies';

/** The contract has no limit; this one exceeds what fits under a composer, and bounds the request. */
const maxReplies = 100;

const SetQuickRepliesInput = builder.inputType('SetQuickRepliesInput', {
  description: 'The quick replies that replace the former ones.',
  fields: (t) => ({
    quickReplies: t.stringList({
      required: true,
      description: `Texts in the order to show; at most ${maxReplies}, none of them blank. An empty list removes all.`,
    }),
    organization: t.string({
      description:
        'Key of the organization whose quick replies to replace, for its administrators; the caller’s own when left out.',
    }),
  }),
});

const SetQuickRepliesPayload = builder
  .objectRef<{ readonly quickReplies: readonly string[]; readonly organization: string | undefined }>(
    'SetQuickRepliesPayload',
  )
  .implement({
    description: 'The quick replies after the change.',
    fields: (t) => ({
      quickReplies: t.exposeStringList('quickReplies', {
        nullable: false,
        description: 'All quick replies of the caller, or of the organization, in the order to show.',
      }),
      organization: t.field({
        type: OrganizationRef,
        extensions: costs({ perOperation: 2 }),
        description: 'The organization whose quick replies changed; null for the caller’s own.',
        resolve: ({ organization }, _args, context) => organizationOf(organization, context),
      }),
    }),
  });

builder.queryFields((t) => ({
  quickReplies: t.stringList({
    extensions: costs({ perOperation: 2 }),
    description:
      'The caller’s own quick replies, in the order to show; empty when there are none. Null with NOT_SUPPORTED on an upstream that keeps none.',
    resolve: async (_root, _args, { loaders }) => {
      const { token } = await loaders.me();
      return supported(missing, loaders.preferences.own.load(token));
    },
  }),
}));

builder.objectFields(OrganizationRef, (t) => ({
  quickReplies: t.stringList({
    extensions: costs({ perParent: 1 }),
    description:
      'Quick replies that the organization offers, in the order to show; empty when there are none. The upstream stores them as those for patients. Null with NOT_SUPPORTED on an upstream that keeps none.',
    resolve: ({ key }, _args, { loaders }) => supported(missing, loaders.preferences.ofOrganization.load(key)),
  }),
}));

builder.mutationFields((t) => ({
  setQuickReplies: t.field({
    type: SetQuickRepliesPayload,
    extensions: costs({ perParent: 2 }),
    description:
      'Replaces the caller’s quick replies, or those of an organization. All devices of the caller, or of the members, get an event.',
    args: { input: t.arg({ type: SetQuickRepliesInput, required: true, description: 'The new quick replies.' }) },
    resolve: async (_root, { input }, context) => {
      const { loaders, upstream } = context;
      const { quickReplies } = input;
      if (quickReplies.length > maxReplies) throw badUserInput('input.quickReplies', `at most ${maxReplies} texts`);
      const blank = quickReplies.findIndex((text) => text.trim() === '');
      if (blank !== -1) throw badUserInput(`input.quickReplies.${blank}`, 'a text');
      assertFitsEvent(context, { 'input.quickReplies': quickReplies });
      const organization =
        input.organization == null ? undefined : organizationKeyOf(input.organization, 'input.organization');
      const setting =
        organization === undefined
          ? setOwnQuickReplies(upstream, (await loaders.me()).token, quickReplies)
          : setOrganizationQuickReplies(upstream, organization, quickReplies);
      const stored = await supported(missing, setting);
      loaders.clearPreferences();
      return { quickReplies: stored ?? quickReplies, organization };
    },
  }),
}));
