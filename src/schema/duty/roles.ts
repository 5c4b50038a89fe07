/** Lists of roles: those of an organization, those that a user is on duty for, and the caller's saved ones. */
import type { Role } from '../../domain/duty.ts';
import { maxRotaPages } from '../../loaders/role-loaders.ts';
import { listRoleTags, searchRoles } from '../../upstream/endpoints/role.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { encodeId, organizationKeyOf, tokenOf } from '../id.ts';
import { organizationArgument, resolveOrganization } from '../organization/organization.ts';
import { UpstreamPages } from '../page-arguments.ts';
import { allowItemErrors, UserRef } from '../refs.ts';
import { RoleTagRef, requireMe } from './role.ts';
import { RoleRef, readRole, roleOfUser } from './role-ref.ts';

const pages = new UpstreamPages('roles', { usual: 25, most: 100 });

builder.queryFields((t) => ({
  role: t.field({
    type: RoleRef,
    extensions: costs({ perParent: 1 }),
    description: 'Reads one role; null when it does not exist or the caller may not see it.',
    args: { id: t.arg.id({ required: true, description: 'Global id or token of the role.' }) },
    resolve: (_root, { id }, context) => readRole(tokenOf('Role', id, 'id'), context),
  }),
  roleTags: t.field({
    type: [RoleTagRef],
    nullable: { list: true, items: true },
    extensions: costs({ perParent: 1 }),
    description: 'Tags that group the roles of an organization; null when they cannot be read.',
    args: { organization: t.arg.string(organizationArgument) },
    resolve: async (_root, { organization }, { upstream }) => {
      const key = organization == null ? undefined : organizationKeyOf(organization, 'organization');
      return allowItemErrors(await listRoleTags(upstream, { organization: key }));
    },
  }),
  roles: t.connection(
    {
      type: RoleRef,
      nullable: true,
      // The page itself, and the caller's account when no organization is given.
      extensions: {
        ...costs({ perOperation: 1, perParent: 1, items: { by: 'page', default: pages.usual } }),
        ...pages.described,
      },
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `Roles of an organization in the order of their names. Pages go forward only. Null when they cannot be read.`,
      args: {
        organization: t.arg.string(organizationArgument),
        onDuty: t.arg.boolean({
          description:
            'Only roles that a user is on duty for (true), or that no user is on duty for (false). The gateway selects them from each page of the upstream, so a page may hold fewer than `first`, and `totalCount` is null.',
        }),
        tag: t.arg.string({
          description: '`tagId` of a tag: only roles with it. The upstream’s selection by it is assumed.',
        }),
      },
      resolve: async (_root, { organization, onDuty, tag, ...args }, context) => {
        const requested = pages.requested(args);
        const searching = searchRoles(context.upstream, {
          organization: await resolveOrganization(organization, context),
          tags: tag == null ? [] : [tag],
          ...requested,
        });
        const page = await pages.read(requested, searching);
        const roles = page.items.flatMap((item): (Role | Error)[] => {
          const role = item instanceof Error ? item : roleOfUser(item);
          if (role === undefined) return [];
          if (onDuty == null || role instanceof Error) return [role];
          // It is unknown whether an unreadable role matches.
          if (role.profile.error !== undefined) return [role.profile.error];
          return role.profile.onDuty.length > 0 === onDuty ? [role] : [];
        });
        const edges = allowItemErrors(roles).map((node, index) => ({
          cursor: encodeId('Role', node.token ?? `${index}`),
          node,
        }));
        const { continuation, total } = page;
        return pages.connectionOf(requested, { continuation, total: onDuty == null ? total : undefined }, edges);
      },
    },
    { name: 'RolesConnection', description: 'Roles of one organization.' },
    {
      name: 'RolesEdge',
      description:
        'A role of an organization. Only `pageInfo.endCursor`, the last cursor of a page, continues the list.',
    },
  ),
}));

builder.objectFields(UserRef, (t) => ({
  roles: t.field({
    type: [RoleRef],
    nullable: { list: true, items: true },
    extensions: costs({
      perOperation: 1,
      perValue: { argument: 'organization', calls: maxRotaPages },
      items: { by: 'guess', count: 3 },
    }),
    description: `Roles that the user is on duty for, of one organization. The upstream has no such list: all its roles are read once, at most ${maxRotaPages * pages.most}. Null when they cannot be read; null with an error in the place of each unreadable role, and of all beyond that number, because it may be one of the user’s.`,
    args: { organization: t.arg.string(organizationArgument) },
    resolve: async ({ token }, { organization }, context) => {
      const rota = await context.loaders.roles.rota(await resolveOrganization(organization, context));
      const roles = rota.flatMap((account): (Role | Error)[] => {
        if (account instanceof Error) return [account];
        const role = roleOfUser(account);
        if (role?.profile.error !== undefined) return [role.profile.error];
        return role?.profile.onDuty.some((holder) => holder.token === token) === true ? [role] : [];
      });
      return allowItemErrors(roles);
    },
  }),
  savedRoles: t.field({
    type: [RoleRef],
    nullable: { list: true, items: true },
    extensions: costs({
      perOperation: 1,
      perValue: { argument: 'organization', calls: 1 },
      provides: ['role'],
      items: { by: 'guess', count: 10 },
    }),
    description:
      'The caller’s saved roles of one organization. For accounts other than the caller’s own it is null, with the error FORBIDDEN.',
    args: { organization: t.arg.string(organizationArgument) },
    resolve: async ({ token }, { organization }, context) => {
      await requireMe(token, context);
      const key = organization == null ? undefined : organizationKeyOf(organization, 'organization');
      return allowItemErrors(await context.loaders.roles.saved(key));
    },
  }),
}));
