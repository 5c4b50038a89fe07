/**
 * A long conversation of the sample app: every message is shown while it scrolls, in a bounded part of memory. `LONG_CONVERSATION`
 * sets the number of messages.
 */
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connection, liveHeap, openConversation, shownIds, signIn } from '../support/app-page.ts';
import type { WatchedPage } from '../support/chromium.ts';
import { storedIds } from '../support/conversations.ts';
import { demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic } from '../support/stack.ts';
import { countFromHere, waitUntil } from '../support/wait.ts';

const items = Number(process.env['LONG_CONVERSATION'] ?? 4_000);
/** Items that the page keeps, and what one read adds before it drops others. */
const mostShown = 3_000 + 50;
const mebibyte = 1024 * 1024;
/** What a window of the same size takes more or less, as its messages differ. */
const mostGrownBytes = 6 * mebibyte;

let sample: SampleApp;
let shown: WatchedPage;
let page: Page;
let cdp: CDPSession;
/** Ids of all messages, from the oldest to the newest, as the service has them. */
let stored: readonly string[];
beforeAll(async () => {
  sample = await startSampleApp();
  const { stack } = sample;
  const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
  const id = `Conversation:${grace.token}:${hospital}`;
  let missing = items - (await storedIds(ada, id)).length;
  const sendOn = async () => {
    while (missing-- > 0) {
      const wraps = missing % 5 === 0 ? ', a longer one that wraps'.repeat(4) : '';
      const body = new URLSearchParams({ recipient: 'grace', body: `Line ${missing}${wraps}` });
      const sent = await fetch(`${stack.sandbox.url}/v2/message`, {
        method: 'POST',
        headers: { authorization: basic('ada') },
        body,
      });
      await sent.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 8 }, sendOn));
  stored = await storedIds(ada, id);
  shown = await sample.open();
  page = shown.page;
  cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
});
afterAll(() => sample[Symbol.asyncDispose]());

const scrollTo = (top: number) => page.locator('.messages').evaluate((list, to) => list.scrollTo(0, to), top);

/** What the page was shown on the way up. */
interface Way {
  seen: string[];
  most: number;
}

/** Scrolls up until so many messages were seen, or the oldest is there. */
function scrollUp(wanted: number): Promise<Way> {
  return page.evaluate(async (count) => {
    const kept = globalThis as unknown as { way?: Way };
    kept.way ??= { seen: [], most: 0 };
    const { way } = kept;
    const list = document.querySelector('.messages');
    const ids = () => [...document.querySelectorAll('.bubble')].map(({ id }) => id);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    if (way.seen.length === 0) way.seen = ids();
    while (way.seen.length < count && list?.querySelector('.older') !== null) {
      list?.scrollTo(0, -1e7);
      while (document.querySelector('.bubble')?.id === way.seen[0]) await frame();
      const shownNow = ids();
      way.seen.unshift(...shownNow.slice(0, shownNow.indexOf(way.seen[0] ?? '')));
      way.most = Math.max(way.most, shownNow.length);
    }
    return { seen: way.seen, most: way.most };
  }, wanted);
}

/** Frames per second while the test scrolls the list, and milliseconds of work for each. */
async function framesPerSecond(step: number): Promise<readonly [fps: number, work: number]> {
  const work = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const [before, frames] = [await work(), 180];
  const ms = await page.locator('.messages').evaluate(
    (list, [by, most]) =>
      new Promise<number>((resolve) => {
        let [frame, start] = [0, 0];
        const move = (now: number) => {
          if (start === 0) start = now;
          if (frame++ === most) resolve(now - start);
          else {
            list.scrollBy(0, by);
            requestAnimationFrame(move);
          }
        };
        requestAnimationFrame(move);
      }),
    [step, frames] as const,
  );
  return [(frames * 1_000) / ms, ((await work()) - before) * (1_000 / frames)];
}

