/** How `npm start` runs the built program: every other way of starting it for a test or a measurement is made of this one. */
import { readFileSync } from 'node:fs';
import { root } from './build.ts';

const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: { start: string } };
const [, ...args] = scripts.start.split(' ');

/** The program, as a path from the root. */
export const programFile = args.at(-1) ?? '';
/** What Node is told before it. */
export const nodeFlags: readonly string[] = args.slice(0, -1);
