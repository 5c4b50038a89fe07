/**
 * The package's `./documents/strict`: the same documents with types in which a field is not nullable when only a failure makes it
 * null. For clients that handle errors separately: they throw on any error, or catch errors by field.
 */

export * from './documents/document-ids.ts';
export type * from './documents/document-scalars.ts';
export { documentId } from './documents.ts';
export * from './generated/strict-documents.ts';
