/** All actions of the sample app with the keyboard alone: the focus is visible at each stop, and never lost. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heartTrace } from '../../src/sandbox/seed/files.ts';
import { bubble, connection } from '../support/app-page.ts';
import type { WatchedPage } from '../support/chromium.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { present } from '../support/present.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';

const groups = `{ conversations(first: 50) { nodes { counterpart { ... on Group { name members(first: 50) { nodes { displayName } } } } } } }`;
/** Stops of the Tab key between any two things on the page, and steps of the arrow keys to one of the first lines of a list. */
const mostStops = 40;

let sample: SampleApp;
let ada: WatchedPage;
let page: Page;
let herself: DemoPerson;
beforeAll(async () => {
  sample = await startSampleApp();
  herself = await demoPerson(sample.stack, 'ada');
  ada = await sample.open();
  page = ada.page;
  // The first listener has Chromium ask the test for files, which takes effect some time after.
  page.on('filechooser', () => {});
});
afterAll(() => sample[Symbol.asyncDispose]());

/** What has the focus: its name, the message around it, and whether one sees that it has the focus. */
const focused = () =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement & { readonly labels?: NodeListOf<HTMLElement> };
    const label = element.labels?.[0];
    const name = element.ariaLabel ?? label?.innerText ?? element.getAttribute('placeholder') ?? element.innerText;
    const outlines = [element, ...(label === undefined ? [] : [label])].map(
      (one) => getComputedStyle(one).outlineStyle,
    );
    return {
      name: element === document.body ? 'nothing' : name.trim(),
      message: element.closest<HTMLElement>('.bubble')?.innerText ?? '',
      isSeen: outlines.some((style) => style !== 'none'),
    };
  });

const press = (key: string) => page.keyboard.press(key);
const type = (text: string) => page.keyboard.type(text);

/** Goes on with the key until what has the focus is called so, in the message with this text. */
async function go(key: 'Tab' | 'Shift+Tab' | 'ArrowUp' | 'ArrowDown', name: string, message = ''): Promise<void> {
  const passed: string[] = [];
  for (let stops = 0; stops < mostStops; stops++) {
    await press(key);
    const stop = await focused();
    passed.push(stop.name);
    if (stop.name !== 'nothing') expect(stop, 'shows that it has the focus').toMatchObject({ isSeen: true });
    if (stop.name.startsWith(name) && stop.message.includes(message)) return;
  }
  throw new Error(`${name} is not among ${passed.join(' | ')}`);
}

/** From the text to the actions of a message: the messages are one stop, in which the arrow keys go on. */
async function goToActions(message: string): Promise<void> {
  await go('Shift+Tab', 'Actions');
  if (!(await focused()).message.includes(message)) await go('ArrowUp', 'Actions', message);
}

const focusIs = (name: string) => expect.poll(async () => (await focused()).name).toContain(name);
const isOpen = (name: string) => page.getByRole('heading', { name, level: 2 }).waitFor();
const composer = /Message to/;

async function send(text: string): Promise<void> {
  await expect.poll(async () => (await focused()).name).toMatch(composer);
  await type(text);
  await press('Enter');
  await expect.poll(() => bubble(page, text).last().innerText()).toContain('✓');
}

/** Names of the members of Ada's group of this name. */
async function membersOf(name: string): Promise<string[]> {
  const { conversations } = await herself.ask(groups);
  const { counterpart } = present(conversations.nodes.find((node) => node.counterpart.name === name));
  return counterpart.members.nodes.map(({ displayName }) => displayName).sort();
}

