/** The package's `./documents`: a typed document for every operation of `schema/operations`, and nothing that runs on import. */

export * from './documents/document-ids.ts';
export type * from './documents/document-scalars.ts';
export * from './documents/document-text.ts';
export { type Strict, strict } from './documents/strict.ts';
export * from './generated/documents.ts';

/**
 * The id of one of these documents in `persisted-operations.json`, such as `sha256:0d77…`. A client sends it in place of the text,
 * as `documentId`, or without the prefix as `extensions.persistedQuery.sha256Hash`.
 * @throws TypeError for any other document.
 */
export function documentId(document: object): string {
  const { __meta__: meta }: { readonly __meta__?: { readonly hash?: string } } = document;
  if (meta?.hash === undefined) throw new TypeError('documentId: expected a document of this package.');
  return meta.hash;
}
