/** The other side of a conversation: name, picture, what it is. */
import type { Messenger, Row } from './state/messenger.ts';

export type ConversationProps = { readonly messenger: Messenger; readonly row: Row };

export const nameOf = ({ counterpart }: Row) =>
  (counterpart.__typename === 'User' ? counterpart.displayName : counterpart.name) ?? 'No name';

/** What stands under the name: what a person is, or the size of a group or list; and where, as one person may be in several. */
export function describe({ session }: Messenger, { counterpart, membership, organizationKey }: Row): string {
  if (counterpart.__typename === 'Group' && counterpart.kind === 'ROLE_CONVERSATION')
    return `On duty: ${counterpart.role?.onDutyNames.join(', ') || 'nobody'}`;
  const kind = counterpart.__typename === 'Group' ? 'Group' : 'List';
  const size = counterpart.__typename !== 'User' && `${kind} · ${counterpart.memberCount ?? 0} members`;
  const words = [size, membership?.title, membership?.department, session.organizations[organizationKey ?? '']];
  return words.filter(Boolean).join(' · ');
}

/** Initials on a quiet colour; pictures would have to be loaded from another host. */
export function Avatar({ of }: { readonly of: Row }) {
  const words = nameOf(of).split(/\s+/);
  const initials = `${words[0]?.charAt(0)}${words.length > 1 ? words.at(-1)?.charAt(0) : ''}`.toUpperCase();
  const hue = [...of.counterpart.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const colours = {
    background: `light-dark(hsl(${hue} 32% 90%), hsl(${hue} 30% 24%))`,
    color: `light-dark(hsl(${hue} 45% 26%), hsl(${hue} 45% 84%))`,
  };
  return (
    <span aria-hidden="true" className={`avatar ${of.counterpart.__typename}`} style={colours} children={initials} />
  );
}
