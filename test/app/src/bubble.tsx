import { useEffect, useState } from 'react';
import type { MessageBubbleFragment } from 'tigerconnect-graphql/documents';
import type { Desk, Entry } from './desk.ts';

export function Bubble({ desk, entry }: { readonly desk: Desk; readonly entry: Entry }) {
  const { message, isMine, outgoing } = entry;
  const isGroup = !entry.conversation.startsWith('User:');
  return (
    <li className={isMine ? 'bubble mine' : 'bubble'}>
      {isGroup && !isMine && <p className="sender">{message.senderName}</p>}
      {message.priority === 'HIGH' && <p className="urgent">Urgent</p>}
      {message.attachments?.map((attachment) => (
        <Attachment key={attachment.url} {...attachment} authorization={desk.session.authorization} />
      ))}
      {message.body !== null && <p className="body">{message.body}</p>}
      <p className="facts">
        {message.createdAt !== null && <time dateTime={message.createdAt}>{momentOf(message.createdAt)}</time>}
        {message.expiresAt != null && <span>{timeLeft(Date.parse(message.expiresAt) - Date.now())}</span>}
        {message.deleteOnRead === true && <span>deleted once read</span>}
        {isMine && <span className={typeof outgoing === 'function' ? 'failed' : ''}>{tickOf(entry, isGroup)}</span>}
        {isMine && outgoing !== 'SENDING' && (
          <button type="button" onClick={outgoing ?? (() => desk.recall(message.id))}>
            {outgoing === undefined ? 'Recall' : 'Try again'}
          </button>
        )}
      </p>
    </li>
  );
}

/** The time of day, with the date unless it is today's. */
function momentOf(createdAt: string): string {
  const moment = new Date(createdAt);
  const isToday = moment.toDateString() === new Date().toDateString();
  return moment.toLocaleString([], { timeStyle: 'short', ...(isToday ? {} : { dateStyle: 'medium' }) });
}

/** How far one of mine got: in a group, with how many. */
function tickOf({ outgoing, progress }: Entry, isGroup: boolean): string {
  if (outgoing !== undefined) return outgoing === 'SENDING' ? 'Sending…' : 'Not sent.';
  const reached = Object.values(progress);
  const readers = reached.filter((status) => status === 'READ' || status === 'CONFIRMED').length;
  if (readers > 0) return isGroup ? `✓✓ Read by ${readers}` : '✓✓ Read';
  return reached.includes('DELIVERED') ? '✓✓ Delivered' : '✓ Sent';
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
