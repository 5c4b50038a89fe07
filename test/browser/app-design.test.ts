/**
 * Eight states of the sample app, light and dark, on a phone and on a desktop: measurements, and a picture of each for review in the
 * folder SCREENSHOTS, if that is set.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heartTrace } from '../../src/sandbox/seed/files.ts';
import { accessibilityProblems } from '../support/accessibility.ts';
import { act, bubble, connection, openConversation, signIn, write } from '../support/app-page.ts';
import type { WatchedPage } from '../support/chromium.ts';
import { say } from '../support/conversations.ts';
import { demoPerson } from '../support/demo-person.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';

const sizes = { phone: { width: 390, height: 800 }, desktop: { width: 1280, height: 800 } } as const;
const widths = [390, 600, 768, 1024, 1600];

let sample: SampleApp;
let control: SandboxControl;
let ada: WatchedPage;
let page: Page;
beforeAll(async () => {
  sample = await startSampleApp();
  control = controlOf(sample.stack.sandbox);
  ada = await sample.open();
  page = ada.page;
});
afterAll(() => sample[Symbol.asyncDispose]());

/** What is wider than the window, or smaller than a finger. */
const misfits = () =>
  page.evaluate(() => {
    const wide =
      document.documentElement.scrollWidth > innerWidth ? [`page of ${document.documentElement.scrollWidth}`] : [];
    const scrollers = ['.messages', '.roster ul', 'dialog'].flatMap((name) => [...document.querySelectorAll(name)]);
    const scrolled = scrollers
      .filter((one) => one.scrollWidth > one.clientWidth)
      .map((one) => `scrolls: ${one.className}`);
    // A box is as large as its label; a field for files lies in one.
    const targets = document.querySelectorAll(
      'button, select, textarea, input:not([type=file]), a[href], label:has(input)',
    );
    const small = [...targets].flatMap((target) => {
      const { width, height } = (target.closest('label') ?? target).getBoundingClientRect();
      const isSmall = width > 0 && (width < 43.5 || height < 43.5);
      return isSmall ? [`${Math.round(width)} × ${Math.round(height)}: ${target.outerHTML.slice(0, 90)}`] : [];
    });
    return [...wide, ...scrolled, ...small];
  });

/** Looks at a state in all sizes and colours. */
async function look(name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await ada.screenshot(`${name}-${size}-${colorScheme}`);
    }
    expect.soft(await accessibilityProblems(page), `${name}, ${size}`).toEqual([]);
  }
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await misfits(), `${name} at ${width} pixels`).toEqual([]);
  }
  await page.setViewportSize(sizes.desktop);
}

/** What a page keeps about its layout. */
interface Shifts {
  shift: number;
  moved: string[];
}

