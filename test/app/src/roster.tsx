import { useState } from 'react';
import type { CounterpartCardFragment as Counterpart } from 'tigerconnect-graphql/documents';
import { Avatar, describe, nameOf } from './counterpart.tsx';
import { isUnread, orderOf, type State } from './store.ts';

interface RosterProps {
  readonly counterparts: readonly Counterpart[];
  readonly state: State;
  readonly selected: string;
}

export function Roster({ counterparts, state, selected }: RosterProps) {
  const [filter, setFilter] = useState('');
  const rows = counterparts
    .filter((counterpart) => nameOf(counterpart).toLowerCase().includes(filter.trim().toLowerCase()))
    .map((counterpart) => {
      const entries = [...state.entries.values()].filter(({ conversation }) => conversation === counterpart.id);
      const last = entries.toSorted((one, other) => orderOf(other) - orderOf(one))[0];
      const text = last?.message.body ?? (last === undefined ? describe(counterpart) : 'Attachment');
      const isTyping = (state.typing.get(counterpart.id) ?? 0) > state.now;
      const about = isTyping ? 'typing…' : `${last?.isMine === true ? 'You: ' : ''}${text}`;
      return {
        counterpart,
        about,
        unread: entries.filter(isUnread).length,
        at: last === undefined ? 0 : orderOf(last),
      };
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
