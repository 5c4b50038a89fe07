import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const rows = [...read('README.md').matchAll(/^\| (?!Promise|---).*$/gm)].map(([row]) =>
  row.split('|').map((cell) => cell.trim()),
);
const unquoted = (text: string) => text.replaceAll(/\\(?=['"])/g, '');

it('each promise of the table has a test, by file and title, or a program of the soak', () => {
  expect(rows.length).toBeGreaterThan(20);
  const soak = read('../soak/main.ts');
  for (const [, promise = '', , tests = '', programs = ''] of rows) {
    const named = tests.split('; ').filter((test) => test !== '');
    const run = programs.split('; ').filter((program) => program !== '');
    expect(named.length + run.length, promise).toBeGreaterThan(0);
    for (const test of named) {
      const [, file = '', title = ''] = /^`([\w-]+)` (.+)$/.exec(test) ?? [];
      // A title that is made of a table has a placeholder.
      const begin = title.replace('$0', '%s');
      const text = unquoted(read(`${file}.test.ts`));
      expect(
        ["'", '"', '`'].some((quote) => text.includes(`${quote}${begin}`)),
        test,
      ).toBe(true);
    }
    for (const program of run) {
      const [plain = ''] = program.split(' with ');
      expect(soak, program).toMatch(new RegExp(`['\` ]${plain}(?:['\`:]| with)`));
    }
  }
});
