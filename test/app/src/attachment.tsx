import { useEffect, useState } from 'react';
import type { MessageBubbleFragment } from 'tigerconnect-graphql-documents';

type AttachmentProps = MessageBubbleFragment['attachments'][number] & { readonly authorization: string };

/** Pictures are shown, other files offered. Both are read with the caller's credential, which an address cannot carry. */
export function Attachment({ url, fileName, contentType, authorization }: AttachmentProps) {
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
