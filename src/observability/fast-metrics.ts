/**
 * Counters and histograms for the request path. prom-client hashes the labels on every observation. Here a series is looked up once
 * and then only numbers change; the library's metrics are filled on each scrape. Counting and timing a call takes 1.6 µs with
 * prom-client, 0.08 µs here (timed alone), of the 45 to 70 µs of a call (bench q2).
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

/** A counter whose series are plain numbers. @returns A function that creates a series; call it once per combination of labels. */
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
  /** Number of values per bucket, not cumulative; the last bucket has no upper bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] as number)) index += 1; // within bounds
    this.#counts[index] = (this.#counts[index] as number) + 1; // within bounds
    this.#sum += value;
  }

  /** The series in the form of the text format: cumulative buckets, sum and count. */
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
  readonly #series: { readonly labels: Labels<Name>; readonly series: HistogramSeries }[] = [];

  constructor(options: FastMetricOptions<Name> & { readonly buckets: readonly number[] }) {
    super({ ...options, buckets: [...options.buckets] });
    this.#name = options.name;
    this.#help = options.help;
    this.#bounds = options.buckets;
  }

  /** Creates a series; call it once per combination of labels. */
  series(labels: Labels<Name>): HistogramSeries {
    const series = new HistogramSeries(this.#bounds);
    this.#series.push({ labels, series });
    return series;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<Name>>> {
    const values = this.#series.flatMap(({ labels, series }) => series.values(this.#name, labels));
    return {
      name: this.#name,
      help: this.#help,
      type: 'histogram' as never, // the library exports its enum as a type only
      aggregator: 'sum',
      collect: () => {}, // values are already complete
      values: values as MetricValueWithName<Name>[], // the library's type omits `le`
    };
  }

  /** The registry calls this instead of `get` when it exists. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<Name>>> {
    return this.get();
  }
}
