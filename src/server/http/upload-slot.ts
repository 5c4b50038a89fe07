/** Promise of a file in the variables of an operation, placed there before the file arrives. */

import type { Upload } from '../../upstream/upload.ts';
import type { OperationRequest } from '../operation/response.ts';

export interface DeferredUpload {
  readonly upload: Promise<Upload>;
  resolve(upload: Upload): void;
  /** No effect after `resolve`. */
  reject(error: Error): void;
}

export function createDeferredUpload(): DeferredUpload {
  let resolve: (upload: Upload) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const upload = new Promise<Upload>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // A rejected operation never reads its file: the rejection must not count as unhandled.
  upload.catch(() => {});
  return { upload, resolve, reject };
}

/**
 * Sets the variable at `path`, such as `variables.input.attachment`, to `value`. The path follows own properties only, never inherited
 * ones.
 * @returns False when the path does not exist or its value is not null.
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
