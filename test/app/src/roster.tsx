import { useState } from 'react';
import { momentOf } from './bubble.tsx';
import type { ConversationProps, Desk, Row } from './desk.ts';
import { Roles } from './duty.tsx';

export const nameOf = ({ counterpart }: Row) =>
  (counterpart.__typename === 'User' ? counterpart.displayName : counterpart.name) ?? 'No name';

/** What stands under the name: what a person is, or the size of a group or list; and where, as one person may be in several. */
export function describe({ session }: Desk, { counterpart, membership, organizationKey }: Row): string {
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

export function Roster({ desk, selected }: { readonly desk: Desk; readonly selected: string }) {
  const [filter, setFilter] = useState('');
  const all = desk.rows;
  const rows = all.filter((row) => nameOf(row).toLowerCase().includes(filter.trim().toLowerCase()));
  return (
    <nav className="roster" aria-label="Conversations">
      <Roles desk={desk} />
      <input type="search" placeholder="Find" aria-label="Find" onChange={(event) => setFilter(event.target.value)} />
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <a href={`#${encodeURIComponent(row.id)}`} aria-current={row.id === selected}>
              <Line desk={desk} row={row} others={all.filter(({ id }) => id !== row.id)} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Line({ desk, row, others }: ConversationProps & { readonly others: readonly Row[] }) {
  const last = desk.lastIn(row);
  const unread = desk.unreadIn(row);
  const text = last === undefined ? describe(desk, row) : (last.body ?? 'Attachment');
  const isShared = others.some(({ counterpart }) => counterpart.id === row.counterpart.id);
  const organization = isShared && <small>{desk.session.organizations[row.organizationKey ?? '']}</small>;
  return (
    <>
      <Avatar of={row} />
      <span className="name">
        {nameOf(row)} {organization}
      </span>
      {last?.createdAt != null && <time dateTime={last.createdAt}>{momentOf(last.createdAt, true)}</time>}
      <span className="about">
        {desk.isTypingIn(row) ? 'typing…' : `${last?.sender?.id === desk.session.me ? 'You: ' : ''}${text}`}
      </span>
      {unread > 0 && <span className="unread" role="img" aria-label={`${unread} unread`} data-count={unread} />}
    </>
  );
}
