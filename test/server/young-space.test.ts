/** The size of V8's young generation, in a process with the flags of `npm start`. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/build.ts';
import { nodeFlags } from '../support/start-command.ts';

/** Megabytes of the young generation, each after as many survivors. */
interface Sizes {
  readonly none: number;
  readonly many: number;
  readonly oneMore: number;
}

/** Sizes without responses in progress, with 512, and with 513 at once. */
function measure(): Sizes {
  // A million objects fill the young generation several times; it grows with half of them.
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { EventEmitter } from 'node:events';
    import { keepYoungSpace } from '${root}src/v8-flags.ts';
    import { InFlightResponses } from '${root}src/server/http/connection/in-flight-responses.ts';
    keepYoungSpace();
    const sizeAfterSurvivors = () => {
      let kept = [];
      for (let index = 0; index < 1_000_000; index++) {
        kept.push({ index, list: [index] });
        if (kept.length > 100_000) kept = kept.slice(50_000);
      }
      return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20;
    };
    const inFlight = new InFlightResponses(8);
    const add = (count) => {
      for (let added = 0; added < count; added++) inFlight.add(Object.assign(new EventEmitter(), { socket: {} }));
    };
    const none = sizeAfterSurvivors();
    add(512);
    const many = sizeAfterSurvivors();
    add(1);
    const oneMore = sizeAfterSurvivors();
    process.stdout.write(JSON.stringify({ none, many, oneMore }));`;
  const flags = [...nodeFlags, '--import', 'tsx', '--input-type=module'];
  const output = execFileSync(process.execPath, [...flags, '-e', script], { cwd: root, encoding: 'utf8' });
  return JSON.parse(output) as Sizes; // as the script prints it
}

describe('the young generation', { timeout: 120_000 }, () => {
  let sizes: Sizes;
  beforeAll(() => {
    sizes = measure();
  }, 120_000);

  it('keeps its size with 512 responses in progress', () => {
    expect(sizes.many).toBe(sizes.none);
  });

  it('grows when more than 512 responses are in progress', () => {
    expect(sizes.oneMore).toBeGreaterThan(sizes.many);
  });
});
