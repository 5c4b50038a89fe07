import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { heartTrace } from '../../src/sandbox/seed/files.ts';
import { accessibilityProblems } from '../support/accessibility.ts';
import {
  act,
  bubble,
  connection,
  keptBy,
  openConversation,
  shownIds,
  signIn,
  watchConnection,
  write,
} from '../support/app-page.ts';
import { launchChromium, type WatchedPage } from '../support/chromium.ts';
import { say } from '../support/conversations.ts';
import { demoPerson } from '../support/demo-person.ts';
import { clinics } from '../support/demo-tokens.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import type { Stack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const scrollTo = (page: Page, end: 'oldest' | 'newest') =>
  page.locator('.messages').evaluate((list, top) => list.scrollTo(0, top), end === 'oldest' ? -1e7 : 0);

/** Distance of a message from the top of the window, in pixels. */
const topOf = (page: Page, id: string): Promise<number> =>
  page.locator(`[id="${id}"]`).evaluate((item) => item.getBoundingClientRect().top);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe('the sample app in a browser', () => {
  let sample: SampleApp;
  let stack: Stack;
  let control: SandboxControl;
  let ada: WatchedPage;
  let grace: WatchedPage;

  beforeAll(async () => {
    sample = await startSampleApp({ browser });
    stack = sample.stack;
    control = controlOf(stack.sandbox);
    [ada, grace] = [await sample.open(), await sample.open()];
  });
  afterAll(() => sample[Symbol.asyncDispose]());
  afterEach(async () => {
    await control.clearFaults();
  });

  it('has at most 217 lines of state, 60 % less than before the store, and no file of more than 250 lines', () => {
    const folder = new URL('../app/', import.meta.url);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const lines = new Map(
      names
        .filter((name) => /\.(tsx?|html|css)$/.test(name))
        .map((name) => [name, readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n').length]),
    );
    expect(lines.has('src/main.tsx')).toBe(true);
    expect([...lines].filter(([, count]) => count > 250)).toEqual([]);
    const state = [...lines].filter(([name]) => name.startsWith('src/state/'));
    expect(state.length).toBeGreaterThan(3);
    expect(state.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(217);
  });

  it('transfers at most 120 KB on the first load', () => {
    expect(sample.app.firstLoadBytes).toBeLessThanOrEqual(120 * 1024);
  });

  it('rejects a wrong password, and signs in with the keyboard alone', async () => {
    const { page } = ada;
    await signIn(ada, 'ada', 'wrong');
    await expect.poll(() => page.getByRole('alert').innerText()).toBe('Name or password is wrong.');
    expect(await accessibilityProblems(page)).toEqual([]);
    await ada.screenshot('app-sign-in');
    // The rejection is an answer with an error, which the browser does not report; from here on nothing may be reported.
    expect(ada.consoleErrors).toEqual([]);

    await page.getByLabel('Login name').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('ada@example.org');
    await page.keyboard.press('Tab');
    await page.keyboard.type('demo');
    await page.keyboard.press('Enter');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');

    await signIn(grace, 'grace');
    await expect.poll(() => connection(grace.page).innerText()).toBe('Connected');
    await grace.page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    await grace.screenshot('app-roster');
  });

  it('shows what was stored before the sign-in, and marks it as read when its conversation is opened', async () => {
    const { page } = ada;
    const line = page.getByRole('link', { name: /Florence Nightingale/ });
    await page.getByRole('link', { name: /Florence Nightingale.*1 unread/s }).waitFor();
    // Its time, or its day when midnight has passed since.
    expect(await line.innerText()).toMatch(
      /(?:\d:\d\d|[A-Z][a-z]{2} \d{1,2}|\d{1,2} [A-Z][a-z]{2})[\s\S]*Family of bed 3/,
    );
    const unread = Number(/^\((\d+)\) Messages$/.exec(await page.title())?.[1]);
    await openConversation(page, 'Florence Nightingale');
    await bubble(page, 'Family of bed 3').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /Florence Nightingale.*unread/s }).count()).toBe(0);
    await expect.poll(() => page.title()).toBe(`(${unread - 1}) Messages`);
    const id = (await shownIds(page)).at(-1);
    const { data } = await stack.query(
      'query ($id: ID!) { message(id: $id) { recipientStatuses { status } } }',
      { id },
      'florence',
    );
    expect(data).toEqual({ message: { recipientStatuses: [{ status: 'READ' }] } });
  });

  it('finds a conversation by name', async () => {
    const { page } = ada;
    await page.getByRole('searchbox', { name: 'Find' }).fill('grac');
    await expect.poll(() => page.locator('.roster li').count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Grace Hopper', level: 2 }).waitFor();
    await page.getByRole('searchbox', { name: 'Find' }).fill('');
  });

  it('shows a message to the other person within a second, typing, and the delivery state', async () => {
    await openConversation(grace.page, 'Ada Lovelace');
    const waits: number[] = [];
    // The best of several: the machine has other things to do as well.
    for (const text of [
      'Is room 4 ready?',
      ...Array.from({ length: 9 }, (_, index) => `Family ${index} waits outside`),
    ]) {
      await write(ada.page, text);
      const sentAt = performance.now();
      await bubble(grace.page, text).waitFor();
      waits.push(performance.now() - sentAt);
      if (Math.min(...waits) < 1_000) break;
    }
    expect(Math.min(...waits), waits.join()).toBeLessThan(1_000);
    await expect.poll(() => bubble(ada.page, 'Is room 4').innerText()).toContain('✓✓ Read');

    await grace.page.getByPlaceholder('Write a message').pressSequentially('Yes, since');
    await ada.page.getByText('Grace Hopper is typing').waitFor();
    await ada.screenshot('app-typing');
    await write(grace.page, 'Yes, since ten minutes');
    await bubble(ada.page, 'Yes, since ten minutes').waitFor();
    await ada.page.getByText('Grace Hopper is typing').waitFor({ state: 'detached' });
    expect(await bubble(grace.page, 'Yes, since').getAttribute('class')).toContain('mine');
    expect(await bubble(ada.page, 'Yes, since').getAttribute('class')).not.toContain('mine');
  });

  it('shows a message before the service has it', async () => {
    await control.fault({ kind: 'delay', operationId: 'sendMessageV5', caller: 'ada', count: 1, delayMs: 5_000 });
    await write(ada.page, 'On my way up');
    await expect.poll(() => bubble(ada.page, 'On my way up').innerText()).toContain('Sending…');
    await expect.poll(() => bubble(ada.page, 'On my way up').innerText()).toContain('✓✓ Read');
    expect(await bubble(ada.page, 'On my way up').count()).toBe(1);
  });

  it('shows the day of a message that is not of today', async () => {
    const dayMs = 24 * 60 * 60 * 1_000;
    await control.shiftClock(-3 * dayMs);
    await write(ada.page, 'Blood is ordered');
    const year = String(new Date(Date.now() - 3 * dayMs).getFullYear());
    await bubble(grace.page, 'Blood is ordered').waitFor();
    await control.shiftClock(3 * dayMs);
    // A day is a line above its first message.
    const days = await grace.page.locator('.messages li').evaluateAll((lines) => {
      let day = '';
      return lines.flatMap((line) => {
        if (line.className === 'day') day = line.textContent;
        return /Blood is ordered|On my way up/.test(line.textContent) ? [day] : [];
      });
    });
    expect(days).toEqual(['Today', expect.stringContaining(year)]);
  });

  it('recalls a message for both sides', async () => {
    await write(ada.page, 'Wrong patient, sorry');
    await bubble(grace.page, 'Wrong patient').waitFor();
    await act(bubble(ada.page, 'Wrong patient'), 'Recall');
    const ask = ada.page.getByRole('dialog', { name: 'Recall' });
    await ask.getByRole('button', { name: 'Cancel' }).click();
    await ask.waitFor({ state: 'detached' });
    expect(await bubble(grace.page, 'Wrong patient').count()).toBe(1);
    await act(bubble(ada.page, 'Wrong patient'), 'Recall');
    await ask.getByRole('button', { name: 'Recall it' }).click();
    await bubble(grace.page, 'Wrong patient').waitFor({ state: 'detached' });
    expect(await bubble(ada.page, 'Wrong patient').count()).toBe(0);
  });

  it('counts down a lifetime and removes the message at its end', async () => {
    // The sandbox's clock runs behind for one message, which is then nearly a minute old when it is born.
    await control.shiftClock(-47_000);
    await ada.page.getByLabel('Keep for').selectOption('1 minute');
    await write(ada.page, 'Door code 4711');
    await expect.poll(() => bubble(grace.page, 'Door code').innerText()).toMatch(/expires in \d+ s/);
    await control.shiftClock(47_000);
    await grace.screenshot('app-expiry');
    await bubble(grace.page, 'Door code').waitFor({ state: 'detached' });
    await bubble(ada.page, 'Door code').waitFor({ state: 'detached' });
    // The choice was for one message.
    expect(await ada.page.getByLabel('Keep for').inputValue()).toBe('0');
  });

  it('sends a picture, which the other person sees, and a file, which the other person can save', async () => {
    const send = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
      await ada.page.getByLabel('Attach a file').setInputFiles(file);
      await ada.page.getByText(file.name).waitFor();
      await ada.page.getByRole('button', { name: 'Send' }).click();
    };
    const trace = heartTrace(7);
    await send({ name: 'trace.png', mimeType: 'image/png', buffer: trace });
    const picture = grace.page.getByRole('img', { name: 'trace.png' });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)))
      .toBe(trace.readUInt32BE(16)); // the width stands there in a PNG
    await grace.screenshot('app-attachment');

    await send({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Bed 12, from noon') });
    const download = grace.page.waitForEvent('download');
    await grace.page.getByRole('link', { name: 'note.txt' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe('Bed 12, from noon');
  });

  it('is usable by all', async () => {
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await grace.page.setViewportSize({ width: 390, height: 800 });
    expect(await accessibilityProblems(grace.page)).toEqual([]);
    await grace.screenshot('app-narrow');
    await grace.page.getByRole('link', { name: 'Back to all conversations' }).click();
    await grace.page.getByRole('link', { name: 'Ada Lovelace' }).click();
    await grace.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is complete after a reload with one upstream call for 50 conversations and one for the history, and stores no messages', async () => {
    const badges = ({ page }: WatchedPage) =>
      page.locator('.roster .unread').evaluateAll((all) => all.map((one) => one.ariaLabel));
    // Ada has more than 50 conversations.
    for (const [name, person, listConversations] of [
      ['grace', grace, 1],
      ['ada', ada, 2],
    ] as const) {
      const { page } = person;
      const before = [await badges(person), await page.title()];
      await countFromHere(stack);
      await page.reload();
      await bubble(page, 'Yes, since ten minutes').waitFor();
      await expect.poll(() => connection(page).innerText()).toBe('Connected');
      await expect.poll(async () => [await badges(person), await page.title()]).toEqual(before);
      expect(await bubble(page, 'Wrong patient').count()).toBe(0);
      expect(await shownIds(page)).toHaveLength(50);
      // Pictures are read one by one, and the stream is no call that ends.
      const { createEvents, getMessage, getMessageAttachment, ...calls } = stack.sandbox.requests.counts(name);
      expect(calls).toEqual({ listConversations, readTimeline: 1 });
      const kept = await keptBy(page);
      const [{ session }] = JSON.parse(kept);
      expect(Object.keys(JSON.parse(session))).toEqual(['authorization', 'me', 'name', 'organizations']);
      for (const text of ['Message:', 'Conversation:', 'room 4', 'since ten', 'Bed 12'])
        expect(kept).not.toContain(text);
    }
    expect((await badges(ada)).length).toBeGreaterThan(0);
    await expect.poll(() => bubble(ada.page, 'Is room 4').innerText()).toContain('✓✓ Read');
  });

  it('reads older pages on scrolling up, and keeps its scroll position', async () => {
    const { page } = ada;
    for (const length of [100, 150, 200]) {
      const [oldest = ''] = await shownIds(page);
      await page.locator(`[id="${oldest}"]`).evaluate((item) => item.scrollIntoView({ block: 'center' }));
      const top = await topOf(page, oldest);
      await expect.poll(async () => (await shownIds(page)).length).toBe(length);
      expect(Math.abs((await topOf(page, oldest)) - top)).toBeLessThanOrEqual(1);
    }
    const ids = await shownIds(page);
    expect(new Set(ids).size).toBe(200);
    // What comes in below does not move what is read above, and is not marked as read before it is in view.
    const [, shown = ''] = ids;
    const top = await topOf(page, shown);
    await write(grace.page, 'New below');
    await bubble(page, 'New below').waitFor({ state: 'attached' });
    expect(Math.abs((await topOf(page, shown)) - top)).toBeLessThanOrEqual(1);
    await page.getByRole('link', { name: /Grace Hopper.*1 unread/s }).waitFor();
    expect(await page.locator('[aria-live="polite"]', { hasText: 'Grace Hopper: New below' }).count()).toBe(1);
    await scrollTo(page, 'newest');
    await expect.poll(() => page.getByRole('link', { name: /Grace Hopper.*unread/s }).count()).toBe(0);
    await expect.poll(() => bubble(grace.page, 'New below').innerText()).toContain('✓✓ Read');
  });

  it('jumps to the first unread message, with the focus', async () => {
    const { page } = ada;
    const barbara = await demoPerson(stack, 'barbara');
    const { id: recipient } = await demoPerson(stack, 'ada');
    for (let count = 1; count <= 15; count++)
      await barbara.ask(say, { input: { recipient, body: `Round ${count}\n\n\n.` } });
    await page.getByRole('link', { name: /Barbara Liskov.*15 unread/s }).waitFor();
    await openConversation(page, 'Barbara Liskov');
    await bubble(page, 'Round 15').waitFor();
    await page.getByRole('button', { name: 'Jump to first unread' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('New messages');
    await expect.poll(() => page.locator('.divider + .bubble').innerText()).toContain('Round 1\n');
    expect(await accessibilityProblems(page)).toEqual([]);
    await ada.screenshot('app-first-unread');
  });

  it('distinguishes conversations with one person in two organizations, and writes to the right one', async () => {
    const { page } = ada;
    const { id: recipient, token } = await demoPerson(stack, 'edward');
    const person = await demoPerson(stack, 'ada');
    await person.ask(say, { input: { recipient, body: 'In the hospital' } });
    await person.ask(say, { input: { recipient, body: 'In the clinics', senderOrganization: clinics } });
    await page.getByRole('link', { name: /Riverside[\s\S]*In the clinics/ }).click();
    await bubble(page, 'In the clinics').waitFor();
    expect(await bubble(page, 'In the hospital').count()).toBe(0);
    await write(page, 'Only for the clinics');
    await expect.poll(() => bubble(page, 'Only for the clinics').innerText()).toContain('✓');
    await ada.screenshot('app-organizations');
    await page.getByRole('link', { name: /Mercy General[\s\S]*In the hospital/ }).click();
    await bubble(page, 'In the hospital').waitFor();
    expect(await bubble(page, 'clinics').count()).toBe(0);
    const id = `Conversation:${token}:${clinics}`;
    const question = 'query ($id: ID!) { conversation(id: $id) { lastMessage { body } } }';
    await expect
      .poll(async () => (await person.ask(question, { id })).conversation.lastMessage.body)
      .toBe('Only for the clinics');
  });

  it('reads and writes in a group', async () => {
    await openConversation(ada.page, 'Cardiology night shift');
    await openConversation(grace.page, 'Cardiology night shift');
    await write(ada.page, 'Handover at seven in the seminar room');
    await expect.poll(() => bubble(grace.page, 'Handover at seven').innerText()).toContain('Ada Lovelace');
    await expect.poll(() => bubble(ada.page, 'Handover at seven').innerText()).toContain('✓✓ Read by 1');
    await ada.screenshot('app-group');
  });

  it('sends no request to another host, and reports no error', () => {
    expect([...ada.foreignRequests, ...grace.foreignRequests]).toEqual([]);
    expect([...ada.consoleErrors, ...grace.consoleErrors]).toEqual([]);
  });

  it('offers to resend a failed message, which is then stored once', async () => {
    await openConversation(ada.page, 'Grace Hopper');
    await openConversation(grace.page, 'Ada Lovelace');
    // The page retries by itself, but not before this many seconds.
    const retryAfter = 600;
    await control.fault({ kind: 'status', operationId: 'sendMessageV5', caller: 'ada', status: 503, retryAfter });
    await write(ada.page, 'Bed 7 needs you');
    const failed = bubble(ada.page, 'Bed 7 needs you');
    await expect.poll(() => failed.innerText()).toContain('Not sent.');
    await ada.screenshot('app-not-sent');
    await control.clearFaults();
    await failed.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => failed.innerText()).toMatch(/✓/);
    await expect.poll(() => bubble(grace.page, 'Bed 7 needs you').count()).toBe(1);
    expect(await failed.count()).toBe(1);
  });

  it('shows a message once whose response was lost', async () => {
    await control.fault({ kind: 'lose', operationId: 'sendMessageV5', caller: 'ada', count: 1 });
    await write(ada.page, 'Bed 8 too');
    await expect.poll(() => bubble(ada.page, 'Bed 8 too').innerText()).toContain('✓✓ Read');
    expect(await bubble(grace.page, 'Bed 8 too').count()).toBe(1);
  });

  it('recovers from an outage of the upstream without a reload', async () => {
    await ada.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    const connections = await watchConnection(ada.page);
    await control.restart(1_500);
    await expect.poll(async () => (await connections()).join()).toContain('Connecting…');
    await ada.screenshot('app-connecting');
    await expect.poll(() => connection(ada.page).innerText()).toBe('Connected');
    await write(grace.page, 'Are you back?');
    await bubble(ada.page, 'Are you back?').waitFor();
    expect(await ada.page.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  });

  it('writes to a role, or shows why no one would read the message', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: 'On duty' }).click();
    const line = (name: string) => page.locator('.drawer form', { hasText: name });
    await expect.poll(() => line('Cardiologist on call').innerText()).toContain('Grace Hopper');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Message to Stroke consultant').fill('Is anyone there?');
    await page.keyboard.press('Enter');
    const rejection = 'Nobody is on duty for stroke. Call the switchboard.';
    await expect.poll(() => line('Stroke consultant').getByRole('alert').innerText()).toBe(rejection);
    await page.getByLabel('Message to Cardiologist on call').fill('Chest pain in bed 9');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Cardiologist on call', level: 2 }).waitFor();
    await bubble(page, 'Chest pain in bed 9').waitFor();
    await page.getByRole('button', { name: 'On duty' }).click();
    expect(await page.locator('.drawer form').count()).toBe(0);
  });

  it('escalates a message to a role, which is confirmed, passed on or cancelled', async () => {
    const state = ({ page }: WatchedPage, text: string) => bubble(page, text).locator('.escalation');
    const escalate = async (text: string) => {
      await bubble(ada.page, text).getByRole('button', { name: 'Escalate' }).click();
      await expect.poll(() => state(ada, text).innerText()).toContain('asking the role');
    };
    await grace.page.getByRole('link', { name: /Chest pain in bed 9/ }).click();
    await escalate('Chest pain');
    await state(grace, 'Chest pain').getByRole('button', { name: 'I take care' }).click();
    for (const person of [ada, grace])
      await expect.poll(() => state(person, 'Chest pain').innerText()).toContain('confirmed');
    expect(await state(ada, 'Chest pain').getByRole('button').count()).toBe(0);

    await write(ada.page, 'Now bed 10 as well');
    await escalate('Now bed 10');
    await state(grace, 'Now bed 10').getByRole('button', { name: 'Next step' }).click();
    await expect.poll(() => state(ada, 'Now bed 10').innerText()).toContain('asking Frances Allen (step 1 of 2)');
    expect(await accessibilityProblems(grace.page)).toEqual([]);
    await ada.screenshot('app-escalation');
    await state(ada, 'Now bed 10').getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => state(grace, 'Now bed 10').innerText()).toContain('cancelled');
  });

  it('answers with one of the quick replies', async () => {
    await grace.page.getByRole('button', { name: 'Quick replies' }).click();
    await grace.page.getByRole('button', { name: 'On my way' }).click();
    await bubble(ada.page, 'On my way').waitFor();
    expect(await accessibilityProblems(grace.page)).toEqual([]);
    await grace.screenshot('app-quick-replies');
  });

  it('discards all data after a remote sign-out', async () => {
    await control.wipe('grace');
    await grace.page.getByLabel('Password').waitFor();
    expect(await grace.page.evaluate(() => sessionStorage.length)).toBe(0);
    await signIn(grace, 'grace');
    await expect.poll(() => connection(grace.page).innerText()).toBe('Connected');
  });

  it('discards all data on signing out', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.goBack();
    await page.reload();
    await page.getByLabel('Password').waitFor();
  });
});

