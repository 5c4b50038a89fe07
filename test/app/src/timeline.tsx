import { useEffect, useRef, useState } from 'react';
import { Bubble } from './bubble.tsx';
import type { ConversationProps } from './desk.ts';
import { nameOf } from './roster.tsx';

/** The items of a conversation, the end in view. Scrolling up reads older pages; the end in view marks as read. */
export function Timeline({ desk, row }: ConversationProps) {
  const view = useRef<HTMLDivElement>(null);
  const divider = useRef<HTMLLIElement>(null);
  const [isUnreadAbove, setUnreadAbove] = useState(false);
  const thread = desk.threadOf(row.id);
  const entries = thread.sorted();

  const look = () => {
    const element = view.current;
    if (element === null || document.visibilityState !== 'visible') return;
    // The list is reversed: its end is at 0, its beginning below.
    const { scrollTop, scrollHeight, clientHeight } = element;
    // Only once scrolled, and once the oldest page is laid out: until then the view is at the beginning still.
    const isLaidOut = entries[0] === thread.sorted()[0];
    if (isLaidOut && scrollTop < 0 && scrollHeight - clientHeight + scrollTop < 400) void desk.read(row, true);
    if (scrollTop > -40) void desk.markRead(row);
    const top = divider.current?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
    setUnreadAbove(top < element.getBoundingClientRect().top);
  };
  // Drawn again every second; so this also notices when the page comes back into view.
  useEffect(look);

  const jump = () => {
    divider.current?.scrollIntoView({ block: 'center' });
    divider.current?.focus({ preventScroll: true });
  };
  const label = `Messages with ${nameOf(row)}`;
  return (
    <>
      {isUnreadAbove && (
        <button type="button" className="jump" onClick={jump}>
          ↑ Jump to first unread
        </button>
      )}
      <div className="messages" role="log" aria-live="off" aria-label={label} ref={view} onScroll={look}>
        <ol>
          {entries.flatMap((entry) => {
            const { id, body } = entry.message;
            const item =
              entry.kind === 'NOTICE' ? (
                <li key={id} className="notice" children={body} />
              ) : (
                <Bubble key={id} desk={desk} row={row} entry={entry} />
              );
            if (id !== thread.firstUnread) return item;
            return [<li key="divider" className="divider" ref={divider} tabIndex={-1} children="New messages" />, item];
          })}
        </ol>
        {row.isHistoryAvailable === false && (
          <p className={entries.length === 0 ? 'empty' : 'notice'}>
            This service keeps no history. Messages appear here as they come.
          </p>
        )}
        {thread.hasOlder && (
          <button type="button" className="older" onClick={() => desk.read(row, true)}>
            Older messages
          </button>
        )}
      </div>
    </>
  );
}
