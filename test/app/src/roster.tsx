import { useState } from 'react';
import { useConversations } from 'tigerconnect-graphql/react';
import { Avatar, describe, nameOf } from './counterpart.tsx';
import { Roles } from './duty.tsx';
import { isReadable, type Messenger, type Row } from './state/messenger.ts';
import { momentOf } from './time.ts';

export function Roster({ messenger, selected }: { readonly messenger: Messenger; readonly selected: string }) {
  const [filter, setFilter] = useState('');
  const all = useConversations(messenger.store).filter(isReadable);
  const rows = all.filter((row) => nameOf(row).toLowerCase().includes(filter.trim().toLowerCase()));
  return (
    <nav className="roster" aria-label="Conversations">
      <Roles duty={messenger.duty} />
      <input type="search" placeholder="Find" aria-label="Find" onChange={(event) => setFilter(event.target.value)} />
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <a href={`#${encodeURIComponent(row.id)}`} aria-current={row.id === selected}>
              <Line messenger={messenger} row={row} others={all.filter(({ id }) => id !== row.id)} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Line({
  messenger,
  row,
  others,
}: {
  readonly messenger: Messenger;
  readonly row: Row;
  readonly others: readonly Row[];
}) {
  const { session } = messenger;
  const { lastMessage: last, unreadCount: unread } = row;
  const text = last === null ? describe(messenger, row) : (last.body ?? 'Attachment');
  const isShared = others.some(({ counterpart }) => counterpart.id === row.counterpart.id);
  const organization = isShared && <small>{session.organizations[row.organizationKey ?? '']}</small>;
  return (
    <>
      <Avatar of={row} />
      <span className="name">
        {nameOf(row)} {organization}
      </span>
      {last?.createdAt != null && <time dateTime={last.createdAt}>{momentOf(last.createdAt, true)}</time>}
      <span className="about">
        {row.typing.length > 0 ? 'typing…' : `${last?.sender?.id === session.me ? 'You: ' : ''}${text}`}
      </span>
      {unread > 0 && <span className="unread" role="img" aria-label={`${unread} unread`} data-count={unread} />}
    </>
  );
}
