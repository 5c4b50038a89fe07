import { NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { schema } from '../../src/schema/index.ts';
import { exampleTabs } from '../../src/server/http/routes/example-operations.ts';
import { launchChromium, openPage, type WatchedPage } from '../support/chromium.ts';
import { basic, post, testConfig } from '../support/stack.ts';

const execute = '.graphiql-execute-button';
const result = '.graphiql-response';

/** Text of the response in the editor, which has non-breaking spaces, and only the lines in view. */
async function answer({ page }: WatchedPage): Promise<string> {
  return (await page.locator(result).innerText()).replaceAll('\u00a0', ' ');
}

async function selectTab({ page }: WatchedPage, name: string): Promise<void> {
  // By keyboard: tabs can be dragged, and on a busy machine a click may count as the start of a drag.
  await page.locator('.graphiql-tab-button', { hasText: name }).press('Enter');
  await page.locator('.graphiql-tab-active', { hasText: name }).waitFor();
}

/** The corner of GraphiQL, and whether the page has scroll bars of its own when something reaches beyond the window. */
const layoutOfPage = `(() => {
  const { right, bottom } = document.querySelector('.graphiql-container').getBoundingClientRect();
  return { right, bottom, overflow: getComputedStyle(document.documentElement).overflow };
})()`;

/** A page that is ready for use. */
interface FirstLoad {
  readonly opened: WatchedPage;
  /** Processor time of the page until then: the wall time depends on the load of the machine. */
  readonly seconds: number;
}

async function loadMeasured(browser: Browser, url: string): Promise<FirstLoad> {
  let session: CDPSession | undefined;
  const opened = await openPage(browser, url, async (page) => {
    session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  });
  await opened.page.locator(execute).waitFor();
  await opened.page.locator('.graphiql-query-editor .view-line').first().waitFor();
  const metrics = await session?.send('Performance.getMetrics');
  await session?.detach();
  return { opened, seconds: metrics?.metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN };
}

async function answerShows(opened: WatchedPage, text: string): Promise<void> {
  const shown = async () => {
    const now = await answer(opened);
    // Shortly after a change of tabs, GraphiQL still has the name of the previous operation, and sends nothing.
    if (now.includes('Cannot infer operation')) await opened.page.locator(execute).click();
    return now;
  };
  await expect.poll(shown).toContain(text);
}

describe('GraphiQL in a browser', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  let browser: Browser;
  /** One page for the tests that work in any state of it: loading it takes most of a test's time. */
  let shared: Promise<FirstLoad> | undefined;
  const firstLoad = () => {
    shared ??= loadMeasured(browser, `${gateway.url}/graphql`);
    return shared;
  };
  const sharedPage = async () => (await firstLoad()).opened;
  beforeAll(async () => {
    sandbox = await startSandbox({ simulateActivity: true });
    gateway = await startGateway({
      config: testConfig(sandbox.url, { graphiql: true }),
      log: createLog('silent'),
      demoAuthorization: basic('ada'),
    });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await gateway.close();
    await sandbox.close();
  });

  it('runs the roster query, and shows a message sent from one tab and its answer in the subscription of another', async () => {
    const opened = await sharedPage();
    const { page } = opened;

    await selectTab(opened, 'Roster');
    await page.locator(execute).click();
    await answerShows(opened, '"displayName": "Ada Lovelace"');
    await opened.screenshot('graphiql-roster');

    // GraphiQL stops the operation of a tab when another tab is selected, so the subscription runs in a second window.
    const live = await openPage(browser, `${gateway.url}/graphql`);
    await live.page.locator(execute).waitFor();
    await selectTab(live, 'LiveMessages');
    await live.page.locator(execute).click();

    await selectTab(opened, 'SendMessage');
    await page.locator(execute).click();
    await answerShows(opened, '"status": "NEW"');
    await answerShows(live, 'Is room 4 ready?');
    await answerShows(live, '"displayName": "Grace Hopper"');
    await live.screenshot('graphiql-live');

    for (const tab of ['Roster', 'LiveMessages', 'SendMessage']) {
      await selectTab(opened, tab);
      expect((await page.locator('.graphiql-query-editor .view-line').first().innerText())[0]).toBe('#');
    }
    for (const { foreignRequests, consoleErrors } of [opened, live]) {
      expect(foreignRequests).toEqual([]);
      expect(consoleErrors).toEqual([]);
    }
    await live.page.context().close();
  });

  it('runs operations, subscriptions too, with the credential in the header editor', async () => {
    const opened = await openPage(browser, `${gateway.url}/graphql`);
    const { page } = opened;
    await page.locator(execute).waitFor();
    await selectTab(opened, 'LiveMessages');
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(JSON.stringify({ Authorization: basic('alan') }));
    // Removes the brackets that the editor added.
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Delete');
    await page.locator(execute).click();
    const query = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
    const input = { recipient: 'alan@example.org', body: 'Only for Alan' };
    expect((await post(gateway.url, { query, variables: { input } })).errors).toBeUndefined();
    await answerShows(opened, 'Only for Alan');
    const stored = await page.evaluate<string>('JSON.stringify({ ...localStorage })');
    expect(stored).not.toContain(basic('alan'));
    expect(opened.consoleErrors).toEqual([]);
    await page.context().close();
  });

  it('is usable within three seconds of the first load', async () => {
    let { seconds: least } = await firstLoad();
    // The minimum of three rounds: other processes on the same processor add to it.
    for (let round = 1; round < 3 && !(least < 3); round += 1) {
      const { opened, seconds } = await loadMeasured(browser, `${gateway.url}/graphql`);
      least = Math.min(least, seconds);
      await opened.page.context().close();
    }
    expect(least).toBeLessThan(3);
  });

  it('has an introduction in the documentation pane, and the schema’s descriptions', async () => {
    const opened = await sharedPage();
    await opened.page.locator(execute).waitFor();
    await opened.page.getByRole('button', { name: /documentation explorer/i }).click();
    await opened.page.getByText('Secure messaging between the people of a hospital').waitFor();
    await opened.page.getByRole('link', { name: 'Query', exact: true }).click();
    await expect
      .poll(() => opened.page.locator('.graphiql-doc-explorer-content').innerText())
      .toContain('The caller’s recent conversations.');
    await opened.screenshot('graphiql-docs');
    expect(opened.consoleErrors).toEqual([]);
  });

  it('leaves the header editor empty without a demo credential, and still shows the schema', async () => {
    const config = { ...testConfig(sandbox.url), graphiql: true, introspection: true };
    await using own = await startGateway({ config, log: createLog('silent') });
    const opened = await openPage(browser, `${own.url}/graphql`);
    const { page } = opened;
    await page.locator(execute).waitFor();
    const headers = page.locator('.graphiql-editor-tool .monaco-editor:visible .view-lines');
    expect((await headers.innerText()).trim()).toBe('');
    await page.getByRole('button', { name: /documentation explorer/i }).click();
    await page.getByRole('link', { name: 'Query', exact: true }).waitFor();

    await selectTab(opened, 'Roster');
    expect((await headers.innerText()).trim()).toBe('');
    await page.locator(execute).click();
    await answerShows(opened, 'UNAUTHENTICATED');
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
    await page.keyboard.insertText(JSON.stringify({ Authorization: basic('ada') }));
    await page.locator(execute).click();
    await answerShows(opened, '"displayName": "Ada Lovelace"');
    await page.context().close();
  });

  it('shows whole comments in its editor, and a notice when the window is too narrow', async () => {
    const opened = await sharedPage();
    const { page } = opened;
    const note = page.getByRole('note');
    for (const name of ['Roster', 'LiveMessages', 'SendMessage']) {
      await selectTab(opened, name);
      const editor = page.locator('.graphiql-query-editor');
      await editor.locator('.view-line', { hasText: '#' }).first().waitFor();
      const beyond = await editor.evaluate((element) => {
        const { right } = element.getBoundingClientRect();
        const lines = [...element.querySelectorAll('.view-line > span')];
        const comments = lines.filter((line) => line.textContent.startsWith('#'));
        return comments.filter((line) => line.getBoundingClientRect().right > right).map((line) => line.textContent);
      });
      expect(beyond, name).toEqual([]);
    }
    expect(await note.isVisible()).toBe(false);
    await page.setViewportSize({ width: 390, height: 800 });
    await note.waitFor();
    expect(await note.innerText()).toContain('too narrow');
    await opened.screenshot('graphiql-narrow');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it.each([
    [1200, 700],
    [800, 600],
    [390, 844],
  ])('fits a window of %i × %i pixels: the page itself does not scroll', async (width, height) => {
    const opened = await sharedPage();
    const { page } = opened;
    await page.setViewportSize({ width, height });
    await page.reload();
    await selectTab(opened, 'Roster');
    await page.locator('.graphiql-query-editor .view-line', { hasText: '__typename' }).waitFor();
    await expect.poll(() => page.evaluate(layoutOfPage)).toEqual({ right: width, bottom: height, overflow: 'hidden' });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('opens with operations that use no deprecated field', () => {
    for (const { query } of exampleTabs)
      expect(validate(schema, parse(query), [...specifiedRules, NoDeprecatedCustomRule])).toEqual([]);
  });

  it('stores no credential in the browser’s storage', async () => {
    const opened = await sharedPage();
    await opened.page.locator(execute).waitFor();
    await opened.page.locator(execute).click();
    await answerShows(opened, '"data"');
    const stored = await opened.page.evaluate<string>('JSON.stringify({ ...localStorage })');
    expect(stored).not.toContain(basic('ada'));
  });

  it.each(['br', 'gzip'])(
    'sends page and script compressed (%s), and not again to a browser that has them',
    async (encoding) => {
      const ask = (url: string, headers: Record<string, string>) =>
        fetch(new URL(url, gateway.url), { headers: { accept: 'text/html', 'accept-encoding': encoding, ...headers } });
      const page = await ask('/graphql', {});
      const [, script = ''] = /<script defer src="([^"]+)"/.exec(await page.text()) ?? [];
      for (const url of ['/graphql', script]) {
        const first = await ask(url, {});
        expect(first.headers.get('content-encoding')).toBe(encoding);
        expect(Number(first.headers.get('content-length')) * 2).toBeLessThan((await first.text()).length);
        const again = await ask(url, { 'if-none-match': first.headers.get('etag') ?? '' });
        expect(again.status).toBe(304);
      }
    },
  );

  it('allows the browser to run only its own script', async () => {
    const response = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html' } });
    const [, hash] =
      /<script defer src="[^"]+" integrity="(sha256-[^"]+)"><\/script>/.exec(await response.text()) ?? [];
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", `script-src '${hash}'`, "connect-src 'self'"]),
    );
    expect(policy?.join()).not.toMatch(/unsafe-eval|https?:|\*/);

    const opened = await sharedPage();
    await opened.page.locator(execute).waitFor();
    await opened.page.evaluate(
      'document.body.append(Object.assign(document.createElement("script"), { text: "self.ran = 1" }))',
    );
    expect(await opened.page.evaluate('self.ran')).toBeUndefined();
  });
});
