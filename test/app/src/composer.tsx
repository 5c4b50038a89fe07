import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Outgoing } from 'tigerconnect-graphql/store';
import { type ConversationProps, nameOf } from './counterpart.tsx';
import { QuickReplies } from './duty.tsx';
import { focusComposer } from './focus.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';

const megabyte = 1024 * 1024;
/** The gateway's `MAX_UPLOAD_BYTES`. */
const maxFileBytes = 25 * megabyte;
const nothing: Outgoing = {};

/** The text is stored as a draft of its conversation; the options apply to one message. */
export function Composer({ messenger: { store, duty, drafts }, row }: ConversationProps) {
  const draft = useValue(drafts)[row.id] ?? nothing;
  const [problem, setProblem] = useState('');
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const body = draft.body ?? '';
  const file = draft.attachment instanceof File ? draft.attachment : undefined;
  const isEmpty = body.trim() === '' && file === undefined;

  useEffect(focusComposer, []);

  const change = (part: Outgoing) => drafts.set({ ...drafts.current, [row.id]: { ...draft, ...part } });
  const type = (text: string) => {
    change({ body: text });
    store.setTyping(row.id, text !== '');
  };
  const send = (message: Outgoing): boolean => {
    try {
      store.send(row.id, message);
      setProblem('');
    } catch {
      setProblem(t.tooMany);
      return false;
    }
    field.current?.focus();
    return true;
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isEmpty || !send({ ...draft, body: body.trim() || null })) return;
    const { [row.id]: _sent, ...others } = drafts.current;
    drafts.set(others);
    setOpen(false);
  };
  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  const attach = (chosen: File | undefined) => {
    const isTooLarge = chosen !== undefined && chosen.size > maxFileBytes;
    setProblem(isTooLarge ? t.tooLarge(chosen.name, t.megabytes(maxFileBytes / megabyte)) : '');
    if (!isTooLarge) change({ attachment: chosen ?? null });
    field.current?.focus();
  };

  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        ref={field}
        rows={2}
        value={body}
        placeholder={t.write}
        aria-label={t.messageTo(nameOf(row))}
        onChange={(event) => type(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      {problem !== '' && <p role="alert">{problem}</p>}
      <QuickReplies duty={duty} onPick={(text) => send({ body: text })} />
      <label className="attach">
        {file === undefined ? t.attach : file.name}
        <input type="file" value="" onChange={(event) => attach(event.target.files?.[0])} />
      </label>
      {file !== undefined && (
        <button type="button" onClick={() => attach(undefined)} aria-label={t.removeFile} children="×" />
      )}
      <button
        type="button"
        className="toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        children={t.options}
      />
      <div className={isOpen ? 'options open' : 'options'}>
        <label>
          {t.keepFor}{' '}
          <select value={draft.ttl ?? 0} onChange={(event) => change({ ttl: Number(event.target.value) || null })}>
            <option value="0">{t.usualTime}</option>
            {Object.entries(t.lifetimes).map(([minutes, words]) => (
              <option key={minutes} value={minutes} children={words} />
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={draft.deleteOnRead === true}
            onChange={(event) => change({ deleteOnRead: event.target.checked || null })}
          />{' '}
          {t.deleteOnceRead}
        </label>
        <label>
          <input
            type="checkbox"
            checked={draft.priority === 'HIGH'}
            onChange={(event) => change({ priority: event.target.checked ? 'HIGH' : null })}
          />{' '}
          {t.urgent}
        </label>
      </div>
      <button type="submit" disabled={isEmpty} children={t.send} />
    </form>
  );
}
