/** Shared parts of group mutations: member addresses, and the group after the change as the result. */
import type { GatewayContext } from '../../context.ts';
import type { Group } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { builder } from '../builder.ts';
import { userAddress } from '../id.ts';
import { maxPageSize } from '../pagination.ts';
import { GroupRef } from '../refs.ts';

export const membersDescription = `Each is a global id, token, e-mail address, phone number or login name; at most ${maxPageSize}.`;

/**
 * Upstream addresses of members.
 * @throws GatewayError `BAD_USER_INPUT` naming the member that is no user, or more than a page of them.
 */
export function memberAddresses(members: readonly string[], field: string): string[] {
  if (members.length > maxPageSize) throw badUserInput(field, `at most ${maxPageSize} members`);
  return members.map((member, index) => userAddress(member, `${field}.${index}`));
}

/** The only reason left for the upstream to reject members whose form is valid. */
export const expectedMembers = 'accounts of the group’s organization';

/** The group after a change; null when the caller may no longer see it. */
export async function groupAfter(token: string, context: GatewayContext): Promise<Group | null> {
  context.loaders.clearGroup(token);
  return (await context.loaders.groups.load(token)) ?? null;
}

interface ChangedGroup {
  readonly group: Group;
}

/** The payload of a mutation that returns the changed group. */
export function groupPayload(name: string, description: string) {
  return builder.objectRef<ChangedGroup>(name).implement({
    description,
    fields: (t) => ({
      group: t.field({
        type: GroupRef,
        nullable: false,
        description: 'The group after the change.',
        resolve: ({ group }) => group,
      }),
    }),
  });
}
