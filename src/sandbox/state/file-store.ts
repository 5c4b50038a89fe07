import { limits } from '../bounds.ts';

/** An attachment or picture, held in memory. Above `limits.storedFileBytes` the oldest are evicted. */
export interface StoredFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface FileStore {
  put(id: string, file: StoredFile): void;
  get(id: string): StoredFile | undefined;
  delete(id: string): void;
}

/** Files in memory; the oldest are dropped beyond the limit in bytes. */
export function createFileStore(): FileStore {
  const files = new Map<string, StoredFile>();
  let total = 0;
  const remove = (id: string) => {
    total -= files.get(id)?.bytes.length ?? 0;
    files.delete(id);
  };
  return {
    put: (id, file) => {
      remove(id);
      files.set(id, file);
      total += file.bytes.length;
      for (const oldest of files.keys()) {
        if (total <= limits.storedFileBytes) break;
        remove(oldest);
      }
    },
    get: (id) => files.get(id),
    delete: remove,
  };
}
