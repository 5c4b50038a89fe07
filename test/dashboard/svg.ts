/** The panels of a dashboard as small charts, in a picture that is readable on light and dark pages. */

export interface Line {
  readonly legend: string;
  /** Seconds since the epoch, and the value. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  /** Unit of Grafana; undefined for the title of a row. */
  readonly unit: string | undefined;
  readonly lines: readonly Line[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

export interface Picture {
  readonly charts: readonly Chart[];
  readonly from: number;
  readonly to: number;
  readonly note: string;
}

const [columnWidth, unitHeight, gap] = [42, 18, 6];
const width = 24 * columnWidth;
/** Lines of a chart; of further ones the legend has the number. */
const maxLines = 6;
/** Characters of a legend in one chart. */
const maxLegend = 62;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const short = (value: number) => String(Number(value.toPrecision(2)));

function valueText(value: number, unit: string): string {
  if (unit === 's') return value < 1 ? `${short(value * 1_000)} ms` : `${short(value)} s`;
  if (unit === 'bytes') return value < 1_048_576 ? `${short(value / 1_024)} KiB` : `${short(value / 1_048_576)} MiB`;
  if (unit === 'percentunit') return `${short(value * 100)} %`;
  return unit === 'ops' || unit === 'reqps' ? `${short(value)}/s` : short(value);
}

const highest = ({ points }: Line) => Math.max(0, ...points.map(([, value]) => value));

function chartSvg({ title, unit, lines, gridPos }: Chart, from: number, to: number): string {
  const [left, top] = [gridPos.x * columnWidth, gridPos.y * unitHeight];
  const caption = (y: number, className: string, text: string, x = 0) =>
    `<text x="${left + x}" y="${top + y}" class="${className}">${escaped(text)}</text>`;
  if (unit === undefined) return caption(14, 'row', title);
  const [chartWidth, height] = [gridPos.w * columnWidth - gap, gridPos.h * unitHeight - gap];
  const box = `<rect x="${left}" y="${top}" width="${chartWidth}" height="${height}" rx="3"/>`;
  const shown = lines.filter(({ points }) => points.length > 0).toSorted((a, b) => highest(b) - highest(a));
  const most = Math.max(...shown.map(highest));
  const [plotTop, plotBottom] = [top + 36, top + height - 22];
  const paths = shown.slice(0, maxLines).map(({ points }, index) => {
    const places = points.map(([at, value]) => {
      const x = left + 8 + ((at - from) / (to - from)) * (chartWidth - 16);
      const y = plotBottom - (Math.max(0, value) / (most || 1)) * (plotBottom - plotTop);
      return `${Math.round(x)} ${Math.round(y)}`;
    });
    return `<path d="M${places.join('L')}" class="l${index}"/>`;
  });
  let legend = '';
  for (const [index, { legend: name }] of shown.slice(0, maxLines).entries()) {
    const more = shown.length - index;
    if (legend.length + name.length > maxLegend && index > 0) {
      legend += `<tspan> +${more}</tspan>`;
      break;
    }
    legend += `<tspan class="t${index}">${escaped(name)} </tspan>`;
    if (index === maxLines - 1 && more > 1) legend += `<tspan>+${more - 1}</tspan>`;
  }
  const isEmpty = shown.length === 0;
  return [
    box,
    caption(16, 'title', title, 8),
    isEmpty ? caption(height / 2 + 10, 'small', 'no data', 8) : caption(31, 'small', valueText(most, unit), 8),
    ...paths,
    isEmpty ? '' : `<text x="${left + 8}" y="${top + height - 7}" class="small">${legend}</text>`,
  ].join('');
}

/** Series overlap from the last to the first, so that the first is on top. */
const colours = ['#3b82f6', '#f59e0b', '#10b981', '#ef4444', '#8b5cf6', '#6b7280'];

export function pictureOf({ charts, from, to, note }: Picture): string {
  const bottom = Math.max(...charts.map(({ gridPos: { y, h } }) => y + h)) * unitHeight;
  const styles = colours.map((colour, index) => `.l${index}{stroke:${colour}}.t${index}{fill:${colour}}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -4 ${width + 10} ${bottom + 30}" role="img" aria-label="The panels of the dashboard over a run under load">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#57606a}.row{font-weight:600;font-size:14px}.title{font-weight:600}.small{font-size:10px}',
    `rect{fill:none;stroke:#8c959f;stroke-opacity:.4}path{fill:none;stroke-width:1.3;stroke-linejoin:round}${styles.join('')}`,
    '@media(prefers-color-scheme:dark){text{fill:#9da7b3}}</style>',
    ...charts.map((chart) => chartSvg(chart, from, to)),
    `<text x="0" y="${bottom + 16}" class="small">${escaped(note)}</text>`,
    '</svg>\n',
  ].join('\n');
}
