import { describe, expect, it } from 'vitest';
import { changedSettings } from '../../src/config/changed-settings.ts';
import { parseConfig } from '../../src/config/config.ts';
import { misspeltSettings } from '../../src/config/misspelt-settings.ts';

const production = { NODE_ENV: 'production', UPSTREAM_URL: 'https://api.example.org' } as const;

describe('without UPSTREAM_URL', () => {
  it('production starts the sandbox only with SANDBOX=true', () => {
    const complaint = /UPSTREAM_URL: expected an origin .* SANDBOX=true starts the built-in sandbox instead\./;
    expect(() => parseConfig({ NODE_ENV: 'production' })).toThrow(complaint);
    expect(() => parseConfig({ NODE_ENV: 'production', UPSTREAM_URL: '' })).toThrow(complaint);
    expect(() => parseConfig({ SANDBOX: 'false' })).toThrow(complaint);
    expect(parseConfig({ NODE_ENV: 'production', SANDBOX: 'true' }).sandbox).toBe(true);
    expect(parseConfig({}).sandbox).toBe(true);
    expect(parseConfig({ NODE_ENV: 'development' }).sandbox).toBe(true);
  });

  it('SANDBOX=true together with UPSTREAM_URL is an error', () => {
    expect(parseConfig(production).sandbox).toBe(false);
    expect(parseConfig({ ...production, SANDBOX: 'false' }).sandbox).toBe(false);
    expect(() => parseConfig({ ...production, SANDBOX: 'true' })).toThrow(
      'SANDBOX, UPSTREAM_URL: expected one of them',
    );
  });
});

