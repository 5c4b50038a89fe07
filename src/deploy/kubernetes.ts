/** Manifests for Kubernetes: `tigerconnect-graphql print kubernetes`; the chart is generated from the same objects. */
import { stringify } from 'yaml';
import { environment, graceSeconds, image, name, ports, secretVariables, yamlStyle } from './production.ts';

/** Values that a chart sets. */
export interface Values {
  readonly name: string;
  readonly image: string;
  /** The number, or a template expression for it. */
  readonly replicas: number | string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secretName: string;
  readonly resources: object;
}

export const defaults: Values = {
  name,
  image,
  replicas: 1,
  environment,
  secretName: name,
  resources: { requests: { cpu: '500m', memory: '384Mi' }, limits: { memory: '1Gi' } },
};

const comment = `# Apply after: kubectl create secret generic ${name} --from-literal=${secretVariables[0]}=$(openssl rand -base64 48)
# Behind an ingress controller or a load balancer, set TRUSTED_PROXIES to its addresses: otherwise all clients share one in the limits by address.
# With more than one replica, all clients of a credential have to reach the same one (README, Operation).
`;

/** The manifests with default values, as one file in YAML. */
export function kubernetesManifests(): string {
  return comment + manifests(defaults).map(yamlOf).join('---\n');
}

/** One manifest in YAML. */
export function yamlOf(manifest: object): string {
  return stringify(manifest, yamlStyle);
}

/** The objects of a deployment: settings, pods, service and disruption budget. */
export function manifests(values: Values): readonly object[] {
  const labels = { 'app.kubernetes.io/name': values.name };
  const metadata = { name: values.name, labels };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: values.environment },
    deployment(values, labels, metadata),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    },
  ];
}

function deployment(
  { name, image, replicas, secretName, resources }: Values,
  labels: object,
  metadata: object,
): object {
  const scrape = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(ports.metrics) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels, annotations: scrape },
        spec: {
          terminationGracePeriodSeconds: graceSeconds,
          automountServiceAccountToken: false,
          // A variable such as METRICS_PORT=tcp://… for each service of the namespace would be taken for a setting.
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'gateway',
              image,
              ports: [
                { name: 'http', containerPort: ports.http },
                { name: 'metrics', containerPort: ports.metrics },
              ],
              envFrom: [{ configMapRef: { name } }, { secretRef: { name: secretName } }],
              readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 2, failureThreshold: 2 },
              livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10, timeoutSeconds: 3 },
              startupProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1, failureThreshold: 60 },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              resources,
            },
          ],
        },
      },
    },
  };
}
