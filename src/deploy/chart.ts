/** A Helm chart of the same manifests: `tigerconnect-graphql print helm FOLDER`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { version } from '../version.ts';
import { defaults, manifests, yamlOf } from './kubernetes.ts';
import { name, secretVariables, yamlStyle } from './production.ts';

/** Files of the chart by path. With the default values, it renders what `print kubernetes` prints. */
function chartFiles(): Readonly<Record<string, string>> {
  const { image, replicas, environment, secretName, resources } = defaults;
  const values = stringify({ image, replicas, secretName, settings: environment, resources }, yamlStyle);
  const templates = manifests({
    name: '{{ .Release.Name }}',
    image: '{{ .Values.image }}',
    replicas: '{{ .Values.replicas }}',
    environment: { settings: '{{ .Values.settings }}' },
    secretName: '{{ .Values.secretName }}',
    resources: { resources: '{{ .Values.resources }}' },
  }).map((manifest) => templateOf(yamlOf(manifest)));
  return {
    'Chart.yaml': stringify({
      apiVersion: 'v2',
      name,
      description: 'GraphQL gateway to TigerConnect.',
      type: 'application',
      version,
      appVersion: version,
    }),
    'values.yaml': `# Settings are those of the README; TRUSTED_PROXIES is needed behind an ingress controller. The secret of this name holds ${secretVariables.join(' and ')}.\n${values}`,
    'templates/gateway.yaml': templates.join('---\n'),
  };
}

/** Replaces the quoted placeholders of maps and numbers by template expressions. */
function templateOf(yaml: string): string {
  return yaml
    .replace(/"(\{\{ \.Values\.replicas \}\})"/, '$1')
    .replaceAll(/^( *)(?:settings|resources): "\{\{ (\.Values\.\w+) \}\}"$/gm, (_all, indent: string, path: string) => {
      return `${indent}{{- toYaml ${path} | nindent ${indent.length} }}`;
    });
}

/** Writes the chart, over files of the same names. @param folder Created when it is absent. */
export function writeChart(folder: string): void {
  for (const [path, text] of Object.entries(chartFiles())) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
