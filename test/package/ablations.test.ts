/** Ablations of the bench replace texts of the source, which a rename breaks unnoticed until they are timed; their rounds are paired. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ablations } from '../bench/ablation-list.ts';
import { inBothOrders } from '../bench/statistics.ts';
import { root } from '../support/build.ts';

describe('an ablation of the bench', () => {
  const edits = ablations.flatMap(({ name, edits = [] }) => edits.map((edit) => ({ name, ...edit })));

  it.each(edits)('$name replaces a text that is in $file once', ({ file, text }) => {
    expect(readFileSync(`${root}/${file}`, 'utf8').split(text)).toHaveLength(2);
  });

  const sources = ablations.flatMap(({ source }) => (source === undefined ? [] : [source]));

  it.each(sources)('counts the lines of %s', (source) => {
    const [file, name = ''] = source.split('#');
    expect(readFileSync(`${root}/${file}`, 'utf8')).toContain(name === '' ? 'export ' : `export function ${name}(`);
  });
});

describe('rounds of a build beside another', () => {
  it('count in pairs of both orders, which takes out what the order adds', () => {
    const [difference, order] = [1.2, 1.1];
    const rounds = [difference * order, difference / order, difference * order, difference / order, 7];
    for (const ratio of inBothOrders(rounds)) expect(ratio).toBeCloseTo(difference);
    expect(inBothOrders(rounds)).toHaveLength(2);
  });
});
