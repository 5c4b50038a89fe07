import { defineConfig } from 'vite';

/** Where the gateway listens. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000';
const proxy = { '/graphql': { target: gateway, ws: true }, '/attachments': { target: gateway } };

const source = (file: string) => new URL(`../../src/${file}`, import.meta.url).pathname;

export default defineConfig({
  root: import.meta.dirname,
  resolve: {
    // An app of its own installs the package and needs no alias.
    alias: {
      'tigerconnect-graphql-documents': source('documents.ts'),
      'tigerconnect-graphql/store': source('store/store.ts'),
      'tigerconnect-graphql/react': source('react.ts'),
    },
  },
  server: { proxy },
});
