/**
 * Part of `npm run lint`: words that have a better one, in comments and in titles of tests. Functions, sockets and queues are no
 * persons, and the field has terms for what they do. Prints each line that holds one, with the words to use.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const betterWords: Readonly<Record<string, string>> = {
  'whoever|nobody|somebody|someone|anybody|everybody': 'the caller, no subscriber, a client: name the thing',
  anew: 'again, a new …',
  'reckon(?:s|ed|ing)?': 'compute, estimate, count',
  'for ever': 'forever, without bound',
  told: 'notified, given, informed',
  'dear(?:er|est)?': 'expensive',
  'in vain': 'without a result',
  meanwhile: 'while …, in between',
};

const pattern = new RegExp(`\\b(?:${Object.keys(betterWords).join('|')})\\b`, 'i');
/** Comments of one line, and lines of longer ones. */
const comments = [/^\s*(?:\/\*\*?|\*|\/\/)(.*)/, /\s\/\/ (.*)$/];
/** Titles: the first argument of `it` and `describe`, also on a line of its own. */
const titles = [/\b(?:it|describe)\b.*?\((['"`].*)/, /^\s*(['"`].*['"`]),$/];

const root = new URL('../../', import.meta.url);
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !/\/generated\/|support\/plain-words/.test(file) && existsSync(new URL(file, root)));

function proseOf(line: string, file: string): string {
  const places = file.endsWith('.test.ts') ? [...comments, ...titles] : comments;
  return places.map((place) => place.exec(line)?.[1] ?? '').find((text) => text !== '') ?? '';
}

const problems: string[] = [];
for (const file of files) {
  for (const [index, line] of readFileSync(new URL(file, root), 'utf8').split('\n').entries()) {
    const word = pattern.exec(proseOf(line, file))?.[0];
    if (word === undefined) continue;
    const better = Object.entries(betterWords).find(([words]) => new RegExp(`^(?:${words})$`, 'i').test(word))?.[1];
    problems.push(`${file}:${index + 1}: "${word}": ${better}`);
  }
}
if (problems.length > 0)
  process.stderr.write(`Words with a better one in comments and titles:\n  ${problems.join('\n  ')}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
