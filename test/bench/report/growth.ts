/** The curves of growth in words and numbers, as Markdown, and as a picture that reads on light and dark pages alike. */
import type { Machine } from '../machine.ts';
import type { Curve, Line, Slope } from '../measures/growth-curve.ts';
import { escaped } from './chart.ts';
import { table } from './table.ts';

export interface Growth {
  readonly date: string;
  readonly machine: Machine;
  /** Of the gateway. */
  readonly node: string;
  readonly curves: readonly Curve[];
  /** How long it took, and what disturbed it. */
  readonly course: string;
}

function written(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

const withUnit = (text: string, unit: string) => (unit === '' || unit === '/s' ? `${text}${unit}` : `${text} ${unit}`);

export const isHeld = ({ power, most }: Slope): boolean => power < most + 1e-9;

/** Lines that say which slopes exceed their bounds. */
export function exceeded(curves: readonly Curve[]): string[] {
  return curves.flatMap(({ title, axis, slopes }) =>
    slopes
      .filter((slope) => !isHeld(slope))
      .map(
        ({ line, from, to, power, most }) =>
          `${title}: ${line} grows with the power ${power.toFixed(2)} from ${from} to ${to} ${axis}; at most ${Number(most.toFixed(2))} is allowed`,
      ),
  );
}

export function growthPage({ date, machine, node, curves, course }: Growth): string {
  const tables = curves.map(({ title, axis, sizes, lines }) => {
    const rows = sizes.map((size, index) => [
      size.toLocaleString('en-US'),
      ...lines.map(({ values, unit }) => withUnit(written(values[index] ?? Number.NaN), unit)),
    ]);
    return `## ${title}\n\n${table([axis, ...lines.map(({ name }) => name)], rows)}`;
  });
  const slopes = curves.flatMap(({ title, axis, slopes: found }) =>
    found.map((slope) => [
      `${title}: ${slope.line}`,
      `${slope.from.toLocaleString('en-US')} to ${slope.to.toLocaleString('en-US')} ${axis}`,
      slope.power.toFixed(2),
      `≤ ${Number(slope.most.toFixed(2))}`,
      isHeld(slope) ? 'yes' : '**no**',
    ]),
  );
  return [
    '# Growth',
    '`npm run bench:growth` writes this page and its picture. A slope is the power of the size with which a quantity grows: 1 is linear, 0 is flat. ' +
      'It does not depend on the speed of the machine. The command fails when a slope exceeds its bound.',
    `${date.slice(0, 10)}, ${machine.processor}, ${machine.cores} cores, Node ${node.replace(/^v/, '')}. ${course}`,
    '![Growth of time, processor time, memory and upstream calls](growth.svg)',
    ...tables,
    '## Slopes',
    `${table(['', 'between', 'slope', 'bound', 'held'], slopes)}\n`,
  ].join('\n\n');
}

const panelWidth = 370;
const panelHeight = 190;
const columns = 2;
const left = 58;
const plot = { width: panelWidth - left - 26, height: panelHeight - 72 };

function panel(axis: string, sizes: readonly number[], { name, unit, values }: Line): string {
  const logOf = (value: number) => Math.log10(Math.max(value, 1e-9));
  const most = Math.max(...values);
  const least = Math.min(...values);
  // Logarithmic where it grows; from zero where it is nearly flat, so that a flat line looks flat.
  const isLogarithmic = least > 0 && most / least > 5;
  const [low, high] = isLogarithmic ? [logOf(least), logOf(most)] : [0, most * 1.15];
  const [first, last] = [logOf(sizes[0] ?? 1), logOf(sizes.at(-1) ?? 10)];
  const x = (size: number) => left + ((logOf(size) - first) / (last - first || 1)) * plot.width;
  const y = (value: number) =>
    34 + plot.height - (((isLogarithmic ? logOf(value) : value) - low) / (high - low || 1)) * plot.height;
  const points = sizes.map((size, index) => ({
    size,
    x: x(size),
    y: y(values[index] ?? 0),
    value: values[index] ?? 0,
  }));
  return [
    `<text x="0" y="14" class="title">${escaped(name)}${unit === '' ? '' : `, ${escaped(unit)}`}${isLogarithmic ? ' (logarithmic)' : ''}</text>`,
    `<path d="M${left} 30V${34 + plot.height}H${left + plot.width}" class="axis"/>`,
    `<path d="M${points.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join('L')}" class="line"/>`,
    ...points.map(
      (point) =>
        `<circle cx="${point.x.toFixed(1)}" cy="${point.y.toFixed(1)}" r="3.5" class="own"/>` +
        `<text x="${point.x.toFixed(1)}" y="${(point.y - 8).toFixed(1)}" text-anchor="middle">${written(point.value)}</text>` +
        `<text x="${point.x.toFixed(1)}" y="${34 + plot.height + 16}" text-anchor="middle">${point.size.toLocaleString('en-US')}</text>`,
    ),
    `<text x="${left + plot.width}" y="${34 + plot.height + 31}" text-anchor="end">${escaped(axis)}, logarithmic</text>`,
  ].join('');
}

export function growthChart({ curves, date, machine, node }: Growth): string {
  let top = 8;
  const drawn = curves.flatMap(({ title, axis, sizes, lines }) => {
    const heading = `<text x="0" y="${top + 16}" class="heading">${escaped(title)}</text>`;
    top += 30;
    const panels = lines.map((line, index) => {
      const x = (index % columns) * panelWidth;
      const y = top + Math.floor(index / columns) * panelHeight;
      return `<g transform="translate(${x} ${y})">${panel(axis, sizes, line)}</g>`;
    });
    top += Math.ceil(lines.length / columns) * panelHeight;
    return [heading, ...panels];
  });
  const note = `${date.slice(0, 10)} · ${machine.processor}, ${machine.cores} cores · Node ${node.replace(/^v/, '')}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 ${panelWidth * columns + 16} ${top + 24}" role="img" aria-label="Growth of the gateway's time, processor time, memory and upstream calls">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-weight:600}.heading{font-weight:700;font-size:14px}.own{fill:#0969da}.line{stroke:#0969da;stroke-width:1.5;fill:none}.axis{stroke:#8c959f;fill:none}',
    '@media(prefers-color-scheme:dark){text{fill:#9da7b3}.own{fill:#4493f8}.line{stroke:#4493f8}.axis{stroke:#656c76}}</style>',
    ...drawn,
    `<text x="0" y="${top + 12}">${escaped(note)}</text>`,
    '</svg>\n',
  ].join('\n');
}
