import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One copy of graphql: Node loads its CommonJS build for the libraries, the test runner would load the other for our code.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'test/app/**', '**/node_modules/**'],
    globalSetup: ['test/support/chromium-setup.ts'],
    // Every file starts servers of its own; two at a time keep a two-core machine busy and the timings honest.
    maxWorkers: 2,
    // No test replaces a module or keeps anything in one, so the files of a worker share them: loading was a quarter of the time.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
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
