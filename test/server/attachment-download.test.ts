import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { createSignal } from '../support/signal.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { postForm, uploadForm } from '../support/upload.ts';
import { waitUntil } from '../support/wait.ts';
import { rejectWith, reply, startWireServer, type WireServer } from '../support/wire-server.ts';

const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

describe('a download', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let message: SchemaData['message'];
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    const { data } = await postForm(
      stack.gateway.url,
      uploadForm(
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id token attachments { url } } } }',
        { input: { recipient: grace.id, attachment: null } },
        new File([bytes], 'Befund Zwölf.png', { type: 'image/png' }),
      ),
    );
    ({ message } = present(data).sendMessage);
  });
  beforeEach(() => controlOf(stack.sandbox).clearFaults());
  afterAll(() => stack[Symbol.asyncDispose]());

  const download = (init: RequestInit & { as?: string | null } = {}, path = message.attachments[0].url) => {
    const { as = 'ada', headers, ...rest } = init;
    return fetch(`${stack.gateway.url}${path}`, {
      ...rest,
      headers: { ...(as === null ? {} : { authorization: basic(as) }), ...headers },
    });
  };

  it('returns the bytes to both sides, with type, length and name, not cacheable', async () => {
    for (const as of ['ada', 'grace']) {
      const response = await download({ as });
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(bytes.length),
        'content-disposition': `inline; filename="Befund Zw_lf.png"; filename*=UTF-8''Befund%20Zw%C3%B6lf.png`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'accept-ranges': 'bytes',
      });
    }
  });

  it.each([
    ['bytes=0-9', 'bytes 0-9/100000', 0, 10],
    ['bytes=99990-', 'bytes 99990-99999/100000', 99_990, 100_000],
    ['bytes=-5', 'bytes 99995-99999/100000', 99_995, 100_000],
  ])('returns the range %s', async (range, contentRange, from, to) => {
    const response = await download({ headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('content-length')).toBe(String(to - from));
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true);
  });

  it('of a range outside the file is 416', async () => {
    const response = await download({ headers: { range: 'bytes=100000-' } });
    expect(response.status).toBe(416);
    expect((await response.json()).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('with HEAD returns the headers of the file only', async () => {
    const response = await download({ method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(await response.text()).toBe('');
  });

  it.each([
    ['no credential', { as: null }, undefined, 401, 'UNAUTHENTICATED'],
    ['a bad credential', { headers: { authorization: basic('ada', 'wrong') } }, undefined, 401, 'UNAUTHENTICATED'],
    ['a malformed credential', { headers: { authorization: 'Basic ' } }, undefined, 401, 'UNAUTHENTICATED'],
    ['a message of others', { as: 'alan' }, undefined, 403, 'FORBIDDEN'],
    ['a message that is not there', {}, `/attachments/${absent}/1`, 404, 'NOT_FOUND'],
    ['a token that is none', { as: null }, `/attachments/${absent}/1?token=${absent}`, 401, 'UNAUTHENTICATED'],
  ])('with %s is rejected', async (_what, init, path, status, code) => {
    const response = await download(init, path);
    expect(response.status).toBe(status);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { errors } = await response.json();
    expect(errors).toMatchObject([{ extensions: { code, requestId: response.headers.get('x-request-id') } }]);
  });

  it('of a message without a file, of another number or by another method is rejected', async () => {
    const { sendMessage } = await ada.ask(
      'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { token } } }',
      { to: grace.id },
    );
    const missing = await download({}, `/attachments/${sendMessage.message.token}/1`);
    expect(missing.status).toBe(404);
    expect((await missing.json()).errors[0].message).toBe('There is no such attachment.');
    expect((await download({}, `/attachments/${message.token}/2`)).status).toBe(404);
    expect((await download({}, '/attachments/../secret/1')).status).toBe(404);
    const deleted = await download({ method: 'DELETE' });
    expect(deleted.status).toBe(405);
    expect(deleted.headers.get('allow')).toBe('GET, HEAD');
  });

  it('needs no credential with a download token, which determines its scope and lifetime', async () => {
    const create =
      'mutation ($input: CreateAttachmentTokensInput!) { createAttachmentTokens(input: $input) { tokens } }';
    const { tokens } = (await ada.ask(create, { input: { count: 20, lifetimeSeconds: 60 } })).createAttachmentTokens;
    expect(new Set(tokens).size).toBe(20);
    const path = `${message.attachments[0].url}?token=${tokens[0]}`;
    const response = await download({ as: null }, path);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    const [others] = (await (await demoPerson(stack, 'alan')).ask(create, { input: { count: 1 } }))
      .createAttachmentTokens.tokens;
    expect((await download({ as: null }, `${message.attachments[0].url}?token=${others}`)).status).toBe(403);
    await controlOf(stack.sandbox).shiftClock(61_000);
    expect((await download({ as: null }, `${message.attachments[0].url}?token=${tokens[1]}`)).status).toBe(401);
    await controlOf(stack.sandbox).shiftClock(-61_000);
    for (const [input, field] of [
      [{ count: 0 }, 'input.count'],
      [{ count: 21 }, 'input.count'],
      [{ count: 1, lifetimeSeconds: 0 }, 'input.lifetimeSeconds'],
    ] as const) {
      expect(await ada.rejection(create, { input })).toMatchObject({ code: 'BAD_USER_INPUT', field });
    }
  });

  it('with a download token that the upstream rejects says so, and leaves the credential beside it as it was', async () => {
    const path = `${message.attachments[0].url}?token=${absent}`;
    for (const as of [null, 'ada', 'nobody']) {
      const response = await download({ as }, path);
      expect(response.status).toBe(401);
      const { errors } = await response.json();
      expect(errors).toMatchObject([
        { message: 'The upstream rejected the download token.', extensions: { code: 'UNAUTHENTICATED' } },
      ]);
    }
    expect((await ada.ask('{ me { displayName } }')).me.displayName).toBe('Ada Lovelace');
    // A file that the credential may read.
    expect((await download()).status).toBe(200);
  });

  it('of a recalled or expired message is 404', async () => {
    const { data: sent } = await postForm(
      stack.gateway.url,
      uploadForm(
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { token } } }',
        { input: { recipient: grace.id, attachment: null } },
        new File(['gone'], 'gone.txt'),
      ),
    );
    const { sendMessage } = present(sent);
    const path = `/attachments/${sendMessage.message.token}/1`;
    expect((await download({}, path)).status).toBe(200);
    await controlOf(stack.sandbox).expire(sendMessage.message.token);
    expect((await download({}, path)).status).toBe(404);
  });

  it('from an unavailable upstream has Retry-After', async () => {
    const control = controlOf(stack.sandbox);
    await control.fault({
      kind: 'status',
      status: 429,
      retryAfter: 7,
      operationId: 'getMessageAttachment',
      caller: 'ada',
    });
    const response = await download();
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('7');
    await control.clearFaults();
    await control.fault({ kind: 'status', status: 202, form: 'empty', operationId: 'getMessageAttachment', count: 1 });
    const early = await download();
    expect(early.status).toBe(502);
    expect(early.headers.get('retry-after')).toBe('1');
  });

  it('whose message cannot be read has no file name', async () => {
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 500, operationId: 'getMessage', caller: 'ada' });
    const response = await download();
    expect(response.headers.get('content-disposition')).toBe('inline');
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });
});

