/** A real Chromium without access to other machines. */
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium-setup.ts';

/** Where pictures go, and whether any are made: to draw one takes a page longer than most of what tests do with it. */
const pictures = process.env['SCREENSHOTS'];

/** Bound of each action on a page, milliseconds: it ends what hangs; a busy machine takes more than the default of 30 s. */
const actionTimeoutMs = 90_000;

export interface WatchedPage {
  readonly page: Page;
  /** Requests to any other host than the one the page came from. */
  readonly foreignRequests: readonly string[];
  /** Errors on the console and uncaught exceptions. */
  readonly consoleErrors: readonly string[];
  /** Writes a picture for people to look at into the folder SCREENSHOTS, if that is set. */
  screenshot(name: string): Promise<void>;
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** @param prepare Done with the page before it loads. */
export async function openPage(
  browser: Browser,
  url: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(actionTimeoutMs);
  const foreignRequests: string[] = [];
  const consoleErrors: string[] = [];
  const { host } = new URL(url);
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (!['blob:', 'data:'].includes(target.protocol) && target.host !== host) foreignRequests.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  await prepare?.(page);
  await page.goto(url);
  return {
    page,
    foreignRequests,
    consoleErrors,
    async screenshot(name) {
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
    },
  };
}