function watchShifts(): void {
  const shifts = Object.assign(globalThis as unknown as Shifts, { shift: 0, moved: [] as string[] });
  type Shift = PerformanceEntry & {
    readonly value: number;
    readonly sources: readonly { readonly node: Element | null }[];
  };
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries() as Shift[]) {
      shifts.shift += value;
      shifts.moved.push(...sources.map(({ node }) => `${node?.nodeName}.${node?.className}`));
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

describe('the sample app', () => {
  it('has a page to sign in', async () => {
    await signIn(ada, 'ada', 'wrong');
    await expect.poll(() => page.getByRole('alert').innerText()).not.toBe('');
    await look('1-sign-in');
  });

  it('has a list of conversations', async () => {
    await signIn(ada, 'ada');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await page.getByRole('link', { name: /Grace Hopper/ }).waitFor();
    await look('2-roster');
  });

  it('shows a picture in a conversation without a layout shift when it loads', async () => {
    await openConversation(page, 'Grace Hopper');
    const buffer = heartTrace(7);
    await page.getByLabel('Attach a file').setInputFiles({ name: 'trace.png', mimeType: 'image/png', buffer });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('img', { name: 'trace.png' }).last().waitFor();
    await write(page, 'This is the trace of bed 7. Is the rhythm as you expect it?');
    await expect.poll(() => bubble(page, 'the trace of bed 7').last().innerText()).toContain('✓');
    await page.addInitScript(watchShifts);
    await page.reload();
    const picture = page.getByRole('img', { name: 'trace.png' }).last();
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
      .toBe(true);
    const { shift, moved } = await page.evaluate(() => {
      const { shift: sum, moved: nodes } = globalThis as unknown as Shifts;
      return { shift: sum, moved: nodes };
    });
    process.stdout.write(
      `\nlayout shift while the page with a picture loads: ${shift.toFixed(4)} ${moved.join(', ')}\n`,
    );
    expect(shift, moved.join()).toBeLessThan(0.02);
    await look('3-conversation');
  });

  it('shows urgent, expiring and unsent messages of a group', async () => {
    await openConversation(page, 'Cardiology night shift');
    await page.getByLabel('Urgent').check();
    await page.getByLabel('Keep for').selectOption('1 hour');
    await write(page, 'Bed 12 has chest pain, please come');
    await expect.poll(() => bubble(page, 'Bed 12 has').innerText()).toContain('✓');
    await control.fault({ kind: 'status', operationId: 'sendMessageV5', caller: 'ada', status: 403, count: 1 });
    await write(page, 'The family asks for you');
    await expect.poll(() => bubble(page, 'The family asks').innerText()).toContain('Not sent.');
    await page
      .getByPlaceholder('Write a message')
      .fill('A draft that is long enough to stand in two lines on a phone, or nearly so');
    await look('4-group');
    await bubble(page, 'The family asks').getByRole('button', { name: 'Drop' }).click();
    await page.getByPlaceholder('Write a message').fill('');
  });

  it('has actions of a message, with a confirmation of a recall', async () => {
    await act(bubble(page, 'Bed 12 has'), 'Recall');
    await look('5-recall');
    await page.keyboard.press('Escape');
    await bubble(page, 'Bed 12 has').getByRole('button', { name: 'Actions' }).click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('has a search of people and roles', async () => {
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('searchbox', { name: 'Name of a person' }).fill('c');
    await page.getByRole('dialog').getByRole('checkbox').first().check();
    await page.getByRole('dialog').getByLabel('Message to Cardiologist on call').waitFor();
    await look('6-new');
    await page.keyboard.press('Escape');
  });

  it('shows roles on duty, quick replies and an escalation', async () => {
    await page.getByRole('button', { name: 'On duty' }).click();
    await page.getByLabel('Message to Cardiologist on call').fill('Chest pain in bed 9');
    await page.keyboard.press('Enter');
    await bubble(page, 'Chest pain in bed 9').getByRole('button', { name: 'Escalate' }).click();
    await bubble(page, 'Chest pain in bed 9').locator('.escalation').waitFor();
    await page.getByRole('button', { name: 'Quick replies' }).click();
    await page.getByRole('list', { name: 'Quick replies' }).getByRole('button').first().waitFor();
    await look('7-duty');
    await page.getByRole('button', { name: 'On duty' }).click();
  });

  it('shows a lost network, and the number of new messages below', async () => {
    const [grace, { id: recipient }] = [await demoPerson(sample.stack, 'grace'), await demoPerson(sample.stack, 'ada')];
    for (let count = 1; count <= 12; count++)
      await grace.ask(say, { input: { recipient, body: `Round ${count}\n\n.` } });
    await page.getByRole('link', { name: /Grace Hopper.*12 unread/s }).waitFor();
    await openConversation(page, 'Grace Hopper');
    await page.context().setOffline(true);
    await write(page, 'From the lift');
    await expect.poll(() => connection(page).innerText()).toBe('No network');
    await page.getByRole('button', { name: 'Jump to first unread' }).click();
    await look('8-offline');
    await page.context().setOffline(false);
  });
});
