/**
 * Counts on the way of every request. prom-client hashes the labels of each observation anew; here a series is looked up
 * once and then only numbers change, and the library's metrics are filled when somebody reads them.
 */
import { Counter, Histogram, type MetricObjectWithValues, type MetricValueWithName, type Registry } from 'prom-client';

type Labels<Name extends string> = Readonly<Record<Name, string>>;

interface FastMetricOptions<Name extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Name[];
  readonly registers: Registry[];
}

/** One series of a counter. */
export interface CounterSeries {
  value: number;
}

/** A counter whose series are plain numbers. @returns Makes a series; to be called once for each combination of labels. */
export function createFastCounter<Name extends string>(
  options: FastMetricOptions<Name>,
): (labels: Labels<Name>) => CounterSeries {
  const all: { readonly labels: Labels<Name>; readonly count: CounterSeries }[] = [];
  new Counter({
    ...options,
    collect() {
      this.reset();
      for (const { labels, count } of all) this.inc(labels, count.value);
    },
  });
  return (labels) => {
    const count = { value: 0 };
    all.push({ labels, count });
    return count;
  };
}

/** One series of a histogram. */
export class HistogramSeries {
  readonly #bounds: readonly number[];
  /** Values up to each bound and above the one before; the last holds what is above all bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] as number)) index += 1; // within bounds
    this.#counts[index] = (this.#counts[index] as number) + 1; // the same
    this.#sum += value;
  }

  /** In the text format's own form: cumulative buckets, sum and count. */
  values<Name extends string>(name: string, labels: Labels<Name>): MetricValueWithName<Name | 'le'>[] {
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((le, index) => {
      count += this.#counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ] as MetricValueWithName<Name | 'le'>[]; // `le` is only in the buckets
  }
}

/** A histogram whose series are plain numbers. */
export class FastHistogram<Name extends string> extends Histogram<Name> {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #all: { readonly labels: Labels<Name>; readonly distribution: HistogramSeries }[] = [];

  constructor(options: FastMetricOptions<Name> & { readonly buckets: readonly number[] }) {
    super({ ...options, buckets: [...options.buckets] });
    this.#name = options.name;
    this.#help = options.help;
    this.#bounds = options.buckets;
  }

  /** Makes a series; to be called once for each combination of labels. */
  series(labels: Labels<Name>): HistogramSeries {
    const distribution = new HistogramSeries(this.#bounds);
    this.#all.push({ labels, distribution });
    return distribution;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<Name>>> {
    const values = this.#all.flatMap(({ labels, distribution }) => distribution.values(this.#name, labels));
    return {
      name: this.#name,
      help: this.#help,
      type: 'histogram' as never, // the library's enum exists in its types only
      aggregator: 'sum',
      collect: () => {}, // there is nothing to fill
      values: values as MetricValueWithName<Name>[], // the library's type leaves `le` out
    };
  }

  /** What the registry asks in place of `get` when there is one. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<Name>>> {
    return this.get();
  }
}
