import { useEffect, useState } from 'react';
import type { MessageBubbleFragment } from 'tigerconnect-graphql-documents';
import { t } from './texts.ts';

type AttachmentProps = MessageBubbleFragment['attachments'][number] & { readonly authorization: string };

/** Pictures are shown, other files offered. Both are read with the caller's credential, which an address cannot carry. */
export function Attachment({ url, fileName, contentType, authorization }: AttachmentProps) {
  const name = fileName ?? t.attachment;
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

  const missing = source === null ? t.unreadable(name) : name;
  // The room of a picture is there before it is.
  if (/^image\/(png|jpeg|gif|webp|bmp)$/.test(contentType ?? ''))
    return <div className="picture">{source == null ? missing : <img src={source} alt={name} />}</div>;
  if (source == null) return <p className="file">{missing}</p>;
  return <a className="file" href={source} download={name} children={name} />;
}
