import { RecallMessageDocument } from 'tigerconnect-graphql/documents';
import { useMutation } from 'urql';
import { AttachmentView } from './attachment.tsx';
import type { Session } from './session.ts';
import { type Entry, gone } from './store.ts';
import type { Live } from './use-live.ts';

interface BubbleProps {
  readonly entry: Entry;
  readonly isGroup: boolean;
  readonly session: Session;
  readonly live: Live;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export function Bubble({ entry, isGroup, session, live: { state, update } }: BubbleProps) {
  const { message, isMine, outgoing } = entry;
  const [{ fetching }, recall] = useMutation(RecallMessageDocument);
  const takeBack = async () => {
    const { error } = await recall({ input: { message: message.id } });
    if (error === undefined) update(gone(message.id));
  };
  return (
    <li className={isMine ? 'bubble mine' : 'bubble'}>
      {isGroup && !isMine && <p className="sender">{message.senderName}</p>}
      {message.priority === 'HIGH' && <p className="urgent">Urgent</p>}
      {message.attachments?.map((attachment) => (
        <AttachmentView key={attachment.url} attachment={attachment} session={session} />
      ))}
      {message.body !== null && <p className="body">{message.body}</p>}
      <p className="facts">
        {message.createdAt !== null && <time>{clock.format(new Date(message.createdAt))}</time>}
        {message.expiresAt != null && <span>{timeLeft(Date.parse(message.expiresAt) - state.now)}</span>}
        {message.deleteOnRead === true && <span>deleted once read</span>}
        {isMine && <span className={typeof outgoing === 'function' ? 'failed' : ''}>{tickOf(entry, isGroup)}</span>}
        {isMine && outgoing !== 'SENDING' && (
          <button type="button" onClick={outgoing ?? takeBack} disabled={fetching}>
            {outgoing === undefined ? 'Recall' : 'Try again'}
          </button>
        )}
      </p>
    </li>
  );
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
