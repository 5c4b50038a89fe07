/**
 * Part of `npm run lint`: words that have a better one in comments of `src/`. Functions, sockets and queues are no persons, and
 * the field has terms for what they do. Prints each line that holds one, with the words to use.
 */
import { readdirSync, readFileSync } from 'node:fs';

const betterWords: Readonly<Record<string, string>> = {
  'whoever|nobody|somebody|someone': 'the caller, no subscriber, a client: name the thing',
  anew: 'again, a new …',
  'reckon(?:s|ed|ing)?': 'compute, estimate, count',
  'for ever': 'forever, without bound',
  told: 'notified, given, informed',
  'dear(?:er|est)?': 'expensive',
  'in vain': 'without a result',
  meanwhile: 'while …, in between',
};

const pattern = new RegExp(`\\b(?:${Object.keys(betterWords).join('|')})\\b`, 'i');
const problems: string[] = [];
const folder = new URL('../../src/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.includes('generated'),
);
for (const file of files) {
  for (const [index, line] of readFileSync(new URL(file, folder), 'utf8').split('\n').entries()) {
    const comment = /^\s*(?:\/\*\*?|\*|\/\/)(.*)/.exec(line)?.[1] ?? /\s\/\/ (.*)$/.exec(line)?.[1] ?? '';
    const word = pattern.exec(comment)?.[0];
    if (word === undefined) continue;
    const better = Object.entries(betterWords).find(([words]) => new RegExp(`^(?:${words})$`, 'i').test(word))?.[1];
    problems.push(`src/${file}:${index + 1}: "${word}": ${better}`);
  }
}
if (problems.length > 0) process.stderr.write(`Words with a better one in comments:\n  ${problems.join('\n  ')}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
