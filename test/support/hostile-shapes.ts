/**
 * Documents whose shape can cost far more than their length suggests, built up to a given length. Valid or not, the time of each
 * must be in proportion to its length.
 */

/** @returns A document of about so many characters. */
export type Shape = (characters: number) => string;

const times = (count: number, item: (index: number) => string) =>
  Array.from({ length: Math.max(1, count) }, (_, index) => item(index));

/** As many items as fit, between a beginning and an end that know how many there are. */
function filled(item: (index: number) => string, around: (items: string, count: number) => string): Shape {
  return (characters) => {
    const items: string[] = [];
    for (let length = 0; length < characters; ) {
      const next = item(items.length);
      length += next.length + 1;
      items.push(next);
    }
    return around(items.join(' '), items.length);
  };
}

/** A chain of fragments, each of which names the next ones. */
const chain = (
  selection: (index: number) => string,
  last: (index: number) => string,
  on = 'Query',
  start = '{ ...F0 }',
) =>
  filled(
    (index) => `fragment F${index} on ${on} { ${selection(index)} }`,
    (fragments, count) => `${start} ${fragments} fragment F${count} on ${on} { ${last(count)} }`,
  );

/** So many fragments that spreading all in each fills the text. */
const all =
  (spread: (index: number) => string, rest: string, on = 'Query', start = '{ ...F0 }'): Shape =>
  (characters) => {
    const count = Math.floor(Math.sqrt(characters / (spread(100).length + 1)));
    const spreads = times(count, spread).join(' ');
    return `${start} ${times(count, (index) => `fragment F${index} on ${on} { ${spreads} ${rest} }`).join(' ')}`;
  };

const both = (index: number) => `...F${index + 1} ...F${index + 1}`;
const me = 'query { me { ...F0 } }';

