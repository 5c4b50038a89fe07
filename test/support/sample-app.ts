/** The sample app in a browser, in front of its own gateway and sandbox. */
import type { Browser } from 'playwright-core';
import { type AppServer, builtSampleApp, startAppServer } from './app-server.ts';
import { launchChromium, openPage, type WatchedPage } from './chromium.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export interface SampleApp extends AsyncDisposable {
  readonly stack: Stack;
  readonly app: AppServer;
  readonly browser: Browser;
  /** A page of its own context, as another person has it. */
  open(): Promise<WatchedPage>;
}

export interface SampleAppOptions extends StackOptions {
  /** Used instead of one of its own; not closed with it. */
  readonly browser?: Browser;
}

export async function startSampleApp(options: SampleAppOptions = {}): Promise<SampleApp> {
  const { browser: given, ...stackOptions } = options;
  const [stack, built, browser] = await Promise.all([
    startStack(stackOptions),
    builtSampleApp(),
    given ?? launchChromium(),
  ]);
  const app = await startAppServer(stack.gateway.url, built);
  const pages: WatchedPage[] = [];
  return {
    stack,
    app,
    browser,
    async open() {
      const opened = await openPage(browser, app.url);
      pages.push(opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const { page } of pages) await page.context().close();
      if (given === undefined) await browser.close();
      await app[Symbol.asyncDispose]();
      await stack[Symbol.asyncDispose]();
    },
  };
}
