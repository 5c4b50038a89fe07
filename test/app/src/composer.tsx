import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { ConversationProps } from './counterpart.tsx';
import { nameOf } from './counterpart.tsx';
import { QuickReplies } from './duty.tsx';

export function Composer({ messenger: { store, duty }, row }: ConversationProps) {
  const [body, setBody] = useState('');
  const [file, setFile] = useState<File>();
  const isEmpty = body.trim() === '' && file === undefined;

  const type = (text: string) => {
    setBody(text);
    store.setTyping(row.id, text !== '');
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [ttl, deleteOnRead] = [Number(fields.get('ttl')) || null, fields.has('deleteOnRead') || null];
    store.send(row.id, { body: body.trim() || null, attachment: file ?? null, ttl, deleteOnRead });
    setFile(undefined);
    type('');
  };
  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!isEmpty) event.currentTarget.form?.requestSubmit();
  };

  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        rows={2}
        value={body}
        placeholder="Write a message"
        aria-label={`Message to ${nameOf(row)}`}
        onChange={(event) => type(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      <QuickReplies duty={duty} onPick={(text) => store.send(row.id, { body: text })} />
      <label className="attach">
        {file === undefined ? 'Attach a file' : file.name}
        <input type="file" value="" onChange={(event) => setFile(event.target.files?.[0])} />
      </label>
      <label>
        Keep for{' '}
        <select name="ttl">
          <option value="0">the usual time</option>
          <option value="1">1 minute</option>
          <option value="60">1 hour</option>
          <option value="1440">1 day</option>
        </select>
      </label>
      <label>
        <input type="checkbox" name="deleteOnRead" /> Delete once read
      </label>
      <button type="submit" disabled={isEmpty}>
        Send
      </button>
    </form>
  );
}
