/** The form of a curve of growth, and the slopes of its lines. */
import type { OverallWatch } from '../machine.ts';
import type { StandIn } from '../upstream/stand-in.ts';
import type { Yardstick } from '../yardstick/yardstick.ts';

/** One quantity over the sizes of a curve. */
export interface Line {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/**
 * The power of the size with which a quantity grows between two sizes: 1 is linear, 0 is flat, 2 is square. It does not depend on
 * the machine's speed.
 */
export interface Slope {
  readonly line: string;
  readonly from: number;
  readonly to: number;
  readonly power: number;
  readonly most: number;
}

export interface Curve {
  readonly title: string;
  /** What the sizes count. */
  readonly axis: string;
  readonly sizes: readonly number[];
  readonly lines: readonly Line[];
  readonly slopes: readonly Slope[];
}

/** What the measures need. */
export interface GrowthBench {
  readonly upstream: StandIn;
  readonly yardstick: Yardstick;
  readonly watch: OverallWatch;
  readonly tell: (line: string) => void;
  readonly quick: boolean;
}

/** Bounds of a line's slope between two of the curve's sizes. */
export interface Bound {
  readonly line: string;
  readonly from: number;
  readonly to: number;
  readonly most: number;
}

/** The slope of a line between two sizes, as in {@link Slope}; not a number when either has no value. */
export function powerOf(
  sizes: readonly number[],
  lines: readonly Line[],
  line: string,
  from: number,
  to: number,
): number {
  const values = lines.find(({ name }) => name === line)?.values ?? [];
  const at = (size: number) => values[sizes.indexOf(size)] ?? Number.NaN;
  return Math.log(at(to) / at(from)) / Math.log(to / from);
}

export function slopesOf(sizes: readonly number[], lines: readonly Line[], bounds: readonly Bound[]): Slope[] {
  return bounds.map((bound) => ({ ...bound, power: powerOf(sizes, lines, bound.line, bound.from, bound.to) }));
}
