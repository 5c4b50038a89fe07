import { memo, useState } from 'react';
import { Avatar, type ConversationProps, describe, nameOf } from './counterpart.tsx';
import { Roles } from './duty.tsx';
import { goOn } from './focus.ts';
import { NewConversation } from './new-conversation.tsx';
import type { Messenger, Row } from './state/messenger.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';
import { shortOf } from './time.ts';

interface RosterProps {
  readonly messenger: Messenger;
  readonly rows: readonly Row[];
  readonly selected: string;
}

export function Roster({ messenger, rows, selected }: RosterProps) {
  const [filter, setFilter] = useState('');
  const [isNew, setNew] = useState(false);
  /** The conversation that the Tab key stops at: the arrow keys go on from there. */
  const [stop, setStop] = useState('');
  const drafts = useValue(messenger.drafts);
  const words = filter.trim().toLowerCase();
  const found = rows.filter((row) => nameOf(row).toLowerCase().includes(words));
  const has = (id: string) => found.some((row) => row.id === id);
  const stopped = [stop, selected].find(has) ?? found[0]?.id;
  const several = new Set(rows.flatMap(({ counterpart: { id } }, at) => (isBefore(rows, id, at) ? id : [])));
  return (
    <nav className="roster" aria-label={t.conversations}>
      <Roles messenger={messenger} />
      <div className="find">
        <button type="button" className="new" onClick={() => setNew(true)} aria-label={t.newConversation}>
          +
        </button>
        <input
          type="search"
          placeholder={t.find}
          aria-label={t.find}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      {isNew && <NewConversation messenger={messenger} onClose={() => setNew(false)} />}
      <ul className="rows" onKeyDown={(event) => goOn(event, 'a')}>
        {found.map((row) => (
          <li key={row.id}>
            <a
              href={`#${encodeURIComponent(row.id)}`}
              aria-current={row.id === selected}
              tabIndex={row.id === stopped ? 0 : -1}
              onFocus={() => setStop(row.id)}
            >
              <Line
                messenger={messenger}
                row={row}
                draft={row.id === selected ? '' : (drafts[row.id]?.body ?? '')}
                isShared={several.has(row.counterpart.id)}
              />
            </a>
          </li>
        ))}
      </ul>
      {found.length === 0 && words !== '' && <p className="notice">{t.noneFound}</p>}
    </nav>
  );
}

/** Whether a row before this place has the same counterpart, in another organization. */
const isBefore = (rows: readonly Row[], id: string, at: number) =>
  rows.findIndex(({ counterpart }) => counterpart.id === id) < at;

type LineProps = ConversationProps & { readonly draft: string; readonly isShared: boolean };

const Line = memo(function Line({ messenger, row, draft, isShared }: LineProps) {
  const { session } = messenger;
  const { lastMessage: last, unreadCount: unread, unreadPriorityCount: urgent } = row;
  const name = nameOf(row);
  const text = last === null ? describe(messenger, row) : (last.body ?? t.attachment);
  const preview = last?.sender?.id === session.me ? t.you(text) : text;
  return (
    <>
      <Avatar of={row.counterpart} name={name} />
      <span className="name">
        {name}
        {row.presence === 'AVAILABLE' && <span className="present" role="img" aria-label={t.present} />}
        {isShared && <small>{session.organizations[row.organizationKey ?? '']}</small>}
      </span>
      {last?.createdAt != null && <time dateTime={last.createdAt}>{shortOf(last.createdAt)}</time>}
      <span className={draft === '' ? 'about' : 'about draft'}>
        {row.typing.length > 0 ? t.typingShort : draft === '' ? preview : t.draft(draft)}
      </span>
      <span className="marks">
        {row.mutedUntil !== null && <span className="tag">{t.muted}</span>}
        {urgent !== null && urgent > 0 && <span className="tag urgent">{t.urgentUnread(urgent)}</span>}
        {unread > 0 && <span className="unread" role="img" aria-label={t.unread(unread)} data-count={unread} />}
      </span>
    </>
  );
});
