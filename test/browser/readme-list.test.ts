/** The urql program of the README, in a real browser, from another origin than the gateway's. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { buildApp, startAppServer } from '../support/app-server.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { writeReadmePrograms } from '../support/readme-programs.ts';
import { post, testConfig } from '../support/stack.ts';

it('the list of the README shows messages as they arrive', async () => {
  await using sandbox = await startSandbox();
  const start = (settings: { readonly port: number; readonly corsOrigins?: readonly string[] }) =>
    startGateway({ config: { ...testConfig(sandbox.url), ...settings }, log: createLog('silent') });
  // Page and gateway have to know each other's address: the gateway says its own, goes, and comes back knowing the page's.
  const early = await start({ port: 0 });
  await using programs = await writeReadmePrograms(early.url);
  const configFile = join(programs.folder, 'vite.config.js');
  await writeFile(configFile, `export default ${JSON.stringify({ root: programs.folder })};`);
  await writeFile(
    join(programs.folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="./list.tsx"></script>',
  );
  await using app = await buildApp(configFile);
  await using page = await startAppServer(early.url, app);
  await early.close();
  await using gateway = await start({ port: Number(new URL(early.url).port), corsOrigins: [new URL(page.url).origin] });

  const browser = await launchChromium();
  try {
    const opened = await openPage(browser, page.url);
    await opened.page.getByText('Grace Hopper: Second set of enzymes is normal').waitFor();
    const query = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
    const variables = { input: { recipient: 'ada@example.org', body: 'Is room 4 ready?' } };
    await post(gateway.url, { query, variables }, 'grace');
    await opened.page.getByText('Grace Hopper: Is room 4 ready?').waitFor();
    expect(opened.consoleErrors).toEqual([]);
  } finally {
    await browser.close();
  }
});
