/** The sample app on a gateway with sessions: everything works, and no byte of the key pair reaches the browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bubble, connection, keptBy, openConversation, signIn, write } from '../support/app-page.ts';
import { sessionKey } from '../support/browser-session.ts';
import type { WatchedPage } from '../support/chromium.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { type SampleApp, startSampleApp } from '../support/sample-app.ts';

describe('the sample app with a session', () => {
  let proxy: RecordingProxy;
  let sample: SampleApp;
  let ada: WatchedPage;
  /** Bodies and headers of all answers, and all frames of sockets. */
  const seen: Promise<string>[] = [];

  beforeAll(async () => {
    sample = await startSampleApp({
      config: { sessionKeys: [sessionKey()] },
      between: async (sandboxUrl) => {
        proxy = await startRecordingProxy(sandboxUrl);
        return proxy;
      },
    });
    ada = await sample.open();
    ada.page.on('response', (response) => {
      seen.push(response.text().catch(() => ''));
      // Set-Cookie included, which pages do not see.
      seen.push(response.headersArray().then((headers) => JSON.stringify(headers)));
      seen.push(
        response
          .request()
          .allHeaders()
          .then((headers) => JSON.stringify(headers)),
      );
    });
    ada.page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => seen.push(Promise.resolve(String(payload))));
      socket.on('framesent', ({ payload }) => seen.push(Promise.resolve(String(payload))));
    });
  });
  afterAll(async () => {
    await sample[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  it('signs in, reads, sends a file, and continues after a reload', async () => {
    const { page } = ada;
    await signIn(ada, 'ada');
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await openConversation(page, 'Grace Hopper');
    await write(page, 'Is room 4 ready?');
    await expect.poll(() => bubble(page, 'Is room 4').innerText()).toContain('✓');
    const buffer = Buffer.from('Bed 12, from noon');
    await page.getByLabel('Attach a file').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('link', { name: 'note.txt' }).waitFor();
    await page.reload();
    await expect.poll(() => connection(page).innerText()).toBe('Connected');
    await bubble(page, 'Is room 4').waitFor();
  });

  it('receives and stores no byte of the key pair', async () => {
    const sent = proxy.requests.flatMap(({ headers }) => headers.filter(([name]) => name === 'authorization'));
    const encoded = [...new Set(sent.map(([, value]) => value.split(' ')[1] ?? ''))];
    const pairs = encoded.map((text) => Buffer.from(text, 'base64').toString().split(':'));
    const { page } = ada;
    const kept = await keptBy(page);
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' }]);
    const everything = [...(await Promise.all(seen)), kept, JSON.stringify(cookies), await page.content()].join('\n');
    // The answers are among it, and the pair that signing in gave is another than the password.
    expect(everything).toContain('Is room 4 ready?');
    expect(pairs.filter(([, secret = '']) => secret.length > 20)).toHaveLength(1);
    for (const [key = '', secret = ''] of pairs) {
      if (secret === 'demo') continue;
      for (const text of [key, secret, ...encoded.filter((one) => one.length > 40)])
        expect(everything).not.toContain(text);
    }
    expect(kept).not.toContain(cookies[0]?.value);
    expect(JSON.parse(JSON.parse(kept)[0].session)).toMatchObject({ authorization: '', name: 'Ada Lovelace' });
    expect(ada.consoleErrors).toEqual([]);
  });

  it('leaves nothing in the browser after signing out', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
  });
});
