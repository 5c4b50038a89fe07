/** The Grafana dashboard: `tigerconnect-graphql print grafana`. */
import { type Panel, rows } from './dashboard-panels.ts';

const datasource = { type: 'prometheus', uid: '$datasource' } as const;
const [columns, panelHeight] = [3, 8];
const panelWidth = 24 / columns;

/** The dashboard, in Grafana's JSON. */
export function grafanaDashboard(): string {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: 1 },
    });
    y += 1;
    for (const [index, panel] of row.panels.entries()) {
      const x = (index % columns) * panelWidth;
      const top = y + Math.floor(index / columns) * panelHeight;
      panels.push({
        id: panels.length + 1,
        ...panelJson(panel),
        gridPos: { x, y: top, w: panelWidth, h: panelHeight },
      });
    }
    y += Math.ceil(row.panels.length / columns) * panelHeight;
  }
  const dashboard = {
    uid: 'tigerconnect-graphql',
    title: 'TigerConnect GraphQL gateway',
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }] },
    panels,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function panelJson({ title, unit, queries }: Panel): object {
  return {
    type: 'timeseries',
    title,
    datasource,
    fieldConfig: {
      defaults: { unit, min: 0, custom: { lineWidth: 1, fillOpacity: 10, showPoints: 'never' } },
      overrides: [],
    },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCodePoint(65 + index),
      datasource,
      expr,
      legendFormat,
    })),
  };
}
