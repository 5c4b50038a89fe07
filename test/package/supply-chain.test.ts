import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../support/build.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (path: string) => JSON.parse(readFileSync(`${root}${path}`, 'utf8'));
const locked = Object.entries(read('package-lock.json').packages as Record<string, LockedPackage>).filter(
  ([path]) => path !== '',
);
/** What a production installation holds. */
const shipped = locked.filter(
  ([, entry]) => entry.dev !== true && entry.devOptional !== true && entry.optional !== true,
);

/** As packages wrote it before 2015. */
const oldSpelling = (path: string): string => read(`${path}/package.json`).licenses?.[0]?.type;

/** Licences that let a hospital, or anyone, use, change and pass on what they cover. */
const permissive = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
]);

describe('the production packages', () => {
  it('have permissive licences only', () => {
    const others = shipped
      .map(([path, entry]) => [path, entry.license ?? oldSpelling(path)] as const)
      .filter(([, licence]) => !permissive.has(licence));
    expect(others).toEqual([]);
  });

  it('run no install script', () => {
    expect(shipped.filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => path)).toEqual([]);
  });

  it('are pinned by version and by hash', () => {
    const loose = locked.filter(([, entry]) => entry.link !== true && !/^sha512-/.test(entry.integrity ?? ''));
    expect(loose.map(([path]) => path)).toEqual([]);
    const { dependencies, devDependencies } = read('package.json') as Record<string, Record<string, string>>;
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+/.test(range),
    );
    expect(ranges).toEqual([]);
  });

  it('have the number in the README', () => {
    const said = /(\d+) packages are installed in production/.exec(readFileSync(`${root}README.md`, 'utf8'))?.[1];
    expect(Number(said)).toBe(shipped.length);
  });
});
