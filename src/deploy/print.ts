/** `tigerconnect-graphql print …`: templates for operators, generated from the tables of settings and metrics. */
import { alertRules } from './alerts.ts';
import { writeChart } from './chart.ts';
import { composeFile } from './compose.ts';
import { grafanaDashboard } from './dashboard.ts';
import { kubernetesManifests } from './kubernetes.ts';

const templates: Readonly<Record<string, () => string>> = {
  grafana: grafanaDashboard,
  alerts: alertRules,
  compose: composeFile,
  kubernetes: kubernetesManifests,
};

/** @returns The text to print; undefined for an unknown template. `helm` writes files and returns their folder. */
export function printed([template = '', folder, ...rest]: readonly string[]): string | undefined {
  if (rest.length > 0) return undefined;
  if (template === 'helm') {
    if (folder === undefined) return undefined;
    writeChart(folder);
    return `${folder}\n`;
  }
  return folder === undefined && Object.hasOwn(templates, template) ? templates[template]?.() : undefined;
}
