import { useEffect, useState } from 'react';
import type { MessageBubbleFragment } from 'tigerconnect-graphql-documents';
import type { ConversationProps } from './desk.ts';
import { EscalationState } from './duty.tsx';
import { type Entry, rankOf } from './thread.ts';

export function Bubble({ desk, row, entry }: ConversationProps & { readonly entry: Entry }) {
  const { message, outgoing } = entry;
  const isMine = entry.kind === 'MINE';
  const isGroup = row.counterpart.__typename !== 'User';
  const role = row.counterpart.__typename === 'Group' ? row.counterpart.role : null;
  const isToRole = role != null && !role.onDutyNames.includes(desk.session.name);
  const isStored = isMine && outgoing === undefined;
  return (
    <li id={message.id} className={isMine ? 'bubble mine' : 'bubble'}>
      {isGroup && !isMine && <p className="sender">{message.senderName}</p>}
      {message.priority === 'HIGH' && <p className="urgent">Urgent</p>}
      {message.attachments?.map((attachment) => (
        <Attachment key={attachment.url} {...attachment} authorization={desk.session.authorization} />
      ))}
      {message.body !== null && <p className="body">{message.body}</p>}
      {message.escalation != null && <EscalationState desk={desk} of={message.escalation} isMine={isMine} />}
      <p className="facts">
        {message.createdAt !== null && <time dateTime={message.createdAt}>{momentOf(message.createdAt)}</time>}
        {message.expiresAt != null && <span>{timeLeft(Date.parse(message.expiresAt) - Date.now())}</span>}
        {message.deleteOnRead === true && <span>deleted once read</span>}
        {isMine && <span className={typeof outgoing === 'function' ? 'failed' : ''}>{tickOf(entry, isGroup)}</span>}
        {isToRole && isStored && message.escalation == null && (
          <button type="button" onClick={() => desk.duty.escalate(message.id)} children="Escalate" />
        )}
        {isMine && outgoing !== 'SENDING' && (
          <button type="button" onClick={outgoing ?? (() => desk.recall(message.id))}>
            {outgoing === undefined ? 'Recall' : 'Try again'}
          </button>
        )}
      </p>
    </li>
  );
}

/** The time of day, and the date unless it is today's; of another day the date alone when it is to be short. */
export function momentOf(createdAt: string, isShort = false): string {
  const moment = new Date(createdAt);
  const isToday = moment.toDateString() === new Date().toDateString();
  if (!isToday && isShort) return moment.toLocaleDateString([], { day: 'numeric', month: 'short' });
  return moment.toLocaleString([], { timeStyle: 'short', ...(isToday ? {} : { dateStyle: 'medium' }) });
}

/** How far one of mine got: in a group, with how many, when that was seen here; else what the history says. */
function tickOf({ outgoing, progress, message }: Entry, isGroup: boolean): string {
  if (outgoing !== undefined) return outgoing === 'SENDING' ? 'Sending…' : 'Not sent.';
  const ranks = Object.values(progress).map(rankOf);
  const readers = ranks.filter((rank) => rank >= rankOf('READ')).length;
  if (readers > 0 && isGroup) return `✓✓ Read by ${readers}`;
  const rank = Math.max(rankOf(message.status), ...ranks);
  return rank >= rankOf('READ') ? '✓✓ Read' : rank === rankOf('DELIVERED') ? '✓✓ Delivered' : '✓ Sent';
}

/** Said only of the last two days. @param ms Milliseconds. */
function timeLeft(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 1) return `expires in ${Math.ceil(ms / 1_000)} s`;
  if (minutes < 120) return `expires in ${minutes} min`;
  return minutes < 48 * 60 ? `expires in ${Math.ceil(minutes / 60)} h` : '';
}

type AttachmentProps = MessageBubbleFragment['attachments'][number] & { readonly authorization: string };

/** Pictures are shown, other files offered. Both are read with the caller's credential, which an address cannot carry. */
function Attachment({ url, fileName, contentType, authorization }: AttachmentProps) {
  const name = fileName ?? 'Attachment';
  /** Undefined before it is read, null when it cannot be. */
  const [source, setSource] = useState<string | null>();

  useEffect(() => {
    const abort = new AbortController();
    let made = '';
    const read = async () => {
      const response = await fetch(url, { headers: { authorization }, signal: abort.signal });
      if (!response.ok) return setSource(null);
      made = URL.createObjectURL(await response.blob());
      setSource(made);
    };
    read().catch(() => abort.signal.aborted || setSource(null));
    return () => {
      abort.abort();
      URL.revokeObjectURL(made);
    };
  }, [url, authorization]);

  if (source == null) return <p className="file">{source === null ? `${name} cannot be read any more.` : name}</p>;
  if (/^image\/(png|jpeg|gif|webp|bmp)$/.test(contentType ?? '')) return <img src={source} alt={name} />;
  return <a className="file" href={source} download={name} children={name} />;
}
