/** Actions of a person on a page of the sample app, and the data that the page leaves in the browser. */
import type { Locator, Page } from 'playwright-core';
import type { WatchedPage } from './chromium.ts';

export async function signIn({ page }: WatchedPage, name: string, password = 'demo'): Promise<void> {
  await page.getByLabel('Login name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export const connection = (page: Page) => page.getByRole('status');

/**
 * What the page says of its connection from here on, each text once as it changes: a poll misses one that is short on a busy machine.
 * Ends with the document.
 */
export async function watchConnection(page: Page): Promise<() => Promise<readonly string[]>> {
  const texts = await connection(page).evaluateHandle((status) => {
    const seen: string[] = [];
    const look = () => {
      const text = status.textContent;
      if (seen.at(-1) !== text) seen.push(text);
    };
    new MutationObserver(look).observe(status, { subtree: true, childList: true, characterData: true });
    return seen;
  });
  return () => texts.jsonValue();
}

export const bubble = (page: Page, text: string): Locator => page.locator('.bubble', { hasText: text });

/** Ids of the messages on the page, from the oldest to the newest. */
export const shownIds = (page: Page): Promise<string[]> =>
  page.locator('.bubble').evaluateAll((bubbles) => bubbles.map(({ id }) => id));

/** Bytes of the page's heap after a collection of garbage. */
export async function liveHeap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}

export async function openConversation(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name }).click();
  await page.getByRole('heading', { name, level: 2 }).waitFor();
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByPlaceholder('Write a message').fill(text);
  await page.keyboard.press('Enter');
}

/** Chooses an action in the menu of a message. */
export async function act(message: Locator, action: string): Promise<void> {
  await message.getByRole('button', { name: 'Actions' }).click();
  await message.getByRole('button', { name: action }).click();
}

/** Everything that a page can leave behind in the browser. */
export const keptBy = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([
      { ...sessionStorage },
      { ...localStorage },
      document.cookie,
      databases,
      await caches.keys(),
    ]);
  });
