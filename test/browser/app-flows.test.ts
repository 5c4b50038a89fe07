/** The sample app as a nurse uses it: drafts, confirmations, notices and offered actions. */

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { act, bubble, connection, openConversation, signIn, write } from '../support/app-page.ts';
import type { WatchedPage } from '../support/chromium.ts';
import { say } from '../support/conversations.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { present } from '../support/present.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import type { Stack } from '../support/stack.ts';

const type = `mutation ($input: TypingInput!) { startTyping(input: $input) { isTyping } }`;
const findGroup = `{ conversations(first: 50) { nodes { id counterpart { ... on Group { id name } } } } }`;
const read = `mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { id } } }`;

let sample: SampleApp;
let stack: Stack;
let control: SandboxControl;
let ada: WatchedPage;
let page: Page;
let grace: DemoPerson;
let adaHerself: DemoPerson;
beforeAll(async () => {
  sample = await startSampleApp();
  stack = sample.stack;
  control = controlOf(stack.sandbox);
  [grace, adaHerself] = [await demoPerson(stack, 'grace'), await demoPerson(stack, 'ada')];
  ada = await sample.open();
  page = ada.page;
});
afterEach(() => control.clearFaults());
afterAll(() => sample[Symbol.asyncDispose]());

const composer = () => page.getByPlaceholder('Write a message');
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('placeholder'));
const tellAda = (body: string) => grace.ask(say, { input: { recipient: adaHerself.id, body } });

