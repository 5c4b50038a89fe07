export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Half of the distance between the extremes, as a share of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values);
}

/** Values that a quarter of all are below, and above. */
export function quartiles(values: readonly number[]): readonly [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const quarter = Math.floor((sorted.length - 1) / 4);
  return [sorted[quarter] ?? Number.NaN, sorted[sorted.length - 1 - quarter] ?? Number.NaN];
}

/**
 * Geometric means of each two rounds, of which one had the variant first and the other the base: the second process of a round takes
 * about 10 % more or less than the first, and this takes it out. Of a build beside itself, six rounds from 0.90 to 1.12 are means from
 * 0.998 to 1.005.
 * @param ratios Of rounds in alternating order; a last one without a partner is left out.
 */
export function inBothOrders(ratios: readonly number[]): readonly number[] {
  return ratios.flatMap((ratio, index) => (index % 2 === 1 ? [Math.sqrt(ratio * (ratios[index - 1] ?? ratio))] : []));
}
