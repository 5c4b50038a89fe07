/** The programs of the store's README in each framework, in a real browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppServer, type BuiltApp, buildApp, startAppServer } from '../support/app-server.ts';
import { buildPackage } from '../support/build.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { type ReadmePrograms, writeReadmePrograms } from '../support/readme-programs.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What each page loads. */
const entries: Readonly<Record<string, string>> = {
  react: "import './react.tsx';",
  vue: "import './vue.ts';",
  svelte: "import { mount } from 'svelte'; import List from './List.svelte'; mount(List, { target: document.body });",
  solid: "import './solid.ts';",
};
const config = (root: string, pages: readonly string[]) => `import { compile } from 'svelte/compiler';
const svelte = {
  name: 'svelte',
  transform: (code, id) => (id.endsWith('.svelte') ? compile(code, { filename: id }).js : undefined),
};
export default {
  root: ${JSON.stringify(root)},
  plugins: [svelte],
  build: { target: 'es2022', rolldownOptions: { input: ${JSON.stringify(pages)} } },
};`;

let stack: Stack;
let programs: ReadmePrograms;
let built: BuiltApp & AsyncDisposable;
let app: AppServer;
let browser: Browser;
let grace: DemoPerson;
beforeAll(async () => {
  await buildPackage();
  [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  grace = await demoPerson(stack, 'grace');
  programs = await writeReadmePrograms(stack.gateway.url);
  const pages = await Promise.all(
    Object.entries(entries).map(async ([name, code]) => {
      await writeFile(join(programs.folder, `${name}-page.js`), code);
      const page = join(programs.folder, `${name}.html`);
      const script = `<script type="module" src="./${name}-page.js"></script>`;
      await writeFile(page, `<!doctype html><link rel="icon" href="data:,"><body>${script}`);
      return page;
    }),
  );
  const configFile = join(programs.folder, 'vite.config.js');
  await writeFile(configFile, config(programs.folder, pages));
  built = await buildApp(configFile);
  app = await startAppServer(stack.gateway.url, built);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
  await built[Symbol.asyncDispose]();
  await programs[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

describe('the store in', () => {
  it.each(Object.keys(entries))('%s shows the changes of a conversation', async (name) => {
    const { page, consoleErrors } = await openPage(browser, `${app.url}${name}.html`);
    const say = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
    await grace.ask(say, { input: { recipient: 'ada@example.org', body: `Are you there? ${name}` } });
    await page.getByText(`Are you there? ${name}`).waitFor();
    await page.getByRole('button', { name: 'On my way' }).click();
    await expect
      .poll(() => page.locator('li', { hasText: 'On my way' }).last().innerText())
      .toMatch(/NEW|DELIVERED|READ/);
    await page.context().close();
    expect(consoleErrors).toEqual([]);
  });
});
