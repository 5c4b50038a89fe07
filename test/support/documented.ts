/** Part of `npm run lint`: each exported function and class of `src/` has a docstring. Prints those without one. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src/*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !file.includes('/generated/'));

const problems = files.flatMap((file) => {
  const lines = readFileSync(new URL(file, root), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const name = /^export (?:async |abstract )*(?:function|class) (\w+)/.exec(line)?.[1];
    if (name === undefined || isDocumented(lines, index, name)) return [];
    return [`${file}:${index + 1}: ${name}`];
  });
});

/** The docstring of an overloaded function is that of its first signature; a file's own may be that of its only class. */
function isDocumented(lines: readonly string[], index: number, name: string): boolean {
  const before = lines[index - 1] ?? '';
  const isOverload = before.includes(`function ${name}`) || /^\): .*;$/.test(before);
  const isHead = /\bclass\b/.test(lines[index] ?? '') && lines[0]?.startsWith('/**') === true;
  return before.endsWith('*/') || isOverload || isHead;
}

if (problems.length > 0) process.stderr.write(`Exported without a docstring:\n  ${problems.join('\n  ')}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
