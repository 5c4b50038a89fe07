/** The line about a setting whose file cannot be used. */

/** Such as `LOG_KEY_FILE: expected a file that can be read (EACCES).` Never the error's message, which has the path. */
export function unreadableFile(variable: string, error: unknown): string {
  return `${variable}: expected a file that can be read${systemCode(error)}.`;
}

/** Code of an error of the operating system in brackets, such as ` (ENOENT)`; empty for any other error. */
export function systemCode(error: unknown): string {
  return isSystemError(error) ? ` (${error.code})` : '';
}

/** Whether the operating system caused the error, and not the content of a file. */
export function isSystemError(error: unknown): error is Error & { readonly code: string; readonly syscall: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
