/** What the scalars of the schema are in TypeScript, for code generators. */

/** As the option `scalars` of graphql-codegen takes it: one type, or one for each direction. */
export type ScalarTypes = Readonly<Record<string, string | { readonly input: string; readonly output: string }>>;

/** @param module Where the types are imported from: `src/documents/document-scalars.ts`, or a package that exports them. */
export function scalarTypes(module: string): ScalarTypes {
  const named = (type: string) => `${module}#${type}`;
  return {
    ID: 'string',
    DateTime: named('DateTime'),
    URL: named('Url'),
    EmailAddress: named('EmailAddress'),
    PhoneNumber: named('PhoneNumber'),
    NonNegativeInt: named('NonNegativeInt'),
    JSON: named('Json'),
    // Only sent, never read.
    File: { input: named('Upload'), output: 'never' },
  };
}