describe(`${items} messages in the sample app`, { timeout: 300_000 }, () => {
  it('renders and responds within bounds on a slow processor', async () => {
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.reload();
    await page.getByLabel('Login name').waitFor();
    const figures = await page.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      return [paint?.startTime ?? Number.NaN, load?.domContentLoadedEventEnd ?? Number.NaN];
    });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    process.stdout.write(
      `\nfirst contentful paint ${figures[0]?.toFixed(0)} ms, interactive ${figures[1]?.toFixed(0)} ms, on a processor slowed four times\n`,
    );
  });

  it('shows every message once, in order, on the way up, in a bounded part of memory', async () => {
    expect(stored).toHaveLength(items);
    await signIn(shown, 'ada');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await openConversation(page, 'Grace Hopper');
    await expect.poll(async () => (await shownIds(page)).at(-1)).toBe(stored.at(-1));
    await scrollUp(mostShown);
    const full = await liveHeap(page);
    const { seen, most } = await scrollUp(items);
    expect(seen).toEqual(stored);
    expect(most).toBeLessThanOrEqual(mostShown);
    const grown = (await liveHeap(page)) - full;
    process.stdout.write(
      `\n${items} messages: a heap of ${(full / mebibyte).toFixed(1)} MiB with all that the page keeps, ${(grown / mebibyte).toFixed(1)} MiB more at the first\n`,
    );
    expect(grown).toBeLessThan(mostGrownBytes);
  });

  it('keeps its scroll position when the roster changes and after a gap', async () => {
    // From the oldest message some pages down: far from both ends of what the page keeps.
    await page.locator('.messages').evaluate((list) => list.scrollBy(0, 8_000));
    const placeOf = (id: string) => page.locator(`[id="${id}"]`).evaluate((item) => item.getBoundingClientRect().top);
    const inView = await page.evaluate(
      () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('.bubble')?.id,
    );
    const id = inView ?? (await page.evaluate(() => document.querySelectorAll('.bubble')[120]?.id ?? ''));
    const [ids, top] = [await shownIds(page), await placeOf(id)];
    expect([ids[0], ids.includes(stored.at(-1) ?? '')]).toEqual([stored[0], false]);
    const { token } = await demoPerson(sample.stack, 'grace');
    const friend = { action: 'update', xmlns: 'tigertext:entity:account', token, organization_id: hospital };
    const tooLarge = { 'tigertext:iq:account:settings': { x: 'x'.repeat(1_100_000) } };
    for (const event of [{ 'tigertext:iq:friends': { friend } }, tooLarge]) {
      await countFromHere(sample.stack);
      await controlOf(sample.stack.sandbox).inject({ caller: 'ada', event });
      await waitUntil(() => sample.stack.sandbox.requests.count('readTimeline', 'ada') >= Math.floor(ids.length / 50));
      await countFromHere(sample.stack);
      expect(await shownIds(page)).toEqual(ids);
      expect(Math.abs((await placeOf(id)) - top)).toBeLessThanOrEqual(1);
    }
  });

  it('scrolls back through newer pages, and jumps to the end at once', async () => {
    await scrollTo(-1e6);
    const [fps, work] = await framesPerSecond(40);
    process.stdout.write(`\nscrolling: ${fps.toFixed(0)} frames/s, ${work.toFixed(1)} ms of work in each\n`);
    const newest = (await shownIds(page)).at(-1);
    expect(newest).not.toBe(stored.at(-1));
    await scrollTo(0);
    await expect.poll(async () => (await shownIds(page)).at(-1)).not.toBe(newest);
    const ids = await shownIds(page);
    expect(stored.slice(stored.indexOf(ids[0] ?? ''), stored.indexOf(ids.at(-1) ?? '') + 1)).toEqual(ids);
    // The button is absent at the newest message, which a slow page may have reached, because it reads newer pages by itself.
    await scrollTo(-1e6);
    await page.getByRole('button', { name: 'Newest message' }).click();
    await expect.poll(async () => (await shownIds(page)).at(-1)).toBe(stored.at(-1));
    await expect.poll(() => page.locator('.messages').evaluate((list) => list.scrollTop)).toBe(0);
    expect(shown.consoleErrors).toEqual([]);
  });
});
