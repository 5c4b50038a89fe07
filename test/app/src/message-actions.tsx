import { useEffect, useRef, useState } from 'react';
import { useConversations } from 'tigerconnect-graphql/react';
import type { MessageItem } from 'tigerconnect-graphql/store';
import { MessageDocument, type UserId } from 'tigerconnect-graphql-documents';
import { forward, reasonOf } from './calls.ts';
import { Avatar, nameOf } from './counterpart.tsx';
import { Dialog } from './dialog.tsx';
import { isReadable, type Messenger, type Row } from './state/messenger.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';
import { momentOf } from './time.ts';

interface ActionProps {
  readonly messenger: Messenger;
  readonly item: MessageItem;
}

/** What can be done with a message that the service has. */
export function MessageActions({ messenger, item, isStop }: ActionProps & { readonly isStop: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState<'recall' | 'forward' | 'readers'>();
  const close = () => setShown(undefined);
  const more = useRef<HTMLButtonElement>(null);
  // What has the focus goes with the menu; a dialog gives it back there.
  const fold = () => {
    more.current?.focus();
    setOpen(false);
  };
  const show = (what: typeof shown) => {
    fold();
    setShown(what);
  };
  return (
    <fieldset
      className="actions"
      onKeyDown={(event) => event.key === 'Escape' && isOpen && fold()}
      onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || setOpen(false)}
    >
      <button
        type="button"
        ref={more}
        className="more"
        tabIndex={isStop ? 0 : -1}
        aria-label={t.actions}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <svg aria-hidden="true" viewBox="0 0 20 4" width="20" height="4" fill="currentColor">
          <circle cx="2" cy="2" r="2" />
          <circle cx="10" cy="2" r="2" />
          <circle cx="18" cy="2" r="2" />
        </svg>
      </button>
      {isOpen && (
        <div className="menu">
          <button type="button" onClick={() => show('forward')} children={t.forward} />
          {item.isMine && <button type="button" onClick={() => show('readers')} children={t.whoRead} />}
          {item.isMine && <button type="button" onClick={() => show('recall')} children={t.recall} />}
        </div>
      )}
      {shown === 'recall' && <Recall messenger={messenger} item={item} onClose={close} />}
      {shown === 'forward' && <Forward messenger={messenger} item={item} onClose={close} />}
      {shown === 'readers' && <Readers messenger={messenger} item={item} onClose={close} />}
    </fieldset>
  );
}

type DialogProps = ActionProps & { readonly onClose: () => void };

function Recall({ messenger: { store }, item, onClose }: DialogProps) {
  const [problem, setProblem] = useState('');
  const recall = () => store.recall(item.message.id).then(onClose, () => setProblem(t.recallFailed));
  return (
    <Dialog title={t.recall} onClose={onClose}>
      <p>{t.recallAsk}</p>
      <blockquote>{item.message.body ?? t.attachment}</blockquote>
      {problem !== '' && <p role="alert">{problem}</p>}
      <p className="buttons">
        <button type="button" onClick={onClose} children={t.cancel} />
        <button type="submit" onClick={recall} children={t.recallYes} />
      </p>
    </Dialog>
  );
}

function Forward({ messenger, item, onClose }: DialogProps) {
  const [filter, setFilter] = useState('');
  const [problem, setProblem] = useState('');
  const rows = useConversations(messenger.store).filter(isReadable);
  const found = rows.filter((row) => nameOf(row).toLowerCase().includes(filter.trim().toLowerCase()));
  const forwardTo = async (row: Row) => {
    try {
      await forward(messenger.run, item.message.id, row.id);
      messenger.announcement.set(t.forwarded(nameOf(row)));
      onClose();
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <Dialog title={t.forwardTo} onClose={onClose}>
      <input
        type="search"
        aria-label={t.find}
        placeholder={t.find}
        onChange={(event) => setFilter(event.target.value)}
      />
      {problem !== '' && <p role="alert">{problem}</p>}
      <ul className="hits">
        {found.slice(0, 20).map((row) => (
          <li key={row.id} className="hit">
            <button type="button" onClick={() => forwardTo(row)}>
              <Avatar of={row.counterpart} name={nameOf(row)} />
              <span>
                {nameOf(row)}
                <small>{messenger.session.organizations[row.organizationKey ?? '']}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface Reading {
  readonly user: { readonly id: UserId } | null;
  readonly status: keyof typeof t.readers;
  readonly at: string | null;
}

/** Who has it, who read it, and when. */
function Readers({ messenger: { run, people, session }, item, onClose }: DialogProps) {
  const [readings, setReadings] = useState<readonly Reading[]>();
  const [problem, setProblem] = useState('');
  const names = useValue(people.names);
  // Read again when the message's state changes.
  useEffect(() => {
    const read = async () => {
      const { message } = await run(MessageDocument, { id: item.message.id });
      const all = message?.recipientStatuses?.filter(({ user }) => user?.id !== session.me) ?? [];
      setReadings(all);
      await people.want(all.flatMap(({ user }) => user?.id ?? []));
    };
    read().catch((error: unknown) => setProblem(reasonOf(error)));
  }, [run, people, session, item]);
  return (
    <Dialog title={t.whoRead} onClose={onClose}>
      {problem !== '' && <p role="alert">{problem}</p>}
      <ul className="hits" aria-label={t.whoRead}>
        {readings?.map(({ user, status, at }) => (
          <li key={user?.id} className="hit">
            <span>
              {names[user?.id ?? ''] ?? t.somebody}
              <small>{[t.readers[status], at === null ? '' : momentOf(at)].filter(Boolean).join(' · ')}</small>
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
