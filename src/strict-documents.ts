/**
 * The package's `./documents/strict`: the same documents with types in which a field is never null when only a failure makes it
 * so. For clients that treat errors apart: those that throw when there are any, or that catch them by field.
 */

export * from './documents/document-ids.ts';
export type * from './documents/document-scalars.ts';
export { documentId } from './documents.ts';
export * from './generated/strict-documents.ts';
