/** The place of a file in the variables of an operation, before the file is there. */
import type { Upload } from '../../upstream/upload.ts';
import type { OperationRequest } from '../operation/pipeline.ts';

export interface UploadSlot {
  readonly upload: Promise<Upload>;
  resolve(upload: Upload): void;
  /** Nothing happens once the file is there. */
  reject(error: Error): void;
}

export function createUploadSlot(): UploadSlot {
  let resolve: (upload: Upload) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const upload = new Promise<Upload>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // An operation that is refused never looks at its file.
  upload.catch(() => {});
  return { upload, resolve, reject };
}

/**
 * Puts `value` where `path` leads, such as `variables.input.attachment`. Followed are only members of the variables
 * themselves, never what an object inherits.
 * @returns False when there is no such place, or something stands there already.
 */
export function fillVariable(operation: OperationRequest, path: string, value: Promise<Upload>): boolean {
  const [root, ...keys] = path.split('.');
  const last = keys.pop();
  if (root !== 'variables' || last === undefined) return false;
  let place: unknown = operation.variables;
  for (const key of keys) place = isContainer(place) && Object.hasOwn(place, key) ? place[key] : undefined;
  if (!isContainer(place) || !Object.hasOwn(place, last) || place[last] !== null) return false;
  Object.defineProperty(place, last, { value });
  return true;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