describe('writing in the sample app', { timeout: 300_000 }, () => {
  it('stores a draft with its options per conversation, and focuses the composer', async () => {
    await signIn(ada, 'ada');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await openConversation(page, 'Grace Hopper');
    await expect.poll(focused).toBe('Write a message');
    await composer().fill('Could you look at');
    await page.getByLabel('Urgent').check();
    await openConversation(page, 'Alan Turing');
    expect(await composer().inputValue()).toBe('');
    expect(await page.getByLabel('Urgent').isChecked()).toBe(false);
    await page.getByRole('link', { name: /Grace Hopper.*Draft: Could you look at/s }).waitFor();
    await openConversation(page, 'Grace Hopper');
    expect(await composer().inputValue()).toBe('Could you look at');
    expect(await page.getByLabel('Urgent').isChecked()).toBe(true);
  });

  it('applies options to one message, and shows them on it', async () => {
    await control.fault({ kind: 'status', operationId: 'sendMessageV5', caller: 'ada', status: 503 });
    await page.getByLabel('Delete once read').check();
    await page.getByLabel('Keep for').selectOption('1 hour');
    await composer().fill('Could you look at bed 3?');
    await page.keyboard.press('Enter');
    for (const words of ['Urgent', 'deleted once read', 'kept for 1 hour'])
      await expect.poll(() => bubble(page, 'bed 3?').innerText()).toContain(words);
    expect(await page.getByLabel('Urgent').isChecked()).toBe(false);
    expect(await page.getByLabel('Delete once read').isChecked()).toBe(false);
    expect(await page.getByLabel('Keep for').inputValue()).toBe('0');
    await control.clearFaults();
    await expect.poll(() => bubble(page, 'bed 3?').innerText()).toMatch(/expires in (60 min|1 h)[\s\S]*✓/);
    expect(await focused()).toBe('Write a message');
  });

  it('shows why a message is not sent, offers a retry only if it can succeed, and discards the message', async () => {
    await control.fault({ kind: 'status', operationId: 'sendMessageV5', caller: 'ada', status: 403, count: 1 });
    await write(page, 'Is anyone there?');
    const failed = bubble(page, 'Is anyone there?');
    await expect.poll(() => failed.innerText()).toContain('Not sent. You may not write here.');
    expect(await failed.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await failed.getByRole('button', { name: 'Drop' }).click();
    await failed.waitFor({ state: 'detached' });
  });

  it('detects a lost network at once, and sends once when it is back', async () => {
    await page.context().setOffline(true);
    await expect.poll(() => connection(page).innerText()).toBe('No network');
    await write(page, 'From the lift');
    await expect
      .poll(() => bubble(page, 'From the lift').innerText())
      .toContain('Not sent. It is tried again by itself.');
    await page.context().setOffline(false);
    await expect.poll(() => bubble(page, 'From the lift').innerText()).toContain('✓');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    expect(await bubble(page, 'From the lift').count()).toBe(1);
  });

  it('reports a lost text after a reload, and stores no texts', async () => {
    await control.fault({ kind: 'status', operationId: 'sendMessageV5', caller: 'ada', status: 503 });
    await write(page, 'Ward round at nine');
    await expect.poll(() => bubble(page, 'Ward round').innerText()).toContain('Not sent.');
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Ward round');
    await page.reload();
    const lost = bubble(page, 'The text of this message is gone');
    await lost.waitFor();
    expect(await lost.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await lost.getByRole('button', { name: 'Drop' }).click();
    await lost.waitFor({ state: 'detached' });
  });

  it('rejects a too large file before sending, and shows the progress of an upload', async () => {
    const attach = (name: string, bytes: number) =>
      page.evaluate(
        ([file, size]) => {
          const chosen = new DataTransfer();
          chosen.items.add(new File([new Uint8Array(size)], file, { type: 'application/pdf' }));
          const input = document.querySelector<HTMLInputElement>('input[type=file]');
          Object.assign(input ?? {}, { files: chosen.files });
          input?.dispatchEvent(new Event('change', { bubbles: true }));
        },
        [name, bytes] as const,
      );
    await attach('scan.pdf', 26 * 1024 * 1024);
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('scan.pdf is too large');
    expect(await page.getByRole('alert').innerText()).toContain('25 MB');
    await attach('letter.pdf', 3 * 1024 * 1024);
    await page.getByRole('button', { name: 'Remove the file' }).waitFor();
    await control.fault({ kind: 'delay', operationId: 'sendMessage', caller: 'ada', count: 1, delayMs: 2_000 });
    await page.keyboard.press('Enter');
    const file = bubble(page, 'letter.pdf').last();
    await expect.poll(() => file.getByRole('progressbar').getAttribute('value')).toBe('1');
    await expect.poll(() => file.innerText()).toContain('✓');
    await page.getByRole('link', { name: 'letter.pdf' }).waitFor();
  });
});

describe('reading in the sample app', () => {
  it('jumps to new messages below, and counts them', async () => {
    await openConversation(page, 'Grace Hopper');
    await page.locator('.messages').evaluate((list) => list.scrollTo(0, -1_500));
    await page.getByRole('button', { name: 'Newest message' }).waitFor();
    await tellAda('Below one');
    await tellAda('Below two');
    await page.getByRole('button', { name: '2 new' }).click();
    await expect.poll(() => page.locator('.messages').evaluate((list) => list.scrollTop)).toBe(0);
    await expect.poll(() => page.getByRole('button', { name: /2 new|Newest/ }).count()).toBe(0);
    await expect.poll(() => page.locator('[aria-live="polite"]', { hasText: 'Below two' }).count()).toBe(1);
  });

  it('shows typing members and readers of a message in a group, and lists its members', async () => {
    const name = 'Cardiology night shift';
    await openConversation(page, name);
    const { conversations } = await grace.ask(findGroup);
    const group = present(conversations.nodes.find(({ counterpart }) => counterpart.name === name));
    await grace.ask(type, { input: { recipient: group.counterpart.id } });
    await page.getByText('Grace Hopper is typing').waitFor();
    await write(page, 'Who has the keys?');
    await expect.poll(() => bubble(page, 'Who has the keys?').innerText()).toContain('✓');
    const id = await bubble(page, 'Who has the keys?').getAttribute('id');
    await grace.ask(read, { input: { conversation: group.id, status: 'READ', through: id } });
    await expect.poll(() => bubble(page, 'Who has the keys?').innerText()).toContain('Read by 1');
    await act(bubble(page, 'Who has the keys?'), 'Who read it');
    const readers = page.getByRole('dialog', { name: 'Who read it' });
    await expect.poll(() => readers.innerText()).toMatch(/Grace Hopper\s+Read · /);
    await page.keyboard.press('Escape');
    await readers.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Members' }).click();
    await expect.poll(() => page.getByRole('dialog').innerText()).toContain('Grace Hopper');
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('mutes a conversation for a time, which the count in the title then excludes', async () => {
    await openConversation(page, 'Alan Turing');
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    await page.getByRole('button', { name: '8 hours' }).click();
    await page.getByRole('link', { name: /Alan Turing.*Muted/s }).waitFor();
    await page.getByRole('button', { name: 'Unmute' }).click();
    await expect.poll(() => page.getByRole('link', { name: /Alan Turing.*Muted/s }).count()).toBe(0);
  });
});

describe('beginning in the sample app', () => {
  const find = async (words: string) => {
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('searchbox', { name: 'Name of a person, group or role' }).fill(words);
  };

  it('forwards a message with the keyboard alone', async () => {
    await openConversation(page, 'Grace Hopper');
    await tellAda('Lab result 7.2');
    await bubble(page, 'Lab result').getByRole('button', { name: 'Actions' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Forward to' });
    await dialog.getByRole('searchbox').fill('alan tur');
    await expect.poll(() => dialog.getByRole('listitem').count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[aria-live="polite"]', { hasText: 'Forwarded to Alan Turing' }).waitFor({ state: 'attached' });
    await openConversation(page, 'Alan Turing');
    await expect.poll(() => bubble(page, 'Lab result').innerText()).toContain('Forwarded, first from Grace Hopper');
  });

  it('finds people and roles, and opens a conversation with one', async () => {
    await find('katherine');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Katherine Johnson/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Katherine Johnson', level: 2 }).waitFor();
    await write(page, 'Welcome to the ward');
    await expect.poll(() => bubble(page, 'Welcome to').innerText()).toContain('✓');
    await find('cardiologist');
    await page.getByRole('dialog').getByLabel('Message to Cardiologist on call').fill('Chest pain in bed 9');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Cardiologist on call', level: 2 }).waitFor();
    await bubble(page, 'Chest pain in bed 9').waitFor();
  });

  it('creates a group of the selected people', async () => {
    await find('grace h');
    await page.getByLabel('Add Grace Hopper to a group').first().check();
    await page.getByRole('searchbox', { name: 'Name of a person' }).fill('alan t');
    await page.getByLabel('Add Alan Turing to a group').first().check();
    await page.getByLabel('Name of the group').fill('Bed 9 tonight');
    await page.getByRole('button', { name: 'Create a group with 2' }).click();
    await page.getByRole('heading', { name: 'Bed 9 tonight', level: 2 }).waitFor();
    await write(page, 'Let us share what we know');
    await expect.poll(() => bubble(page, 'Let us share').innerText()).toContain('✓');
  });

  it('reports no errors except those of failed calls', () => {
    expect(ada.consoleErrors.filter((error) => !/Failed to load resource|WebSocket/.test(error))).toEqual([]);
  });
});

it('is German for browsers that prefer German', { timeout: 300_000 }, async () => {
  const context = await sample.browser.newContext({ locale: 'de-AT', reducedMotion: 'reduce' });
  const german = await context.newPage();
  await german.goto(sample.app.url);
  await german.getByLabel('Anmeldename').fill('grace');
  await german.getByLabel('Passwort').fill('demo');
  await german.getByRole('button', { name: 'Anmelden' }).click();
  await expect.poll(() => connection(german).innerText()).toBe('Verbunden');
  await german.getByRole('link', { name: /^Ada Lovelace \d/ }).click();
  await german.getByPlaceholder('Nachricht schreiben').fill('Guten Morgen');
  await german.keyboard.press('Enter');
  await expect.poll(() => bubble(german, 'Guten Morgen').last().innerText()).toMatch(/✓ (Gesendet|Zugestellt)|✓✓/);
  await german.locator('.day', { hasText: 'Heute' }).waitFor({ state: 'attached' });
  expect(await german.evaluate(() => document.documentElement.lang)).toBe('de');
  expect(await german.evaluate(() => document.getAnimations().length)).toBe(0);
  await context.close();
});
