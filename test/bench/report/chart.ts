/** The throughput of all subjects as bars, in a picture that reads on light and dark pages alike. */
import type { CaseResult, Results } from '../results.ts';

const width = 760;
const labelWidth = 230;
const barHeight = 18;
const rowHeight = 24;
const barWidth = width - labelWidth - 120;

export function escaped(text: string): string {
  return text.replaceAll('**', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function panel({ title, subjects }: CaseResult, top: number): { readonly svg: string; readonly height: number } {
  const sorted = [...subjects].sort((a, b) => b.perSecond - a.perSecond);
  const most = Math.max(...sorted.map((each) => each.perSecond * (1 + each.spread)));
  const bars = sorted.map((each, index) => {
    const y = top + 26 + index * rowHeight;
    const middle = y + barHeight / 2;
    const length = (each.perSecond / most) * barWidth;
    const reach = (each.spread * each.perSecond * barWidth) / most;
    const end = labelWidth + length;
    return [
      `<text x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end">${escaped(each.label)}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" class="${each.subject === 'gateway' ? 'own' : 'peer'}"/>`,
      `<path d="M${(end - reach).toFixed(1)} ${middle}H${(end + reach).toFixed(1)}" class="spread"/>`,
      `<text x="${(end + reach + 8).toFixed(1)}" y="${middle + 4}">${each.perSecond.toLocaleString('en-US', { maximumFractionDigits: 0 })}/s</text>`,
    ].join('');
  });
  const svg = `<text x="0" y="${top + 14}" class="title">${escaped(title)}</text>${bars.join('')}`;
  return { svg, height: 26 + sorted.length * rowHeight + 18 };
}

export function chart({ cases, date, machine }: Results): string {
  let top = 8;
  const panels = cases.map((each) => {
    const { svg, height } = panel(each, top);
    top += height;
    return svg;
  });
  const note = `${date.slice(0, 10)} · ${machine.processor}, ${machine.cores} cores · Node ${machine.node.slice(1)} · queries per second, median and spread`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 ${width + 16} ${top + 24}" role="img" aria-label="Queries per second of the gateway and its peers">`,
    '<style>text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600}.own{fill:#0969da}.peer{fill:#8c959f}.spread{stroke:#57606a;stroke-width:1.5}',
    '@media(prefers-color-scheme:dark){text{fill:#9da7b3}.own{fill:#4493f8}.peer{fill:#656c76}.spread{stroke:#d1d7e0}}</style>',
    ...panels,
    `<text x="0" y="${top + 12}">${escaped(note)}</text>`,
    '</svg>\n',
  ].join('\n');
}
