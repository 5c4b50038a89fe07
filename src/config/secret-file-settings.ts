/** Settings that name files with secrets, as Docker, Kubernetes and Vault mount them. */
import * as z from 'zod';
import { optional, type Setting } from './setting.ts';

/** A file in place of a variable: other programs of the machine and reports of crashes can show the environment of a process. */
const secretFile = (variable: string) =>
  optional(
    () => z.string().min(1),
    'the path of a file',
    `File with the value of ${variable}, in place of that variable; a line break at its end is ignored.`,
  );

/** Each is named after the setting whose value the file has. */
export const secretFileSettings = {
  logKeyFile: secretFile('LOG_KEY'),
  sessionKeysFile: secretFile('SESSION_KEYS'),
  productKeyFile: secretFile('PRODUCT_KEY'),
  upstreamProxyFile: secretFile('UPSTREAM_PROXY'),
  redisUrlFile: secretFile('REDIS_URL'),
  redisKeysFile: secretFile('REDIS_KEYS'),
  otelExporterOtlpHeadersFile: secretFile('OTEL_EXPORTER_OTLP_HEADERS'),
} as const satisfies Record<string, Setting<unknown>>;
