/** A conversation of more than 2,000 items in the sample app: opened with 215 unread, scrolled through while messages arrive. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppServer, type BuiltApp, buildApp, startAppServer } from '../support/app-server.ts';
import { launchChromium, openPage, type WatchedPage } from '../support/chromium.ts';
import { hospital } from '../support/conversations.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const unread = 215;
const mebibyte = 1024 * 1024;
/** What 10 arriving messages and Chromium's own caches take. */
const mostGrownBytes = 2 * mebibyte;

const say = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
const state = 'query ($id: ID!) { conversation(id: $id) { unreadCount } }';
const history = `query ($id: ID!, $before: String) { conversation(id: $id) { timeline(last: 200, before: $before) {
  pageInfo { hasPreviousPage startCursor } nodes { ... on Message { id } } } } }`;

let stack: Stack;
let built: BuiltApp;
let app: AppServer;
let browser: Browser;
let shown: WatchedPage;
let ada: DemoPerson;
let grace: DemoPerson;
let conversation: string;
beforeAll(async () => {
  [stack, built, browser] = await Promise.all([startStack(), buildApp(), launchChromium()]);
  app = await startAppServer(stack.gateway.url, built);
  shown = await openPage(browser, app.url);
  [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
  conversation = `Conversation:${grace.token}:${hospital}`;
  const { conversation: before } = await ada.ask(state, { id: conversation });
  for (let count = before.unreadCount; count < unread; count++) await tellAda(`Line ${count}`);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
  await built[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const tellAda = (body: string) => grace.ask(say, { input: { recipient: ada.id, body } });

/** Ids of all messages, from the oldest to the newest, as the service has them. */
async function storedIds(): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | null = null; ; ) {
    const { conversation: read } = await ada.ask(history, { id: conversation, before });
    ids.unshift(...read.timeline.nodes.map(({ id }: { readonly id: string }) => id));
    if (!read.timeline.pageInfo.hasPreviousPage) return ids;
    before = read.timeline.pageInfo.startCursor;
  }
}

const shownIds = (page: Page): Promise<string[]> =>
  page.locator('.bubble').evaluateAll((items) => items.map(({ id }) => id));

const oldestOf = (page: Page) => page.locator('.bubble').first().getAttribute('id');

/** Reads all older pages by scrolling; a message arrives with each. @returns How many. */
async function scrollToBeginning(page: Page): Promise<number> {
  let arrived = 0;
  while ((await page.locator('.older').count()) > 0) {
    const before = await oldestOf(page);
    await tellAda(`Arrives ${++arrived}`);
    await page.locator('.messages').evaluate((list) => list.scrollTo(0, -1e7));
    await expect.poll(() => oldestOf(page)).not.toBe(before);
  }
  return arrived;
}

/** Bytes of the page's heap after a collection of garbage. */
async function liveHeap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}

it('jumps to the first of 215 unread messages, and scrolls through 2,000 items a page a call, in flat memory, while messages arrive', {
  timeout: 120_000,
}, async () => {
  const { page } = shown;
  page.setDefaultTimeout(30_000);
  await page.getByLabel('Login name').fill('ada');
  await page.getByLabel('Password').fill('demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /Grace Hopper.*215 unread/s }).waitFor();
  await expect.poll(() => page.getByRole('status').innerText()).toBe('Connected');

  const before = await storedIds();
  await countFromHere(stack);
  await page.getByRole('link', { name: /Grace Hopper.*215 unread/s }).click();
  await expect.poll(() => page.locator('.bubble').count()).toBeGreaterThanOrEqual(unread + 10);
  await page.getByRole('button', { name: 'Jump to first unread' }).click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('New messages');
  expect(await page.locator('.divider + .bubble').getAttribute('id')).toBe(before.at(-unread));

  const arrived = await scrollToBeginning(page);
  const pages = stack.sandbox.requests.count('readTimeline', 'ada');
  await expect.poll(() => page.locator('.bubble').count()).toBe(before.length + arrived);
  // Nothing is missing, twice or out of order.
  expect(await shownIds(page)).toEqual(await storedIds());
  expect(pages).toBeLessThanOrEqual(Math.ceil(before.length / 50));

  await countFromHere(stack);
  const heap = await liveHeap(page);
  for (let round = 1; round <= 5; round++) {
    for (const top of [0, -1e7]) {
      await page.locator('.messages').evaluate((list, to) => list.scrollTo(0, to), top);
      const text = `Round ${round}, at ${top}`;
      await tellAda(text);
      await page.locator('.bubble', { hasText: text }).waitFor({ state: 'attached' });
    }
  }
  const grown = (await liveHeap(page)) - heap;
  process.stdout.write(
    `\n${before.length + arrived} messages shown: a heap of ${(heap / mebibyte).toFixed(1)} MiB, ${(grown / 1024).toFixed(0)} KiB more after 10 arrived\n`,
  );
  expect(grown).toBeLessThan(mostGrownBytes);
  expect(stack.sandbox.requests.count('readTimeline', 'ada')).toBe(0);
  expect(shown.consoleErrors).toEqual([]);
});