describe('a download from an upstream of any kind', () => {
  const message = '5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11';
  const names = (server: WireServer, log: string) => server.requests.map(({ path }) => path).join(log);

  async function startFiles(fileName: string | undefined, contentType: string) {
    return startWireServer(({ path }, response) => {
      if (!path.includes('/attachment/')) {
        reply(response, {
          message_id: message,
          attachments: [{ 'content-type': contentType, size: 4 }],
          ...(fileName === undefined ? {} : { attachment_name: fileName }),
        });
      } else response.writeHead(200, { 'content-type': contentType }).end('file');
    });
  }

  it.each([
    ['a"b.png', 'image/png', `inline; filename="a_b.png"; filename*=UTF-8''a%22b.png`],
    [
      'a\r\nset-cookie: b=1.png',
      'image/png',
      `inline; filename="a__set-cookie: b=1.png"; filename*=UTF-8''a__set-cookie%3A%20b%3D1.png`,
    ],
    ['../../etc/pass\\wd', 'text/plain', `inline; filename=".._.._etc_pass_wd"; filename*=UTF-8''.._.._etc_pass_wd`],
    ['a\u202egnp.exe', 'application/x-msdownload', `attachment; filename="a_gnp.exe"; filename*=UTF-8''a_gnp.exe`],
    [
      "it's 100% (1)*.pdf",
      'application/pdf',
      `inline; filename="it's 100_ (1)*.pdf"; filename*=UTF-8''it%27s%20100%25%20%281%29%2A.pdf`,
    ],
    ['\ud800.txt', 'text/plain; charset=utf-8', `inline; filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`],
    ['page.html', 'text/html', `attachment; filename="page.html"; filename*=UTF-8''page.html`],
    ['picture.svg', 'image/svg+xml', `attachment; filename="picture.svg"; filename*=UTF-8''picture.svg`],
    [
      `${'n'.repeat(300)}.txt`,
      'text/plain',
      `inline; filename="${'n'.repeat(146)}.txt"; filename*=UTF-8''${'n'.repeat(146)}.txt`,
    ],
    [undefined, 'video/mp4', 'inline'],
  ])('has a safe file name: %j', async (fileName, contentType, disposition) => {
    await using server = await startFiles(fileName, contentType);
    await using stack = await startStack({ upstreamUrl: server.origin });
    const response = await fetch(`${stack.gateway.url}/attachments/${message}/1`, {
      headers: { authorization: basic('ada') },
    });
    expect(await response.text()).toBe('file');
    expect(response.headers.get('content-disposition')).toBe(disposition);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(names(server, ' ')).toContain(`/v2/message/${message}/attachment/1`);
  });

  it('has a type even when the upstream names none', async () => {
    await using server = await startWireServer(({ path }, response) =>
      path.includes('/attachment/') ? void response.end('file') : rejectWith(response, 404),
    );
    await using stack = await startStack({ upstreamUrl: server.origin });
    const response = await fetch(`${stack.gateway.url}/attachments/${message}/1`, {
      headers: { authorization: basic('ada') },
    });
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toBe('attachment');
  });

  it('streams while it is sent, and ends upstream when the client disconnects', async () => {
    const ended = createSignal();
    await using server = await startWireServer(({ path }, response) => {
      if (!path.includes('/attachment/')) return rejectWith(response, 404);
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000000' }).write('first');
      response.on('close', ended.fire);
    });
    await using stack = await startStack({ upstreamUrl: server.origin });
    const client = request(`${stack.gateway.url}/attachments/${message}/1`, {
      headers: { authorization: basic('ada') },
    });
    client.on('error', () => {}); // our own doing
    const first = await new Promise<string>((resolve) => {
      client.on('response', (response) => response.once('data', (chunk: Buffer) => resolve(chunk.toString())));
      client.end();
    });
    expect(first).toBe('first');
    client.destroy();
    await ended.fired;
  });

  it.each(['client', 'upstream'])('fails alone when its %s disconnects before it is forwarded', async (who) => {
    const ended = createSignal();
    let leave = () => {};
    await using server = await startWireServer(({ path }, response) => {
      if (!path.includes('/attachment/')) return; // its name is waited for
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000000' }).write('first');
      response.on('close', ended.fire);
      if (who === 'upstream') leave = () => response.destroy();
    });
    await using stack = await startStack({ upstreamUrl: server.origin, config: { upstreamTimeoutMs: 2_000 } });
    const client = request(`${stack.gateway.url}/attachments/${message}/1`, {
      headers: { authorization: basic('ada') },
    });
    const over = new Promise((resolve) => client.once('close', resolve));
    client.on('error', () => {}); // our own doing
    client.on('response', (response) => response.on('error', () => {}).resume());
    if (who === 'client') leave = () => client.destroy();
    client.end();
    const metrics = async () => (await fetch(`${stack.gateway.url}/metrics`)).text();
    // Its head has arrived.
    await expect.poll(metrics).toContain('operation_id="getMessageAttachment",outcome="OK"} 1');
    leave();
    await ended.fired;
    await over;
    expect((await fetch(`${stack.gateway.url}/healthz`)).status).toBe(200);
  });

  it('that breaks off upstream also breaks off for the client', async () => {
    await using server = await startWireServer(({ path }, response) => {
      if (!path.includes('/attachment/')) return rejectWith(response, 404);
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000000' }).write('first');
      setImmediate(() => response.destroy());
    });
    await using stack = await startStack({ upstreamUrl: server.origin });
    const response = await fetch(`${stack.gateway.url}/attachments/${message}/1`, {
      headers: { authorization: basic('ada') },
    }).catch(() => undefined);
    await expect(response?.text() ?? Promise.reject(new Error('cut'))).rejects.toThrow();
    await waitUntil(() => stack.logLines.some((line) => line.includes('attachment')));
  });
});
