/**
 * Makes the files of the package small: those that people rarely read, and that tools read as well without comments and
 * indentation. With them the package would be twice as large; the gateway's package has them.
 */

/** Names of this file's own, longest first, become one letter and a number. */
function shortened(text: string, names: readonly string[], letter: string): string {
  const short = new Map([...new Set(names)].map((name, index) => [name, `${letter}${index}`]));
  const all = [...short.keys()].sort((one, other) => other.length - one.length);
  return all.length === 0
    ? text
    : text.replaceAll(new RegExp(`\\b(?:${all.join('|')})\\b`, 'g'), (name) => short.get(name) ?? name);
}

const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

/** `{readonly a:T;readonly b:ReadonlyArray<T>}` as `R<{a:T;b:A<T>}>`: the word is a sixth of all declarations. */
function readonlyAtOnce(text: string): string {
  const open: boolean[] = [];
  const marked = text.replaceAll(/\{(readonly )?|\}/g, (brace, isReadonly: string | undefined) => {
    if (brace === '}') return open.pop() === true ? '}>' : '}';
    open.push(isReadonly !== undefined);
    return isReadonly === undefined ? '{' : 'R<{';
  });
  const apart = marked.replaceAll(/\bextends(?=R<)/g, 'extends ').replaceAll('ReadonlyArray<', 'A<');
  return `type R<T>=Readonly<T>;\ntype A<T>=ReadonlyArray<T>;\n${apart.replaceAll(/(?<=;)readonly /g, '')}`;
}

/** Declarations without comments, each on one line, with short names for what is not exported. */
export function compactDeclarations(text: string): string {
  const bare = text
    .replaceAll(/\/\*\*[\s\S]*?\*\/\n?/g, '')
    .replaceAll(/\n\s+/g, ' ')
    .replaceAll(/\n}/g, ' }');
  // Texts hold no spaces beside punctuation: they are names of types and values of enums.
  const tight = bare.replaceAll(/ ?([{}|&:;<>(),=]) ?/g, '$1').replaceAll(/;}/g, '}');
  return shortened(readonlyAtOnce(tight), namesIn(tight, /^type (\w+_Fragment)=/gm), 'F');
}

/** The documents' module without spaces behind commas, and with short names for the fragments, which other modules do not see. */
export function compactModule(text: string): string {
  // The texts of documents stay as they are: their hashes are the ids of registered operations.
  const tight = text.replaceAll(/"(?:[^"\\]|\\.)*"|, /g, (part) => (part === ', ' ? ',' : part));
  return shortened(tight, namesIn(tight, /^const (fragment\w+) =/gm), 'f');
}

/** The SDL without descriptions and indentation: about a fifth. */
export function compactSdl(text: string): string {
  return text
    .replaceAll(/"""[\s\S]*?"""\n?/g, '')
    .replaceAll(/^\s+/gm, '')
    .replaceAll(/\(\n([^)]*)\)/g, (_all, args: string) => `(${args.trim().replaceAll('\n', ', ')})`);
}
