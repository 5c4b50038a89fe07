import { defineConfig } from 'vite';

/** Where the gateway listens. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000';
const proxy = { '/graphql': { target: gateway, ws: true }, '/attachments': { target: gateway } };

export default defineConfig({
  root: import.meta.dirname,
  resolve: {
    // An app of its own installs the package and needs no alias.
    alias: { 'tigerconnect-graphql-documents': new URL('../../src/documents.ts', import.meta.url).pathname },
  },
  server: { proxy },
});
