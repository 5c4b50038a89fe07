/** PromQL expressions over the metrics of the catalogue; names and labels that do not exist are type errors. */
import type { MetricEntry } from '../observability/metric-catalogue.ts';

/** Label matchers, such as `outcome!="OK"`, by label. */
export type Matchers<Label extends string> = { readonly [Name in Label]?: `${'=' | '!=' | '=~' | '!~'}"${string}"` };

/** A series selector. */
export function select<Label extends string>({ name }: MetricEntry<Label>, matchers: Matchers<Label> = {}): string {
  const conditions = Object.entries(matchers).map(([label, condition]) => `${label}${String(condition)}`);
  return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`;
}

/** Sum per second over all replicas. */
export function perSecond<Label extends string>(
  entry: MetricEntry<Label>,
  options: {
    readonly by?: readonly NoInfer<Label>[];
    readonly where?: Matchers<NoInfer<Label>>;
    readonly range?: string;
  } = {},
): string {
  return sum(`rate(${select(entry, options.where)}[${options.range ?? '5m'}])`, options.by);
}

/** Number over a range, over all replicas. */
export function increase<Label extends string>(
  entry: MetricEntry<Label>,
  range: string,
  where?: Matchers<NoInfer<Label>>,
): string {
  return sum(`increase(${select(entry, where)}[${range}])`);
}

/** A quantile of a histogram over all replicas. */
export function quantile<Label extends string>(
  share: number,
  entry: MetricEntry<Label>,
  options: {
    readonly by?: readonly NoInfer<Label>[];
    readonly where?: Matchers<NoInfer<Label>>;
    readonly range?: string;
  } = {},
): string {
  const buckets: MetricEntry<Label> = { ...entry, name: `${entry.name}_bucket` };
  const rates = `rate(${select(buckets, options.where)}[${options.range ?? '5m'}])`;
  return `histogram_quantile(${share}, ${sum(rates, ['le', ...(options.by ?? [])])})`;
}

/** Sum over all replicas. */
export function total<Label extends string>(entry: MetricEntry<Label>): string {
  return sum(select(entry));
}

/** Highest value of a replica. */
export function highest<Label extends string>(entry: MetricEntry<Label>): string {
  return `max(${select(entry)})`;
}

function sum(expression: string, by: readonly string[] = []): string {
  return by.length === 0 ? `sum(${expression})` : `sum by (${by.join(', ')}) (${expression})`;
}
