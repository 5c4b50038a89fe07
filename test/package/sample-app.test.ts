/** `npm run app`, as a developer starts it. */
import { expect, it } from 'vitest';
import { runCommand } from '../support/program.ts';
import { basic } from '../support/stack.ts';

it('npm run app serves the sample app with the gateway behind it, and prints its URL and user', {
  timeout: 300_000,
}, async () => {
  await using app = runCommand(process.execPath, ['--import', 'tsx', 'test/support/serve-app.ts']);
  const [, url = ''] = await app.line(/App\s+(\S+)/);
  await app.line(/Sign in\s+ada, password demo/);
  const page = await (await fetch(url)).text();
  const [, script = ''] = /<script type="module" src="(\/src\/[^"]+)"/.exec(page) ?? [];
  const compiled = await fetch(new URL(script, url));
  expect(compiled.headers.get('content-type')).toContain('javascript');
  const answer = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic('ada') },
    body: JSON.stringify({ query: '{ me { displayName } }' }),
  });
  expect(await answer.json()).toEqual({ data: { me: { displayName: 'Ada Lovelace' } } });
  app.child.kill('SIGTERM');
  await app.exit;
});
