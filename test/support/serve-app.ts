/** `npm run app`: sandbox, gateway and the sample app, which is reloaded at every change. With SESSION_KEYS it signs in with a session. */
import { createServer } from 'vite';
import { parseConfig } from '../../src/config/config.ts';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { basic } from './stack.ts';

const sandbox = await startSandbox({ simulateActivity: true });
const gateway = await startGateway({
  config: {
    ...parseConfig({ LOG_LEVEL: 'warn', PORT: '0', GRAPHIQL: 'true', SESSION_KEYS: process.env.SESSION_KEYS }),
    upstreamUrl: sandbox.url,
  },
  log: createLog('warn'),
  // GraphiQL is signed in too, and rendered when it is opened.
  demoAuthorization: basic('ada'),
});
process.env.GATEWAY_URL = gateway.url;
const server = await createServer({
  configFile: new URL('../app/vite.config.ts', import.meta.url).pathname,
  server: { host: '127.0.0.1' },
});
await server.listen();
sandbox.link('GraphiQL', `${gateway.url}/graphql`);
sandbox.link('Sample app', server.resolvedUrls?.local[0] ?? '');
process.stdout.write(`
  App        ${server.resolvedUrls?.local[0] ?? ''}
  Sign in    ada, password demo; in another window as grace, alan, florence, …
  GraphQL    ${gateway.url}/graphql
  Sandbox    ${sandbox.url}

`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void Promise.all([server.close(), gateway.close(), sandbox.close()]).then(() => process.exit(0));
  });
}
