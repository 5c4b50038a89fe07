/** Writes the README tables that are generated from code: settings and error codes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { settings, variableOf } from '../src/config/settings.ts';
import { errorCodes } from '../src/errors.ts';

const readmeUrl = new URL('../README.md', import.meta.url);

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const settingRows = Object.entries(settings).map(([name, { default: value, expected, meaning }]) => [
  `\`${variableOf(name)}\``,
  value === undefined ? 'unset' : value === '' ? 'empty' : `\`${value}\``,
  meaning,
  expected,
]);

const errorRows = Object.entries(errorCodes).map(([code, { meaning, retryable, httpStatus }]) => [
  `\`${code}\``,
  meaning,
  retryable ? 'yes' : 'no',
  String(httpStatus),
]);

const tables: Readonly<Record<string, string>> = {
  settings: table(['Variable', 'Default', 'Meaning', 'Expected'], settingRows),
  errors: table(['Code', 'Meaning', 'Worth repeating', 'HTTP status'], errorRows),
};

let readme = readFileSync(readmeUrl, 'utf8');
for (const [name, text] of Object.entries(tables)) {
  const section = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!section.test(readme)) throw new Error(`README.md has no section for the table of ${name}.`);
  readme = readme.replace(section, (_all, open: string, close: string) => `${open}${text}\n${close}`);
}
writeFileSync(readmeUrl, readme);
