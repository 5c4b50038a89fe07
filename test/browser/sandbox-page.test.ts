/** The overview of the sandbox in a browser. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { accessibilityProblems } from '../support/accessibility.ts';
import { launchChromium, openPage } from '../support/chromium.ts';

let sandbox: Sandbox;
let browser: Browser;
beforeAll(async () => {
  [sandbox, browser] = await Promise.all([startSandbox(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await sandbox.close();
});

it('the overview has a table of contents and links to the pages in front of it, and fits a phone', async () => {
  const { page, consoleErrors, screenshot } = await openPage(browser, sandbox.url);
  expect(await page.getByText('npm run app').count()).toBe(1);
  sandbox.link('GraphiQL', 'http://127.0.0.1:4000/graphql');
  sandbox.link('Sample app', 'http://127.0.0.1:5173/');
  await page.setViewportSize({ width: 390, height: 800 });
  await page.reload();
  expect(await page.getByRole('link', { name: 'GraphiQL' }).getAttribute('href')).toBe('http://127.0.0.1:4000/graphql');
  expect(await page.getByRole('link', { name: 'Sample app' }).getAttribute('href')).toBe('http://127.0.0.1:5173/');
  const names = await page.getByRole('navigation', { name: 'Contents' }).getByRole('link').allInnerTexts();
  expect(names).toEqual(await page.locator('h2').allInnerTexts());
  for (const name of names) {
    await page.getByRole('link', { name, exact: true }).click();
    expect(await page.evaluate(() => document.querySelector(':target')?.textContent)).toBe(name);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(consoleErrors).toEqual([]);
  await screenshot('sandbox-overview-narrow');
});

it('the overview is usable by all', async () => {
  const { page } = await openPage(browser, sandbox.url);
  expect(await accessibilityProblems(page)).toEqual([]);
});