describe('the sample app with the keyboard alone', () => {
  it('signs in, opens a conversation and writes', async () => {
    await go('Tab', 'Login name');
    await type('ada@example.org');
    await press('Tab');
    await type('demo');
    await press('Enter');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
    await go('Tab', 'Find');
    await press('Tab');
    if (!(await focused()).name.startsWith('GH')) await go('ArrowDown', 'GH');
    await press('Enter');
    await isOpen('Grace Hopper');
    await send('Is bed 4 free?');
  });

  it('confirms a recall, restores the focus, and focuses the composer once the message is removed', async () => {
    const recall = async () => {
      await press('Enter');
      await go('Tab', 'Recall', 'Is bed 4 free?');
      await press('Enter');
      await page.getByRole('dialog', { name: 'Recall' }).waitFor();
    };
    await goToActions('Is bed 4 free?');
    await press('Enter');
    await press('Tab');
    await focusIs('Forward');
    await press('Escape');
    await focusIs('Actions');
    await recall();
    await press('Escape');
    await focusIs('Actions');
    await recall();
    await go('Tab', 'Recall it');
    await press('Enter');
    await bubble(page, 'Is bed 4 free?').waitFor({ state: 'detached' });
    await focusIs('Message to Grace Hopper');
  });

  it('forwards a message', async () => {
    await send('Bed 5 is free');
    await goToActions('Bed 5 is free');
    await press('Enter');
    await go('Tab', 'Forward', 'Bed 5 is free');
    await press('Enter');
    await go('Tab', 'Find');
    await type('alan tur');
    await expect.poll(() => page.getByRole('dialog').getByRole('listitem').count()).toBe(1);
    await go('Tab', 'AT');
    await press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusIs('Actions');
    await page.getByRole('link', { name: /Alan Turing.*Bed 5 is free/s }).waitFor();
  });

  it('finds a conversation', async () => {
    await go('Shift+Tab', 'Find');
    await type('florence');
    await expect.poll(() => page.locator('.roster li').count()).toBe(1);
    await press('Tab');
    await press('Enter');
    await isOpen('Florence Nightingale');
    await focusIs('Message to Florence Nightingale');
    await go('Shift+Tab', 'Find');
    await press('ControlOrMeta+a');
    await press('Delete');
  });

  it('begins a conversation with a person', async () => {
    await go('Shift+Tab', 'New conversation');
    await press('Enter');
    await go('Tab', 'Name of a person');
    await type('katherine');
    await page.getByRole('dialog').getByRole('button', { name: 'Katherine Johnson' }).first().waitFor();
    await go('Tab', 'KJ');
    await press('Enter');
    await isOpen('Katherine Johnson');
    await send('Welcome to the ward');
  });

  it('creates a group, adds and removes members', async () => {
    const choose = async (words: string, name: string) => {
      await press('ControlOrMeta+a');
      await type(words);
      await page.getByLabel(`Add ${name} to a group`).first().waitFor();
      await go('Tab', `Add ${name} to a group`);
      await press('Space');
      await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
    };
    await go('Shift+Tab', 'New conversation');
    await press('Enter');
    await go('Tab', 'Name of a person');
    await type('ad');
    await page.getByLabel('Add Adele Goldberg to a group').first().waitFor();
    expect(await page.getByLabel('Add Ada Lovelace to a group').count()).toBe(0);
    await choose('grace h', 'Grace Hopper');
    await go('Shift+Tab', 'Name of a person');
    await choose('alan t', 'Alan Turing');
    await go('Shift+Tab', 'Name of the group');
    await type('Night team');
    await press('Enter');
    await isOpen('Night team');
    await focusIs('Message to Night team');
    expect(await membersOf('Night team')).toEqual(['Ada Lovelace', 'Alan Turing', 'Grace Hopper']);

    await go('Shift+Tab', 'Members');
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Members' });
    await dialog.getByRole('button', { name: 'Remove Alan Turing' }).waitFor();
    expect(await dialog.getByRole('button', { name: 'Remove Ada Lovelace' }).count()).toBe(0);
    await go('Tab', 'Add a person by name');
    await type('katherine');
    await dialog.getByRole('button', { name: 'Add Katherine Johnson' }).waitFor();
    await go('Tab', 'Add Katherine Johnson');
    await press('Enter');
    await dialog.getByText('Katherine Johnson is a member now.').waitFor();
    await focusIs('Add a person by name');
    await go('Tab', 'Remove Alan Turing');
    await press('Enter');
    await dialog.getByText('Alan Turing is no member any more.').waitFor();
    await focusIs('Add a person by name');
    await press('Escape');
    await focusIs('Members');
    expect(await membersOf('Night team')).toEqual(['Ada Lovelace', 'Grace Hopper', 'Katherine Johnson']);
    await expect.poll(() => page.locator('.conversation > header p').innerText()).toContain('3 members');
  });

  it('mutes and unmutes a conversation', async () => {
    await go('Tab', 'Mute');
    await press('Enter');
    await go('Tab', '8 hours');
    await press('Enter');
    await focusIs('Unmute');
    await page.getByRole('link', { name: /Night team.*Muted/s }).waitFor();
    await press('Enter');
    await focusIs('Mute');
  });

  it('attaches a file, with choices for the message', async () => {
    const attach = async () => {
      await go('Tab', 'Attach a file');
      const choosing = page.waitForEvent('filechooser');
      await press('Enter');
      await (await choosing).setFiles({ name: 'trace.png', mimeType: 'image/png', buffer: heartTrace(7) });
      await focusIs('Message to Night team');
    };
    await go('Tab', 'Message to Night team');
    await attach();
    await go('Tab', 'Remove the file');
    await press('Enter');
    await focusIs('Message to Night team');
    await attach();
    await go('Tab', 'Keep for');
    await type('1 hour');
    await go('Tab', 'Urgent');
    await press('Space');
    await go('Tab', 'Send');
    await press('Enter');
    const sent = bubble(page, 'Urgent').last();
    await sent.getByRole('img', { name: 'trace.png' }).waitFor();
    await expect.poll(() => sent.innerText()).toMatch(/expires in (60 min|1 h)[\s\S]*✓/);
    await focusIs('Message to Night team');
  });

  it('answers with a quick reply', async () => {
    await go('Tab', 'Quick replies');
    await press('Enter');
    await page.getByRole('list', { name: 'Quick replies' }).getByRole('button', { name: 'On my way' }).waitFor();
    await go('Tab', 'On my way');
    await press('Enter');
    await bubble(page, 'On my way').waitFor();
    await focusIs('Message to Night team');
  });

  it('writes to a role, starts and ends an escalation', async () => {
    await go('Shift+Tab', 'On duty');
    await press('Enter');
    await page.getByLabel('Message to Cardiologist on call').waitFor();
    await go('Tab', 'Message to Cardiologist on call');
    await type('Chest pain in bed 9');
    await press('Enter');
    await isOpen('Cardiologist on call');
    await expect.poll(() => bubble(page, 'Chest pain in bed 9').innerText()).toContain('✓');
    await focusIs('Message to Ada Lovelace, Cardiologist on call');
    await go('Shift+Tab', 'Escalate', 'Chest pain in bed 9');
    await press('Enter');
    await bubble(page, 'Chest pain in bed 9').locator('.escalation').waitFor();
    await page.getByText(/^Ada Lovelace started the escalation #/).waitFor();
    await focusIs('Message to Ada Lovelace, Cardiologist on call');
    await go('Shift+Tab', 'Cancel', 'Chest pain in bed 9');
    await press('Enter');
    await expect.poll(() => bubble(page, 'Chest pain in bed 9').innerText()).toContain('cancelled');
    await focusIs('Message to Ada Lovelace, Cardiologist on call');
  });

  it('leaves a group after a confirmation', async () => {
    await go('Shift+Tab', 'Find');
    await type('night team');
    await expect.poll(() => page.locator('.roster .rows li').count()).toBe(1);
    await press('Tab');
    await press('Enter');
    await isOpen('Night team');
    const ask = async () => {
      await go('Shift+Tab', 'Members');
      await press('Enter');
      await page.getByRole('dialog', { name: 'Members' }).waitFor();
      await go('Tab', 'Leave the group');
      await press('Enter');
      await page.getByRole('dialog', { name: 'Leave the group' }).waitFor();
    };
    await ask();
    await press('Escape');
    await focusIs('Members');
    await ask();
    await go('Tab', 'Leave it');
    await press('Enter');
    await page.getByText('You are no member of Night team any more.').waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('.roster .rows li').count()).toBe(0);
    await focusIs('Find');
    await press('ControlOrMeta+a');
    await press('Delete');
  });

  it('signs out, and no page reported an error', async () => {
    await go('Shift+Tab', 'Sign out');
    await press('Enter');
    await page.getByLabel('Password').waitFor();
    expect(ada.consoleErrors).toEqual([]);
  });
});
