import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import * as documents from 'tigerconnect-graphql/documents';
import { useMutation } from 'urql';
import type { ConversationProps } from './conversation.tsx';
import { nameOf } from './counterpart.tsx';
import { rememberMessage } from './session.ts';
import { gone, put, received } from './store.ts';

/** While typing goes on, the others are told again after this time, in milliseconds. */
const typingAgainMs = 4_000;

export function Composer({ counterpart, session, live: { update } }: ConversationProps) {
  const [body, setBody] = useState('');
  const [file, setFile] = useState<File>();
  const [, send] = useMutation(documents.SendMessageDocument);
  const [, startTyping] = useMutation(documents.StartTypingDocument);
  const [, stopTyping] = useMutation(documents.StopTypingDocument);
  const toldAt = useRef(0);
  const recipient = counterpart.id;
  const isEmpty = body.trim() === '' && file === undefined;

  const type = (text: string) => {
    setBody(text);
    if (text !== '' && Date.now() - toldAt.current < typingAgainMs) return;
    toldAt.current = text === '' ? 0 : Date.now();
    void (text === '' ? stopTyping : startTyping)({ input: { recipient } });
  };

  /** Shown at once, and safe to repeat: the same key is stored once, whatever got lost on the way. */
  const deliver = async (input: documents.SendMessageInput, id: string) => {
    const message = { id, body: input.body ?? null, createdAt: new Date().toISOString() };
    const entry = { message, conversation: recipient, isMine: true, progress: {} };
    update(put({ ...entry, outgoing: 'SENDING' }));
    const { data } = await send({ input: { ...input, idempotencyKey: id } });
    const stored = data?.sendMessage?.message;
    if (stored != null) {
      rememberMessage(stored.id);
      return update((state) => received(stored, session.me)(gone(id)(state)));
    }
    // Unless it has come back by itself meanwhile.
    update((state) => (state.entries.has(id) ? put({ ...entry, outgoing: () => deliver(input, id) })(state) : state));
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [ttl, deleteOnRead] = [Number(fields.get('ttl')) || null, fields.has('deleteOnRead') || null];
    const input = { recipient, body: body.trim() || null, attachment: file ?? null, ttl, deleteOnRead };
    void deliver(input, crypto.randomUUID());
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
        aria-label={`Message to ${nameOf(counterpart)}`}
        onChange={(event) => type(event.target.value)}
        onKeyDown={sendOnEnter}
      />
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
