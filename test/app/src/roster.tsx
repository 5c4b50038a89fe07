import { useState } from 'react';
import { type Counterpart, type Desk, isUnread, orderOf } from './desk.ts';

export const nameOf = (counterpart: Counterpart) =>
  (counterpart.__typename === 'User' ? counterpart.displayName : counterpart.name) ?? 'No name';

/** What stands under the name. */
export function describe(desk: Desk, counterpart: Counterpart): string {
  if (counterpart.__typename === 'User') {
    const membership = desk.memberships.get(counterpart.id);
    return [membership?.title, membership?.department].filter(Boolean).join(' · ');
  }
  return `${counterpart.__typename === 'Group' ? 'Group' : 'List'} · ${counterpart.memberCount ?? 0} members`;
}

/** Initials on a quiet colour; pictures would have to be loaded from another host. */
export function Avatar({ of }: { readonly of: Counterpart }) {
  const words = nameOf(of).split(/\s+/);
  const initials = `${words[0]?.charAt(0)}${words.length > 1 ? words.at(-1)?.charAt(0) : ''}`.toUpperCase();
  const hue = [...of.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const colours = { background: `hsl(${hue} 32% 90%)`, color: `hsl(${hue} 45% 26%)` };
  return <span aria-hidden="true" className={`avatar ${of.__typename}`} style={colours} children={initials} />;
}

export function Roster({ desk, selected }: { readonly desk: Desk; readonly selected: string }) {
  const [filter, setFilter] = useState('');
  const rows = desk.counterparts
    .filter((counterpart) => nameOf(counterpart).toLowerCase().includes(filter.trim().toLowerCase()))
    .map((counterpart) => {
      const entries = desk.entriesWith(counterpart);
      const last = entries.at(-1);
      const text = last === undefined ? describe(desk, counterpart) : (last.message.body ?? 'Attachment');
      const about = desk.isTypingIn(counterpart) ? 'typing…' : `${last?.isMine === true ? 'You: ' : ''}${text}`;
      const unread = entries.filter(isUnread).length;
      return { counterpart, about, unread, at: last === undefined ? 0 : orderOf(last) };
    })
    .toSorted((one, other) => other.at - one.at);
  return (
    <nav className="roster" aria-label="Conversations">
      <input type="search" placeholder="Find" aria-label="Find" onChange={(event) => setFilter(event.target.value)} />
      <ul>
        {rows.map(({ counterpart, about, unread }) => (
          <li key={counterpart.id}>
            <a href={`#${encodeURIComponent(counterpart.id)}`} aria-current={counterpart.id === selected}>
              <Avatar of={counterpart} />
              <span className="name">{nameOf(counterpart)}</span>
              <span className="about">{about}</span>
              {unread > 0 && <span className="unread" role="img" aria-label={`${unread} unread`} data-count={unread} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