describe('a name close to that of a setting', () => {
  const slips = [
    ['UPSTREM_URL', 'UPSTREAM_URL'],
    ['UPSTREAM_ULR', 'UPSTREAM_URL'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['upstream_url', 'UPSTREAM_URL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['MAX_UPLOAD_BYTE', 'MAX_UPLOAD_BYTES'],
    ['SANDBOX_PROT', 'SANDBOX_PORT'],
    ['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT_MS'],
    ['UPSTREAM_TIMEOUT_SECONDS', 'UPSTREAM_TIMEOUT_MS'],
    ['KEEP_ALIVE', 'KEEP_ALIVE_MS'],
    ['MAX_UPLOAD_MB', 'MAX_UPLOAD_BYTES'],
    ['UPSTREAM_CA', 'UPSTREAM_CA_FILE'],
    ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
    ['SESSION_KEY', 'SESSION_KEYS'],
    ['SESSION_KEY_FILE', 'SESSION_KEYS_FILE'],
  ] as const;

  it.each(slips)('%s is reported as %s', (name, nearest) => {
    expect(misspeltSettings({ [name]: 'x' })).toEqual([{ name, nearest }]);
    expect(() => parseConfig({ ...production, [name]: 'x' })).toThrow(
      `${name}: unknown setting. The most similar setting is ${nearest}.`,
    );
    // Elsewhere it is a line in the log.
    expect(() => parseConfig({ [name]: 'x' })).not.toThrow();
  });

  it('is not a variable of other programs', () => {
    const others = `HOME HOSTNAME PATH PWD USER SHELL LANG TERM PORTS HTTP_PROXY http_proxy HTTPS_PROXY NO_PROXY NODE_ENV
      NODE_OPTIONS NODE_EXTRA_CA_CERTS SSL_CERT_FILE OTEL_TRACES_SAMPLER OTEL_RESOURCE_ATTRIBUTES KUBERNETES_PORT
      KUBERNETES_SERVICE_HOST SSL_CERT_DIR OTEL_EXPORTER_OTLP_PROTOCOL OTEL_EXPORTER_OTLP_TIMEOUT OTEL_EXPORTER_OTLP_CERTIFICATE
      OTEL_TRACES_EXPORTER OTEL_METRIC_EXPORT_TIMEOUT OTEL_SDK_DISABLED OTEL_LOG_LEVEL GRAFANA_URL REDIS_PORT METRICS_SERVICE_HOST
      UPSTREAM_SERVICE_PORT LOG_FORMAT LOG_FILE SESSION_MANAGER MAX_OLD_SPACE_SIZE REQUESTS_CA_BUNDLE REDIS_HOST SANDBOX_CONTROL_PORT LOGNAME CI npm_config_loglevel`;
    expect(misspeltSettings(Object.fromEntries(others.split(/\s+/).map((name) => [name, 'x'])))).toEqual([]);
  });
});

describe('a setting without effect', () => {
  it.each([
    [{ OIDC_AUDIENCE: 'gateway' }, 'OIDC_ISSUER: expected with OIDC_AUDIENCE and OIDC_VAULT_FILE'],
    [{ OIDC_VAULT_FILE: '/vault.json' }, 'OIDC_ISSUER: expected with OIDC_AUDIENCE and OIDC_VAULT_FILE'],
    [{ SHARE_EVENT_STREAMS: 'true' }, 'REDIS_URL: expected with SHARE_EVENT_STREAMS=true'],
    [{ PERSISTED_OPERATIONS_FILE: '/manifest.json' }, 'PERSISTED_OPERATIONS: expected allow or only with'],
    [{ MCP_OPERATIONS: 'SendMessage' }, 'MCP: expected true with MCP_OPERATIONS.'],
    [{ METRICS_PORT: '4000' }, 'METRICS_PORT: expected another port than PORT'],
    [{ METRICS_PORT: '4000', METRICS_HOST: '127.0.0.1' }, 'METRICS_PORT: expected another port than PORT'],
  ])('%j is reported with the one that it needs', (env, problem) => {
    expect(() => parseConfig(env)).toThrow(problem);
  });

  it('is not one beside the setting that it needs', () => {
    for (const env of [
      { OIDC_AUDIENCE: 'gateway', OIDC_ISSUER: 'https://login.example.org' },
      { PERSISTED_OPERATIONS_FILE: '/manifest.json', PERSISTED_OPERATIONS: 'only' },
      { PERSISTED_OPERATIONS_FILE: '/manifest.json', MCP: 'true', MCP_OPERATIONS: 'SendMessage' },
      { METRICS_PORT: '4000', METRICS_HOST: '127.0.0.2' },
      { METRICS_PORT: '0', PORT: '0' },
    ])
      expect(() => parseConfig(env)).not.toThrow();
  });
});

describe('the times of the drain', () => {
  it('fit into the time of the shutdown, and are 0 outside production', () => {
    expect(parseConfig({})).toMatchObject({ drainDelayMs: 0, drainSpreadMs: 2_666 });
    expect(parseConfig(production)).toMatchObject({ drainDelayMs: 2_666, drainSpreadMs: 2_666 });
    expect(parseConfig({ ...production, SHUTDOWN_TIMEOUT_MS: '300' })).toMatchObject({ drainDelayMs: 100 });
    expect(parseConfig({ ...production, DRAIN_DELAY_MS: '7000' })).toMatchObject({ drainSpreadMs: 1_000 });
    expect(() => parseConfig({ DRAIN_DELAY_MS: '5000', DRAIN_SPREAD_MS: '4000' })).toThrow(
      'DRAIN_DELAY_MS, DRAIN_SPREAD_MS: expected no more than SHUTDOWN_TIMEOUT_MS together.',
    );
    expect(() => parseConfig({ DRAIN_SPREAD_MS: '9000' })).toThrow('SHUTDOWN_TIMEOUT_MS');
  });
});

it('the log of the settings at the start contains no secret', () => {
  const env = {
    ...production,
    PRODUCT_KEY: 'canary-key',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=canary-token',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://canary-user:canary-password@collector.example.org:4318/v1?key=canary-query',
    MAX_DEPTH: '20',
    LOG_LEVEL: 'info',
    PATH: '/bin',
  };
  expect(changedSettings(env)).toEqual({
    UPSTREAM_URL: 'https://api.example.org/',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.org:4318/v1',
    OTEL_EXPORTER_OTLP_HEADERS: 'set',
    PRODUCT_KEY: 'set',
    MAX_DEPTH: '20',
  });
});
