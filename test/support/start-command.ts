/** The command of `npm start`, from which tests and measurements derive theirs. */
import { readFileSync } from 'node:fs';
import { root } from './build.ts';

const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: { start: string } };
const words = scripts.start.split(' ');
/** What follows `exec node`. */
const args = words.slice(words.indexOf('node') + 1);

/** The program, as a path from the root. */
export const programFile = args.at(-1) ?? '';
/** Flags of Node. */
export const nodeFlags: readonly string[] = args.slice(0, -1);
