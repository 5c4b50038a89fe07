/**
 * One type for all objects in replies of the contract, for tests that read replies and events of the sandbox after these were held
 * against the contract. An object has each property that any of them has, and nothing is null: a test that reads what is not there
 * fails.
 */
import { isRecord } from '../../src/util/is-record.ts';

const words: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  object: 'WireObject',
};

/** What a reference within the document names. */
function referred($ref: unknown, document: unknown): unknown {
  const path = String($ref).replace('#/', '').split('/');
  return path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), document);
}

/** The types that a schema allows, without null. */
function typesOf(schema: unknown, document: unknown): readonly string[] {
  if (!isRecord(schema)) return [];
  const { $ref, type, items } = schema;
  if ($ref !== undefined) return typesOf(referred($ref, document), document);
  const parts = ['oneOf', 'anyOf', 'allOf'].flatMap((key) => {
    const part = schema[key];
    return Array.isArray(part) ? part.flatMap((each) => typesOf(each, document)) : [];
  });
  const own = [type].flat().flatMap((word) => {
    if (word !== 'array') return words[String(word)] ?? [];
    const itemTypes = typesOf(items, document);
    return `List<${[...new Set(itemTypes)].join(' | ') || 'unknown'}>`;
  });
  return [...own, ...parts];
}

/** Collects the types of all properties of replies: below a part of a contract, through its references. */
function collect(part: unknown, document: unknown, found: Map<string, Set<string>>, seen: Set<unknown>): void {
  if (typeof part !== 'object' || part === null || seen.has(part)) return;
  seen.add(part);
  if (isRecord(part) && isRecord(part['properties']))
    for (const [name, schema] of Object.entries(part['properties'])) {
      const types = found.get(name) ?? new Set();
      for (const type of typesOf(schema, document)) types.add(type);
      found.set(name, types);
    }
  for (const [key, each] of Object.entries(part))
    if (key === '$ref') collect(referred(each, document), document, found, seen);
    else if (key !== 'requestBody' && key !== 'parameters') collect(each, document, found, seen);
}

/** What tests read where a property has several types: an object, a list of objects, a text or number, a list of these. */
function readable(types: ReadonlySet<string>): string {
  const all = [...types].sort();
  const objects = all.filter((type) => type.includes('WireObject'));
  if (objects.includes('WireObject')) return 'WireObject';
  if (objects.length > 0)
    return objects.some((type) => type.includes('string')) ? 'List<string | WireObject>' : 'List<WireObject>';
  const single = all.filter((type) => !type.startsWith('List'));
  return (single.length > 0 ? single : all).join(' | ') || 'unknown';
}

/** A module that exports `WireObject`. */
export function wireDataModule(documents: readonly { readonly paths: unknown }[]): string {
  const found = new Map<string, Set<string>>();
  for (const document of documents) collect(document.paths, document, found, new Set());
  const lines = [...found].map(
    ([name, types]) => `  readonly ${/^\w+$/.test(name) ? name : `'${name}'`}: ${readable(types)};`,
  );
  return [
    '/** The first item is there. */',
    'export type List<Item> = readonly [Item, ...Item[]];',
    '',
    'export interface WireObject {',
    ...lines.sort(),
    '}',
    '',
  ].join('\n');
}
