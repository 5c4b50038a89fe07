/** Schema checks of `npm run check`: the rules of quality.ts, and breaking changes against the released schema. */
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { breakingChanges, schemaProblems } from './quality.ts';

const read = (name: string) => buildSchema(readFileSync(new URL(name, import.meta.url), 'utf8'));
const current = read('schema.graphql');
const problems = schemaProblems(current);
const breaks = await breakingChanges(read('released.graphql'), current);
if (problems.length > 0) process.stderr.write(`schema.graphql breaks its rules:\n  ${problems.join('\n  ')}\n`);
if (breaks.length > 0) {
  const advice = 'Keep and deprecate instead; for a new major version, copy schema.graphql to released.graphql.';
  process.stderr.write(`Clients of schema/released.graphql would break:\n  ${breaks.join('\n  ')}\n${advice}\n`);
}
process.exitCode = problems.length + breaks.length > 0 ? 1 : 0;
