import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  // One copy of graphql: Node loads its CommonJS build for the libraries, the test runner would load the other for our code.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'test/app/**', '**/node_modules/**'],
    globalSetup: ['test/support/chromium-setup.ts'],
    setupFiles: ['test/support/leftovers.ts'],
    // Files wait, for clocks, for processes and for pages, more than they compute: three at a time left two cores half idle.
    maxWorkers: 5,
    // No test replaces a module or keeps anything in one, so the files of a worker share them: loading was a quarter of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // What is polled for comes when the machine gets to it: a busy one takes more than the default of a second.
    expect: { poll: { timeout: 90_000, interval: 20 } },
    // These end what hangs; a machine on which others work too makes every test slower.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: [process.env['CI'] === undefined ? 'default' : 'dot', './test/support/plain-summary.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/generated/**', 'src/cli.ts', 'src/main.ts', 'src/run.ts', 'src/sandbox/main.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 95, branches: 90 },
    },
  },
});
