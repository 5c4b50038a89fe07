/** The other side of a conversation: name, picture, kind. */
import type { Messenger, Row } from './state/messenger.ts';
import { t } from './texts.ts';

export type ConversationProps = { readonly messenger: Messenger; readonly row: Row };

type Named = { readonly __typename: string; readonly id: string } & (
  | { readonly displayName: string | null }
  | { readonly name: string | null }
);

export const nameOf = ({ counterpart }: { readonly counterpart: Named }) =>
  ('displayName' in counterpart ? counterpart.displayName : counterpart.name) ?? t.noName;

/** Line below the name: a person's title or the size of a group or list, and the organization, because one person may be in several. */
export function describe({ session }: Messenger, { counterpart, membership, organizationKey }: Row): string {
  if (counterpart.__typename === 'Group' && counterpart.kind === 'ROLE_CONVERSATION')
    return t.onDutyNow(counterpart.role?.onDutyNames.join(', ') || t.nobody);
  const size = counterpart.__typename !== 'User' && t[sizes[counterpart.__typename]](counterpart.memberCount ?? 0);
  const words = [size, membership?.title, membership?.department, session.organizations[organizationKey ?? '']];
  return words.filter(Boolean).join(' · ');
}

const sizes = { Group: 'group', DistributionList: 'list' } as const;

/** Initials on a quiet colour; pictures would have to be loaded from another host. */
export function Avatar({ of, name }: { readonly of: Pick<Named, '__typename' | 'id'>; readonly name: string }) {
  const words = name.split(/\s+/);
  const initials = `${words[0]?.charAt(0)}${words.length > 1 ? words.at(-1)?.charAt(0) : ''}`.toUpperCase();
  const hue = [...of.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const colours = {
    background: `light-dark(hsl(${hue} 32% 90%), hsl(${hue} 30% 24%))`,
    color: `light-dark(hsl(${hue} 45% 26%), hsl(${hue} 45% 84%))`,
  };
  return <span aria-hidden="true" className={`avatar ${of.__typename}`} style={colours} children={initials} />;
}