export const hostileShapes: Readonly<Record<string, Shape>> = {
  'fragments without fields, each spreading the next twice': chain(both, () => '...X'),
  'fragments that end in a field, each spreading the next twice': chain(both, () => 'me { id }'),
  'fragments spread twice, with a cycle at the end': chain(both, () => '...F0'),
  'fragments spread once, in a cycle': chain(
    (index) => `...F${index + 1}`,
    () => '...F0',
  ),
  'a long chain of fragments': chain(
    (index) => `...F${index + 1} __typename`,
    () => '__typename',
  ),
  'a chain below a field': chain(
    (index) => `...F${index + 1} a${index}: id`,
    () => 'id',
    'User',
    me,
  ),
  'through inline fragments': chain(
    (index) => `... { ...F${index + 1} } ... on Query { ...F${index + 1} }`,
    () => '__typename',
  ),
  'through fields': chain(
    (index) => `autoForwardTo { ...F${index + 1} } b: autoForwardTo { ...F${index + 1} }`,
    () => 'id',
    'User',
    me,
  ),
  'through fields of one name': chain(
    (index) => `autoForwardTo { ...F${index + 1} } autoForwardTo { ...F${index + 1} }`,
    () => 'id',
    'User',
    me,
  ),
  'with directives': chain(
    (index) => `...F${index + 1} @skip(if: false) ...F${index + 1} @include(if: true)`,
    () => '__typename',
  ),
  'below introspection': chain(
    (index) => `ofType { ...F${index + 1} } interfaces { ...F${index + 1} }`,
    () => 'name',
    '__Type',
    '{ __schema { types { ...F0 } } }',
  ),
  'all by all': all((index) => `...F${index}`, '__typename'),
  'all by all, without fields': all((index) => `...F${index}`, ''),
  'all by later ones': (characters) => {
    const count = Math.floor(Math.sqrt((2 * characters) / 8));
    const fragment = (from: number) =>
      `fragment F${from} on Query { ${times(count - from, (index) => `...F${from + 1 + index}`).join(' ')} }`;
    return `{ ...F0 } ${times(count, fragment).join(' ')} fragment F${count} on Query { __typename }`;
  },
  'all by all, that no operation uses': all((index) => `...F${index}`, '__typename', 'Query', '{ __typename }'),
  'a chain that no operation uses': chain(
    (index) => `...F${index + 1} a${index}: __typename`,
    () => '__typename',
    'Query',
    '{ __typename }',
  ),
  'many fragments of the same fields': filled(
    (index) => `fragment F${index} on Query { me { organizations { name } } }`,
    (fragments, count) => `{ ${times(count, (index) => `...F${index}`).join(' ')} } ${fragments}`,
  ),
  'many fragments of the same fields, in many places': filled(
    (index) => `fragment F${index} on User { autoForwardTo { id displayName } }`,
    (fragments, count) =>
      `{ me { autoForwardTo { ${times(count, (index) => `...F${index}`).join(' ')} } ${times(count, (index) => `...F${index}`).join(' ')} } } ${fragments}`,
  ),
  'many aliases of one field': filled(
    (index) => `a${index}: me { id }`,
    (fields) => `{ ${fields} }`,
  ),
  'one field again and again': filled(
    () => 'me { id }',
    (fields) => `{ ${fields} }`,
  ),
  'one field with other arguments each time': filled(
    (index) => `user(id: "${index}") { id }`,
    (fields) => `{ ${fields} }`,
  ),
  'one field, inline': filled(
    () => '... { me { id } }',
    (fields) => `{ ${fields} }`,
  ),
  'one field of long arguments': filled(
    () => `users(ids: ["${'x'.repeat(40)}", "b", "c", "d"]) { id }`,
    (fields) => `{ ${fields} }`,
  ),
  'one alias of many fields, a line each': filled(
    (index) => `a: f${index}\n\n\n\n\n\n`,
    (fields) => `{ me { ${fields} } }`,
  ),
  'one alias of many fields, at the end of many lines': (characters) =>
    `{ ${'\n'.repeat(characters)} me { ${times(600, (index) => `a: f${index}`).join(' ')} } }`,
  'a cycle at the end of many lines': (characters) =>
    `{ ${'\n'.repeat(characters)} ...F0 } ${times(200, (index) => `fragment F${index} on Query { ...F${(index + 1) % 200} }`).join(' ')}`,
  'unknown fields': filled(
    (index) => `x${index}`,
    (fields) => `{ me { ${fields} } }`,
  ),
  'unknown types': filled(
    (index) => `... on T${index} { id }`,
    (fields) => `{ me { ${fields} } }`,
  ),
  'a long name': (characters) => `{ ${'x'.repeat(characters)} }`,
  'fields in fields': filled(
    () => 'autoForwardTo {',
    (fields, count) => `{ me { ${fields} id ${'}'.repeat(count)} } }`,
  ),
  'inline fragments in one another': filled(
    () => '... {',
    (fragments, count) => `{ ${fragments} __typename ${'}'.repeat(count)} }`,
  ),
  'lists in lists': filled(
    () => '[',
    (lists, count) => `{ users(ids: ${lists} ${']'.repeat(count)}) { id } }`,
  ),
  'objects in objects': filled(
    () => '{a:',
    (objects, count) => `{ users(ids: ${objects} 1 ${'}'.repeat(count)}) { id } }`,
  ),
  'types in types': filled(
    () => '[',
    (lists, count) => `query ($a: ${lists} Int ${']'.repeat(count)}) { me { id } }`,
  ),
  'a long list': filled(
    (index) => `"${index}"`,
    (items) => `{ users(ids: [${items}]) { id } }`,
  ),
  'a wide input': filled(
    (index) => `f${index}: 1`,
    (fields) => `mutation { sendMessage(input: { ${fields} }) { message { id } } }`,
  ),
  'one input field again and again': filled(
    () => 'body: "x"',
    (fields) => `mutation { sendMessage(input: { ${fields} }) { message { id } } }`,
  ),
  'many variables': filled(
    (index) => `$v${index}: ID = "a"`,
    (variables) => `query (${variables}) { me { id } }`,
  ),
  'one variable again and again': filled(
    () => '$a: ID',
    (variables) => `query (${variables}) { me { id } }`,
  ),
  'many uses of undefined variables': filled(
    (index) => `$v${index}`,
    (uses) => `{ users(ids: [${uses}]) { id } }`,
  ),
  'many operations with a fragment of many variables': (characters) => {
    const half = Math.floor(characters / 12);
    const operations = times(half / 5, (index) => `query Q${index} { ...F }`);
    return `${operations.join(' ')} fragment F on Query { users(ids: [${times(half, () => '$a').join(' ')}]) { id } }`;
  },
  'many operations with a fragment of many fields': (characters) =>
    `${times(characters / 36, (index) => `query Q${index} { ...F }`).join(' ')} fragment F on Query { me { ${times(characters / 10, () => 'id').join(' ')} } }`,
  'many operations of one name': filled(
    () => 'query Q { me { id } }',
    (operations) => operations,
  ),
  'many directives': filled(
    () => '@skip(if: false)',
    (directives) => `{ me ${directives} { id } }`,
  ),
  'many directives of the operation': filled(
    () => '@a(if: false)',
    (directives) => `query ${directives} { me { id } }`,
  ),
  'many definitions of types': filled(
    (index) => `type T${index} { a: Int }`,
    (types) => `${types} { me { id } }`,
  ),
  comments: filled(
    () => '#\n',
    (comments) => `${comments} { me { id } }`,
  ),
  commas: (characters) => `{ me { id ${','.repeat(characters)} } }`,
  'a block string': filled(
    (index) => `${' '.repeat(index % 50)}x\n`,
    (lines) => `{ user(id: """${lines}""") { id } }`,
  ),
  'a string of escapes': filled(
    () => '\\u0041',
    (escapes) => `{ user(id: "${escapes}") { id } }`,
  ),
  'a long number': (characters) => `{ roster { entries(first: ${'9'.repeat(characters)}) { totalCount } } }`,
  'types that may be of many': filled(
    (index) => `a${index % 45}: extra`,
    (fields) => `subscription { events { ${fields} } }`,
  ),
  'fragments on an interface': filled(
    (index) => `... on Event { ... on Event { id at${index % 2} } }`,
    (fields) => `subscription { events { ${fields} } }`,
  ),
};
