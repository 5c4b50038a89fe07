/** The strict types of a document, derived from its plain ones, equal those of graphql-codegen: the compiler compares them. */
import type { ResultOf } from '@graphql-typed-document-node/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type StrictData, strict } from '../../src/documents/strict.ts';
import * as plain from '../../src/generated/documents.ts';
import type * as generated from '../../src/generated/strict-documents.ts';

type Documents<Module> = {
  [Key in keyof Module as Key extends `${string}Document` ? Key : never]: ResultOf<Module[Key]>;
};
type Made = { [Key in keyof Documents<typeof plain>]: StrictData<Documents<typeof plain>[Key]> };

describe('a document with strict types', () => {
  it('has the types that are generated, for every document', () => {
    expectTypeOf<Made>().toExtend<Documents<typeof generated>>();
    expectTypeOf<Documents<typeof generated>>().toExtend<Made>();
    // The comparison finds a difference.
    expectTypeOf<Documents<typeof plain>>().not.toExtend<Made>();
  });

  it('is the same document', () => {
    expect(strict(plain.MeDocument)).toBe(plain.MeDocument);
  });
});
