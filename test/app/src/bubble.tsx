import { memo, useEffect, useState } from 'react';
import type { MessageItem } from 'tigerconnect-graphql/store';
import type { HistoryNoticeFragment } from 'tigerconnect-graphql-documents';
import { Attachment } from './attachment.tsx';
import { escalate } from './calls.ts';
import { EscalationState } from './duty.tsx';
import { MessageActions } from './message-actions.tsx';
import type { Messenger, Row } from './state/messenger.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';
import { momentOf, timeOf } from './time.ts';

interface BubbleProps {
  readonly messenger: Messenger;
  readonly counterpart: Row['counterpart'];
  readonly item: MessageItem;
  /** Whether the Tab key reaches the buttons of this message. */
  readonly isStop: boolean;
}

export const Bubble = memo(function Bubble({ messenger, counterpart, item, isStop }: BubbleProps) {
  const { store, run, session } = messenger;
  const { message, isMine, delivery, key, outgoing, error } = item;
  const isGroup = counterpart.__typename !== 'User';
  const role = counterpart.__typename === 'Group' ? counterpart.role : null;
  const isToRole = role != null && !role.onDutyNames.includes(session.name);
  const isUnsent = ['SENDING', 'WAITING', 'FAILED'].includes(delivery);
  const first = message.forwardedFrom?.senderName;
  return (
    <li id={message.id} className={isMine ? 'bubble mine' : 'bubble'}>
      <div className="content">
        {isGroup && !isMine && <p className="sender">{message.senderName}</p>}
        {message.priority === 'HIGH' && <p className="urgent">{t.urgent}</p>}
        {first != null && <p className="first">{t.forwardedFrom(first)}</p>}
        {message.attachments?.map((attachment) => (
          <Attachment key={attachment.url} {...attachment} authorization={session.authorization} />
        ))}
        {outgoing?.attachment != null && <OutgoingFile messenger={messenger} of={key} file={outgoing.attachment} />}
        {message.body !== null && <p className="body">{message.body}</p>}
        {error?.code === 'TEXT_LOST' && <p>{t.textLost}</p>}
        {message.escalation != null && <EscalationState run={run} of={message.escalation} isMine={isMine} />}
        <p className="facts">
          {message.createdAt !== null && (
            <time
              dateTime={message.createdAt}
              title={momentOf(message.createdAt)}
              children={timeOf(message.createdAt)}
            />
          )}
          <Lifetime message={message} />
          {message.deleteOnRead === true && <span>{t.deletedOnceRead}</span>}
          {isMine && (
            <span className={isUnsent && delivery !== 'SENDING' ? 'failed' : ''}>{tickOf(item, isGroup)}</span>
          )}
        </p>
        {isUnsent && delivery !== 'SENDING' && (
          <p className="buttons">
            {(delivery === 'WAITING' || item.canRetry === true) && (
              <button type="button" onClick={() => store.retry(key)} children={t.tryAgain} />
            )}
            <button type="button" onClick={() => store.drop(key)} children={t.drop} />
          </p>
        )}
        {isToRole && isMine && !isUnsent && message.escalation == null && (
          <button type="button" onClick={() => escalate(run, message.id)} children={t.escalate} />
        )}
      </div>
      {!isUnsent && <MessageActions messenger={messenger} item={item} isStop={isStop} />}
    </li>
  );
});

export const Notice = memo(function Notice({ notice: of }: { readonly notice: HistoryNoticeFragment }) {
  const by = of.actor?.name ?? t.somebody;
  const subject = of.subject?.name ?? '';
  const words = t.notices[of.notice];
  return <li className="notice">{words?.(by, subject) ?? `${by}: ${of.notice.replaceAll('_', ' ')} ${subject}`}</li>;
});

/** Delivery state of an own message: in a group, the number of readers that events reported; otherwise the history's state. */
function tickOf({ delivery, statuses, error }: MessageItem, isGroup: boolean): string {
  const readers = Object.values(statuses).filter((status) => status === 'READ' || status === 'CONFIRMED').length;
  if (readers > 0 && isGroup) return t.readBy(readers);
  const reason = delivery === 'FAILED' ? (t.problems[error?.code ?? ''] ?? t.failed) : '';
  return `${t.delivery[delivery]} ${reason}`.trim();
}

/** A file that is being uploaded, with its progress. */
function OutgoingFile(props: { readonly messenger: Messenger; readonly of: string; readonly file: unknown }) {
  const part = useValue(props.messenger.uploads)[props.of] ?? 0;
  const name = props.file instanceof File ? props.file.name : t.attachment;
  return (
    <p className="file">
      {name}
      <progress value={part} aria-label={t.uploaded(Math.round(part * 100))} />
    </p>
  );
}

/** Time until the message expires, within its last two days; of a message that is not sent, the selected lifetime. */
function Lifetime({ message: { expiresAt, ttl, sortNumber } }: { readonly message: MessageItem['message'] }) {
  const lifetimes: Readonly<Record<string, string>> = t.lifetimes;
  if (expiresAt != null) return <TimeLeft until={Date.parse(expiresAt)} />;
  if (ttl == null || ttl <= 0 || sortNumber != null) return null;
  return <span>{t.keptFor(lifetimes[ttl] ?? t.minutes(ttl))}</span>;
}

/** @param until Milliseconds since 1970. */
function TimeLeft({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => Date.now());
  const isNear = until - now < 48 * 60 * 60_000;
  useEffect(() => {
    if (!isNear) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isNear]);
  if (!isNear) return null;
  const minutes = Math.ceil((until - now) / 60_000);
  if (minutes <= 1) return <span>{t.expiresIn(t.seconds(Math.max(0, Math.ceil((until - now) / 1_000))))}</span>;
  return <span>{t.expiresIn(minutes < 120 ? t.minutes(minutes) : t.hours(Math.ceil(minutes / 60)))}</span>;
}
