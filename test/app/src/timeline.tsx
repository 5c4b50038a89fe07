import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Item, TimelineView } from 'tigerconnect-graphql/store';
import { Bubble, Notice } from './bubble.tsx';
import { type ConversationProps, nameOf } from './counterpart.tsx';
import { focusComposer, goOn } from './focus.ts';
import { t } from './texts.ts';
import { dayKey, dayOf } from './time.ts';

/** Distance from an end at which the next page is read, and from the newest item within which it counts as in view, in pixels. */
const near = 400;
const atEnd = 40;

const isStored = (item: Item) => item.kind === 'MESSAGE' && item.outgoing === undefined;

/** The items of a conversation, the end in view. Scrolling reads further pages; the end in view marks as read. */
export function Timeline({ messenger, row, timeline }: ConversationProps & { readonly timeline: TimelineView }) {
  const view = useRef<HTMLDivElement>(null);
  const divider = useRef<HTMLLIElement>(null);
  const focused = useRef<Element>(null);
  /** The message that the Tab key stops at: the arrow keys go on from there. */
  const [stop, setStop] = useState('');
  const [isUnreadAbove, setUnreadAbove] = useState(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const { store } = messenger;
  const { id } = row;
  const { items, hasOlder, hasNewer, isComplete, isLoading } = timeline;
  // The list is aligned with its end: items shown before the first page is complete would make it jump.
  const isShown = items.length > 0 && (isComplete || !isLoading);

  const look = () => {
    const element = view.current;
    if (element === null || document.visibilityState !== 'visible') return;
    // The list is reversed: its end is at 0, its beginning below.
    const { scrollTop, scrollHeight, clientHeight } = element;
    // Only once scrolled, and once the last page is laid out: until then the view is where it was.
    const isLaidOut = store.getSnapshot().timelines[id] === timeline;
    if (isLaidOut && scrollTop < 0 && scrollHeight - clientHeight + scrollTop < near) void store.readOlder(id);
    // At the end too: from there the store follows what comes.
    if (isLaidOut && scrollTop > -near) void store.readNewer(id);
    const isEnd = scrollTop > -atEnd && !hasNewer;
    if (isEnd) store.markRead(id).catch(() => undefined);
    setAtEnd(isEnd);
    const top = divider.current?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY;
    setUnreadAbove(top < element.getBoundingClientRect().top);
  };
  const last = items.at(-1);
  const stopped = items.find((item) => item.kind === 'MESSAGE' && item.message.id === stop) ?? items.findLast(isStored);
  const sent = last?.kind === 'MESSAGE' && last.outgoing !== undefined ? last.key : undefined;
  // What one sends is in view.
  useLayoutEffect(() => {
    if (sent !== undefined) view.current?.scrollTo(0, 0);
  }, [sent]);
  useEffect(look);
  useEffect(() => {
    // A message is gone, or a button of it.
    if (focused.current?.isConnected !== false) return;
    focused.current = null;
    focusComposer();
  });
  useEffect(() => {
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  });

  const jumpToUnread = () => {
    divider.current?.scrollIntoView({ block: 'center' });
    divider.current?.focus({ preventScroll: true });
  };
  const jumpToNewest = async () => {
    if (hasNewer) await store.readNewest(id);
    view.current?.scrollTo(0, 0);
    view.current?.focus({ preventScroll: true });
  };
  const unread = row.unreadCount;
  return (
    <div className="timeline">
      {isUnreadAbove && <button type="button" className="jump" onClick={jumpToUnread} children={t.jumpToUnread} />}
      <div
        className="messages"
        role="log"
        aria-live="off"
        aria-label={t.messagesWith(nameOf(row))}
        ref={view}
        onScroll={look}
        onKeyDown={(event) => goOn(event, '.more')}
        onFocus={({ target }) => {
          focused.current = target;
          setStop(target.closest('.bubble')?.id ?? stop);
        }}
        onBlur={() => {
          focused.current = null;
        }}
        tabIndex={-1}
      >
        {isShown && (
          <ol>
            {items.map((item, at) => (
              <Fragment key={item.key}>
                <DayLine item={item} former={items[at - 1]} />
                {item.key === timeline.firstUnread && (
                  <li className="divider" ref={divider} tabIndex={-1} children={t.newMessages} />
                )}
                {item.kind === 'NOTICE' ? (
                  <Notice notice={item.notice} />
                ) : (
                  <Bubble messenger={messenger} counterpart={row.counterpart} item={item} isStop={item === stopped} />
                )}
              </Fragment>
            ))}
          </ol>
        )}
        {row.isHistoryAvailable === false && <p className={items.length === 0 ? 'empty' : 'notice'}>{t.noHistory}</p>}
        {hasOlder && <button type="button" className="older" onClick={() => store.readOlder(id)} children={t.older} />}
      </div>
      {!isAtEnd && (
        <button type="button" className="jump down" onClick={jumpToNewest}>
          {unread > 0 ? t.jumpToNew(unread) : t.jumpToNewest}
        </button>
      )}
    </div>
  );
}

const momentIn = (item: Item | undefined) =>
  (item?.kind === 'NOTICE' ? item.notice.at : item?.message.createdAt) ?? null;

/** The day, above its first item. */
function DayLine({ item, former }: { readonly item: Item; readonly former: Item | undefined }) {
  const [moment, before] = [momentIn(item), momentIn(former)];
  if (moment === null || (before !== null && dayKey(before) === dayKey(moment))) return null;
  return <li className="day" children={dayOf(moment)} />;
}
