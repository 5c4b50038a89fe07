/** The size of V8's young generation, in a process with the flags of `npm start`. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { root } from '../support/build.ts';
import { nodeFlags } from '../support/start-command.ts';

/** Megabytes of the young generation after many survivors, and again after as many responses at once. */
function sizesWith(responses: number): readonly [number, number] {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { EventEmitter } from 'node:events';
    import { keepYoungSpace } from '${root}src/v8-flags.ts';
    import { InFlightResponses } from '${root}src/server/http/connection/in-flight-responses.ts';
    keepYoungSpace();
    const size = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20;
    const survive = () => {
      let kept = [];
      for (let index = 0; index < 4_000_000; index++) {
        kept.push({ index, list: [index] });
        if (kept.length > 100_000) kept = kept.slice(50_000);
      }
    };
    survive();
    const before = size();
    const inFlight = new InFlightResponses(8);
    for (let count = 0; count < ${responses}; count++) inFlight.add(Object.assign(new EventEmitter(), { socket: {} }));
    survive();
    process.stdout.write(JSON.stringify([before, size()]));`;
  const output = execFileSync(
    process.execPath,
    [...nodeFlags, '--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return JSON.parse(output) as readonly [number, number]; // as the script prints it
}

describe('the young generation', () => {
  it('grows when more than 512 responses are in progress', { timeout: 120_000 }, () => {
    const [before, after] = sizesWith(513);
    expect(after).toBeGreaterThan(before);
  });

  it('keeps its size up to then', { timeout: 120_000 }, () => {
    const [before, after] = sizesWith(512);
    expect(after).toBe(before);
  });
});
