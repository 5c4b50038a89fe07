import { useEffect, useRef, useState } from 'react';
import type { TimelineView } from 'tigerconnect-graphql/store';
import { Bubble, Notice } from './bubble.tsx';
import type { ConversationProps } from './counterpart.tsx';
import { nameOf } from './counterpart.tsx';

/** The items of a conversation, the end in view. Scrolling reads further pages; the end in view marks as read. */
export function Timeline({ messenger, row, timeline }: ConversationProps & { readonly timeline: TimelineView }) {
  const view = useRef<HTMLDivElement>(null);
  const divider = useRef<HTMLLIElement>(null);
  const [isUnreadAbove, setUnreadAbove] = useState(false);
  const { store } = messenger;
  const { id } = row;

  const look = () => {
    const element = view.current;
    if (element === null || document.visibilityState !== 'visible') return;
    // The list is reversed: its end is at 0, its beginning below.
    const { scrollTop, scrollHeight, clientHeight } = element;
    // Only once scrolled, and once the oldest page is laid out: until then the view is at the beginning still.
    const isLaidOut = store.getSnapshot().timelines[id] === timeline;
    if (isLaidOut && scrollTop < 0 && scrollHeight - clientHeight + scrollTop < 400) void store.readOlder(id);
    if (isLaidOut && scrollTop > -400 && timeline.hasNewer) void store.readNewer(id);
    if (scrollTop > -40 && !timeline.hasNewer) store.markRead(id).catch(() => {});
    const top = divider.current?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
    setUnreadAbove(top < element.getBoundingClientRect().top);
  };
  useEffect(look);
  useEffect(() => {
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  });

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
          {timeline.items.flatMap((item) => {
            const { key } = item;
            const line =
              item.kind === 'NOTICE' ? (
                <Notice key={key} notice={item.notice} />
              ) : (
                <Bubble key={key} messenger={messenger} counterpart={row.counterpart} item={item} />
              );
            if (key !== timeline.firstUnread) return line;
            return [<li key="divider" className="divider" ref={divider} tabIndex={-1} children="New messages" />, line];
          })}
        </ol>
        {row.isHistoryAvailable === false && (
          <p className={timeline.items.length === 0 ? 'empty' : 'notice'}>
            This service keeps no history. Messages appear here as they come.
          </p>
        )}
        {timeline.hasOlder && (
          <button type="button" className="older" onClick={() => store.readOlder(id)}>
            Older messages
          </button>
        )}
      </div>
    </>
  );
}
