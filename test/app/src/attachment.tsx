import { useEffect, useState } from 'react';
import type { MessageBubbleFragment } from 'tigerconnect-graphql/documents';
import type { Session } from './session.ts';

interface AttachmentProps {
  readonly attachment: MessageBubbleFragment['attachments'][number];
  readonly session: Session;
}

/** Pictures are shown, other files offered. Both are read with the caller's credential, which an address cannot carry. */
export function AttachmentView({ attachment, session: { authorization } }: AttachmentProps) {
  const { url, fileName, contentType } = attachment;
  const name = fileName ?? 'Attachment';
  const [source, setSource] = useState<string>();
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    const abort = new AbortController();
    let made: string | undefined;
    const read = async () => {
      const response = await fetch(url, { headers: { authorization }, signal: abort.signal });
      if (!response.ok) return setFailed(true);
      made = URL.createObjectURL(await response.blob());
      setSource(made);
    };
    read().catch(() => setFailed(!abort.signal.aborted));
    return () => {
      abort.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [url, authorization]);

  if (hasFailed) return <p className="file">{name} cannot be read any more.</p>;
  if (source === undefined) return <p className="file">{name}</p>;
  if (/^image\/(png|jpeg|gif|webp|bmp)$/.test(contentType ?? '')) return <img src={source} alt={name} />;
  return (
    <a className="file" href={source} download={name}>
      {name}
    </a>
  );
}