describe.each([
  ['on an upstream without history', { sandbox: { api: 'v2' } }],
  ['on the event stream of v5', { config: { upstreamApi: 'v5' } }],
] as const)('the sample app %s', (_name, options) => {
  const hasHistory = 'config' in options;
  let sample: SampleApp;
  let stack: Stack;
  let ada: WatchedPage;
  beforeAll(async () => {
    sample = await startSampleApp({ ...options, browser });
    stack = sample.stack;
    ada = await sample.open();
  });
  afterAll(() => sample[Symbol.asyncDispose]());

  const tellAda = async (body: string) => {
    const [grace, { id: recipient }] = [await demoPerson(stack, 'grace'), await demoPerson(stack, 'ada')];
    return grace.answer(say, { input: { recipient, body } });
  };

  it('shows arriving messages, marks them as read, and indicates whether history is available', async () => {
    const { page } = ada;
    await signIn(ada, 'ada');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await openConversation(page, 'Alan Turing');
    const none = page.getByText('This service keeps no history');
    await expect.poll(async () => (await shownIds(page)).length > 0 || (await none.count()) > 0).toBe(true);
    await tellAda('The lift is stuck');
    await page.getByRole('link', { name: /Grace Hopper.*The lift is stuck.*unread/s }).waitFor();
    await openConversation(page, 'Grace Hopper');
    await bubble(page, 'The lift is stuck').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /Grace Hopper.*unread/s }).count()).toBe(0);
    await write(page, 'I take the stairs');
    await expect.poll(() => bubble(page, 'I take the stairs').innerText()).toContain('✓');
    expect(await bubble(page, 'I take the stairs').count()).toBe(1);
    expect(ada.consoleErrors).toEqual([]);
    await ada.screenshot(hasHistory ? 'app-v5' : 'app-v2');
  });

  it('has everything after a stream outage, and the upstream’s messages after a reload', async () => {
    const { page } = ada;
    const control = controlOf(stack.sandbox);
    const connections = await watchConnection(page);
    await control.restart(1_500);
    await expect.poll(async () => (await connections()).join()).toContain('Connecting…');
    await expect.poll(async () => (await tellAda('It moves again')).errors).toBeUndefined();
    await bubble(page, 'It moves again').waitFor();
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    expect(await bubble(page, 'The lift is stuck').count()).toBe(1);
    await page.reload();
    await page.getByRole('heading', { name: 'Grace Hopper', level: 2 }).waitFor();
    const shown = hasHistory ? bubble(page, 'It moves again') : page.getByText('This service keeps no history');
    await shown.first().waitFor();
    const kept = await keptBy(page);
    for (const text of ['Message:', 'moves again', 'Grace']) expect(kept).not.toContain(text);
  });
});
