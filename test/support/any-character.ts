import fc from 'fast-check';

/** Code points before and after the surrogates, which no text in UTF-8 has. */
const before = 0xd800;
const surrogates = 0x800;
const count = 0x110000 - surrogates;

/**
 * The characters of `unit: 'binary'`, each as likely. That one is searched for a character in a table of a million entries, which takes
 * a second and a half of processor time to make in each process.
 */
export const anyCharacter = fc.nat({ max: count - 1 }).map(
  (index) => String.fromCodePoint(index < before ? index : index + surrogates),
  (character) => {
    const code = typeof character === 'string' ? character.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== character) throw new Error('not one character');
    return code < before ? code : code - surrogates;
  },
);
