/** The files that the `map` field of a multipart request names: promises in the variables of its operation, set before a file arrives. */
import type { Upload } from '../../../upstream/upload.ts';
import type { OperationRequest } from '../../operation/response.ts';
import { parseBody } from './request-body.ts';
import { fileMissing, mappedTwice, tooManyFiles, wrongMap } from './upload-errors.ts';

/** No operation of the schema takes more than one file. */
export const maxFiles = 1;

/** Files by the name of their part. Names of parts are taken as the header of the part has them, percent-encoded. */
export class MappedFiles {
  readonly #uploads = new Map<string, DeferredUpload>();
  #timer: NodeJS.Timeout | undefined;

  /** Whether the map names this part. */
  has(part: string): boolean {
    return this.#uploads.has(decodeFormName(part));
  }

  /**
   * Sets the variables of the operation that the map names.
   * @param text Content of the `map` field.
   * @throws GatewayError `BAD_USER_INPUT` for a map that is malformed or does not fit the variables, `PAYLOAD_TOO_LARGE` for too many
   *   files.
   */
  map(operation: OperationRequest, text: string): void {
    const entries = mapOf(text);
    if (entries.length > maxFiles) throw tooManyFiles();
    for (const [part, paths] of entries) {
      const upload = createDeferredUpload();
      this.#uploads.set(part, upload);
      for (const path of paths) if (!setVariable(operation, path, upload.upload)) throw wrongMap();
      if (paths.length > 1) throw mappedTwice();
    }
  }

  /** Rejects the files with `BAD_USER_INPUT` at the deadline unless one begins before. @param deadlineAt As `performance.now()`. */
  rejectAt(deadlineAt: number): void {
    if (this.#uploads.size === 0) return;
    this.#timer = setTimeout(() => this.reject(fileMissing()), Math.max(0, deadlineAt - performance.now()));
  }

  /** The file of this part begins. */
  resolve(part: string, upload: Upload): void {
    clearTimeout(this.#timer);
    this.#uploads.get(decodeFormName(part))?.resolve(upload);
  }

  /** Rejects the files that have not begun. */
  reject(error: Error): void {
    clearTimeout(this.#timer);
    for (const upload of this.#uploads.values()) upload.reject(error);
  }
}

interface DeferredUpload {
  readonly upload: Promise<Upload>;
  resolve(upload: Upload): void;
  /** No effect after `resolve`. */
  reject(error: Error): void;
}

function createDeferredUpload(): DeferredUpload {
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
function setVariable(operation: OperationRequest, path: string, value: Promise<Upload>): boolean {
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

/** Entries of the `map` field: the name of a part and the paths of its variables. */
function mapOf(text: string): [part: string, paths: readonly string[]][] {
  const isPaths = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((path) => typeof path === 'string');
  return Object.entries(parseBody(text, 'map')).map(([part, paths]) => {
    if (!isPaths(paths)) throw wrongMap();
    return [part, paths];
  });
}

/**
 * Decodes the name of a part or file. Quotes and line breaks are percent-encoded in the header of a part; nothing else is
 * (WHATWG HTML, "multipart/form-data encoding algorithm").
 */
export function decodeFormName(encoded: string): string {
  return encoded.replaceAll(/%22|%0D|%0A/gi, decodeURIComponent);
}
