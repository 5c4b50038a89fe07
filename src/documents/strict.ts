/**
 * The strict types of a document, derived from its plain types: equal to those of `strict-documents.ts`, with a fortieth of their
 * text.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { StrictFields, StrictItems } from '../generated/strict-fields.ts';

type Marked<Fields, Name> = Name extends keyof Fields ? Fields[Name] : never;
/** JSON stays JSON, which may be null. */
type Present<Value> = unknown extends Value ? Value : NonNullable<Value>;
type Items<Value, IsMarked> =
  Value extends ReadonlyArray<infer Item>
    ? ReadonlyArray<IsMarked extends true ? Present<Strict<Item>> : Strict<Item>>
    : Strict<Value>;
type IsMarked<Key, Names> = Key extends Names ? true : false;

/** Data of a document or fragment, in which a field is null only when the upstream has no value, and not when it failed. */
export type Strict<Data> = Data extends { readonly __typename: infer Name }
  ? {
      [Key in keyof Data]: Key extends Marked<StrictFields, Name> | 'extra'
        ? Present<Items<Data[Key], IsMarked<Key, Marked<StrictItems, Name>>>>
        : Items<Data[Key], IsMarked<Key, Marked<StrictItems, Name>>>;
    }
  : Data extends ReadonlyArray<infer Item>
    ? ReadonlyArray<Strict<Item>>
    : Data;

/** The same for the whole data of an operation: those of a subscription have no type name. */
export type StrictData<Data> = Data extends { readonly __typename: string }
  ? Strict<Data>
  : { [Key in keyof Data]: Strict<Data[Key]> };

/** The document with strict types, for clients that handle errors separately: they throw on any error. */
export function strict<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
): TypedDocumentNode<StrictData<Data>, Variables> {
  return document as object as TypedDocumentNode<StrictData<Data>, Variables>; // only the types differ
}
