/** A conversation of more than 2,000 items in the sample app: opened with 215 unread, scrolled through while messages arrive. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveHeap, shownIds, signIn } from '../support/app-page.ts';
import type { WatchedPage } from '../support/chromium.ts';
import { say, storedIds } from '../support/conversations.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';
import type { Stack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const unread = 215;
const mebibyte = 1024 * 1024;
/** What 10 arriving messages and Chromium's own caches take. */
const mostGrownBytes = 2 * mebibyte;

const state = 'query ($id: ID!) { conversation(id: $id) { unreadCount } }';
let sample: SampleApp;
let stack: Stack;
let shown: WatchedPage;
let ada: DemoPerson;
let grace: DemoPerson;
let conversation: string;
beforeAll(async () => {
  sample = await startSampleApp();
  stack = sample.stack;
  shown = await sample.open();
  [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
  conversation = `Conversation:${grace.token}:${hospital}`;
  const { conversation: before } = await ada.ask(state, { id: conversation });
  for (let count = before.unreadCount; count < unread; count++) await tellAda(`Line ${count}`);
});
afterAll(() => sample[Symbol.asyncDispose]());

const tellAda = (body: string) => grace.ask(say, { input: { recipient: ada.id, body } });

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

it('jumps to the first of 215 unread messages, and scrolls through 2,000 items with one call per page and constant memory while messages arrive', {
  timeout: 300_000,
}, async () => {
  const { page } = shown;
  await signIn(shown, 'ada');
  await page.getByRole('link', { name: /Grace Hopper.*215 unread/s }).waitFor();
  await expect.poll(() => page.getByRole('status').innerText()).toBe('Connected');

  const before = await storedIds(ada, conversation);
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
  expect(await shownIds(page)).toEqual(await storedIds(ada, conversation));
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
