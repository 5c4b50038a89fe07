/** The place of a file in the variables of an operation, before the file is there. */

import type { Upload } from '../../upstream/upload.ts';
import type { OperationRequest } from '../operation/response.ts';

export interface DeferredUpload {
  readonly upload: Promise<Upload>;
  resolve(upload: Upload): void;
  /** Nothing happens once the file is there. */
  reject(error: Error): void;
}

export function createDeferredUpload(): DeferredUpload {
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
export function setVariable(operation: OperationRequest, path: string, value: Promise<Upload>): boolean {
  const [root, ...keys] = path.split('.');
  const last = keys.pop();
  if (root !== 'variables' || last === undefined) return false;
  let target: unknown = operation.variables;
  for (const key of keys) target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  if (!isObject(target) || !Object.hasOwn(target, last) || target[last] !== null) return false;
  Object.defineProperty(target, last, { value });
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
