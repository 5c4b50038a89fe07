/** Files on their way up: streamed, well-formed, and torn down from either side. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createGroup, updateGroup } from '../../src/upstream/endpoints/group.ts';
import { sendMessage } from '../../src/upstream/endpoints/send-message.ts';
import { updateUserSettings } from '../../src/upstream/endpoints/user.ts';
import type { Upload } from '../../src/upstream/upload.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { ada, grace, group, org } from '../support/endpoint-case.ts';
import { createSignal } from '../support/signal.ts';
import { connectTo, json, rejectWith, startRawServer } from '../support/wire-server.ts';

interface FormPart {
  readonly name: string;
  readonly type: string | undefined;
  readonly disposition: string;
  readonly namespace: string | undefined;
  readonly bytes: Buffer;
}

/** Reads a form; the parser is a library's, not ours. */
async function readForm(message: IncomingMessage): Promise<FormPart[]> {
  const parts: FormPart[] = [];
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const boundary = /boundary=(.+)$/.exec(message.headers['content-type'] ?? '')?.[1];
  // The library names fields and files; part headers it does not know are read here.
  const texts = body.toString('latin1').split(`--${boundary}`);
  expect(texts.at(-1)).toBe('--\r\n');
  for (const text of texts.slice(1, -1)) {
    const end = text.indexOf('\r\n\r\n');
    const head = Buffer.from(text.slice(0, end), 'latin1').toString();
    parts.push({
      name: /name="([^"]*)"/.exec(head)?.[1] ?? '',
      disposition: /content-disposition: (.*)/i.exec(head)?.[1] ?? '',
      type: /content-type: (.*)/i.exec(head)?.[1],
      namespace: /tt-x-namespace: (.*)/i.exec(head)?.[1],
      bytes: Buffer.from(text.slice(end + 4, -2), 'latin1'),
    });
  }
  const names: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const parser = new Busboy({ headers: { 'content-type': message.headers['content-type'] ?? '' } });
    parser.on('field', (name) => names.push(name));
    parser.on('file', (name, stream) => {
      names.push(name);
      stream.resume();
    });
    parser.on('finish', resolve);
    parser.on('error', reject);
    parser.end(body);
  });
  expect(names.toSorted()).toEqual(parts.map(({ name }) => name).toSorted());
  return parts;
}

async function startFormServer(
  answer: (parts: FormPart[], message: IncomingMessage, response: ServerResponse) => void,
) {
  return startRawServer(
    (message, response) => void readForm(message).then((parts) => answer(parts, message, response)),
  );
}

function file(bytes: string | Buffer, overrides: Partial<Upload> = {}): Upload {
  return {
    fileName: 'scan.png',
    contentType: 'image/png',
    stream: () => Readable.from([Buffer.from(bytes)]),
    ...overrides,
  };
}

describe('a message with a file', () => {
  it('is a form of text fields, one part per datum, and the file', async () => {
    let seen: FormPart[] = [];
    let headers: IncomingMessage['headers'] = {};
    await using server = await startFormServer((parts, message, response) => {
      seen = parts;
      headers = message.headers;
      json(response, 200, { reply: { message_id: 'm-1' } });
    });
    await using side = connectTo(server.origin);
    const sent = await sendMessage(side.upstream, {
      recipient: ada,
      body: 'Zwölf "quotes"\r\n--gateway',
      ttl: 1440,
      deleteOnRead: true,
      priority: 'LOW',
      senderOrganization: org,
      data: [{ mimeType: 'application/json', namespace: 'acme:bed', payload: '{"bed":4}' }],
      attachment: file(Buffer.from([0, 255, 128, 13, 10]), { size: 5 }),
      requestId: 'r-1',
    });
    expect(sent).toMatchObject({ token: 'm-1', alreadyStored: false });
    expect(headers).toMatchObject({ 'request-id': 'r-1', 'content-length': expect.stringMatching(/^\d+$/) });
    expect(seen.map(({ name, type, bytes }) => [name, type, bytes.toString('latin1')])).toEqual([
      ['recipient', 'text/plain; charset=utf-8', ada],
      ['body', 'text/plain; charset=utf-8', Buffer.from('Zwölf "quotes"\r\n--gateway').toString('latin1')],
      ['sender_organization', 'text/plain; charset=utf-8', org],
      ['recipient_organization', 'text/plain; charset=utf-8', org],
      ['ttl', 'text/plain; charset=utf-8', '1440'],
      ['dor', 'text/plain; charset=utf-8', 'true'],
      ['priority', 'text/plain; charset=utf-8', '-1'],
      ['data', 'application/json', '{"bed":4}'],
      ['attachment', 'image/png', '\x00\xff\x80\r\n'],
    ]);
    expect(seen[7]?.namespace).toBe('acme:bed');
  });

  it.each([
    ['a"b\r\nX-Evil: 1.png', 'a%22b%0D%0AX-Evil: 1.png'],
    ['Zwölf Ä.pdf', 'Zwölf Ä.pdf'],
    ['\0\x1f\x7f', '___'],
    ['x'.repeat(400), 'x'.repeat(255)],
  ])('cannot break out of its header: %j', async (fileName, written) => {
    let seen: FormPart[] = [];
    await using server = await startFormServer((parts, _message, response) => {
      seen = parts;
      json(response, 200, { reply: { message_id: 'm-1' } });
    });
    await using side = connectTo(server.origin);
    await sendMessage(side.upstream, {
      recipient: ada,
      attachment: file('x', { fileName, contentType: 'image/png\r\nX-Evil: 1' }),
      requestId: 'r-1',
    });
    const part = seen.at(-1);
    expect(part?.disposition).toBe(`form-data; name="attachment"; filename="${written}"`);
    expect(part?.type).toBe('application/octet-stream');
    expect(part?.bytes.toString()).toBe('x');
  });

  it.each(['a\r\nX-Evil: 1', '', 'ü'])(
    'is rejected when a datum’s namespace has characters that a header cannot contain: %j',
    async (namespace) => {
      await using side = connectTo('http://127.0.0.1:9');
      const data = [{ mimeType: 'application/json', namespace, payload: '{}' }];
      const send = sendMessage(side.upstream, { recipient: ada, data, attachment: file('x'), requestId: 'r-1' });
      await expect(send).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.data.0.namespace' });
    },
  );
});

describe('pictures', () => {
  it('of a new group are sent with its fields', async () => {
    let seen: FormPart[] = [];
    await using server = await startFormServer((parts, _message, response) => {
      seen = parts;
      json(response, 200, { reply: { token: group, name: 'Night' } });
    });
    await using side = connectTo(server.origin);
    const created = await createGroup(side.upstream, {
      name: 'Night',
      members: [ada, grace],
      isPublic: false,
      replayHistory: true,
      description: 'd',
      metadata: { shift: 'night' },
      avatar: file('png'),
    });
    expect(created).toMatchObject({ token: group, name: 'Night' });
    expect(seen.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ['name', 'Night'],
      ['members', `${ada},${grace}`],
      ['replay_history', 'true'],
      ['is_public', 'false'],
      ['description', 'd'],
      ['metadata', '{"shift":"night"}'],
      ['avatar', 'png'],
    ]);
    expect(seen[5]?.type).toBe('application/json');
  });

  it('of a changed group are sent with the changes, and the stored address is returned', async () => {
    let seen: FormPart[] = [];
    await using server = await startFormServer((parts, _message, response) => {
      seen = parts;
      response.writeHead(204, { 'TT-X-Group-Avatar': 'https://cdn.example.org/g.png' }).end();
    });
    await using side = connectTo(server.origin);
    const changed = await updateGroup(side.upstream, group, { name: 'Days', avatar: file('png') });
    expect(changed.avatarUrl).toBe('https://cdn.example.org/g.png');
    expect(seen.map(({ name }) => name)).toEqual(['name', 'avatar']);
  });

  it('of the caller are sent in a separate call, after the other fields', async () => {
    const calls: string[] = [];
    await using server = await startRawServer((message, response) => {
      calls.push(message.headers['content-type']?.split(';')[0] ?? '');
      message.resume().on('end', () => response.writeHead(204).end());
    });
    await using side = connectTo(server.origin);
    await updateUserSettings(side.upstream, grace, { statusText: 'on call', avatar: file('png') });
    await updateUserSettings(side.upstream, grace, { avatar: file('png') });
    expect(calls).toEqual(['application/json', 'multipart/form-data', 'multipart/form-data']);
  });
});

/** A file made as it is read, so that what was read of it can be counted. */
class MeasuredFile implements Upload {
  readonly fileName = 'large.bin';
  readonly contentType = 'application/octet-stream';
  readonly size: number;
  bytesRead = 0;
  opened = 0;
  source: Readable | undefined;

  constructor(size: number) {
    this.size = size;
  }

  stream(): Readable {
    this.opened++;
    const size = this.size;
    const take = (chunk: Buffer): void => {
      this.bytesRead += chunk.length;
    };
    let left = size;
    this.source = new Readable({
      read(wanted) {
        if (left === 0) {
          this.push(null);
          return;
        }
        const chunk = Buffer.alloc(Math.min(wanted, left), left % 251);
        left -= chunk.length;
        take(chunk);
        this.push(chunk);
      },
    });
    return this.source;
  }
}

const mebibyte = 1_048_576;

describe('a file of 20 MiB', () => {
  it('waits at the client while the upstream does not read, then arrives whole', async () => {
    const large = new MeasuredFile(20 * mebibyte);
    const arrived = createSignal();
    const read = createSignal();
    let bytes = 0;
    await using server = await startRawServer((message, response) => {
      message.pause();
      arrived.fire();
      void read.fired.then(() => {
        message.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        message.on('end', () => json(response, 200, { reply: { message_id: 'm-1' } }));
        message.resume();
      });
    });
    await using side = connectTo(server.origin);
    const sent = sendMessage(side.upstream, { recipient: ada, attachment: large, requestId: 'r-1' });
    await arrived.fired;
    // Until nothing moves any more: buffers of the sockets and streams on the way are full.
    let before = -1;
    await expect
      .poll(
        () => {
          const stands = large.bytesRead > 0 && large.bytesRead === before;
          before = large.bytesRead;
          return stands;
        },
        { interval: 100 },
      )
      .toBe(true);
    // Socket buffers of the kernel count too; the file as a whole is far beyond them.
    expect(large.bytesRead).toBeLessThan(10 * mebibyte);
    read.fire();
    expect((await sent).token).toBe('m-1');
    expect(large.bytesRead).toBe(large.size);
    expect(bytes).toBeGreaterThan(large.size);
    expect(side.logLines).toEqual([]);
    expect(large.opened).toBe(1);
  });

  it('is dropped on both sides when the client disconnects', async () => {
    const large = new MeasuredFile(20 * mebibyte);
    const arrived = createSignal();
    const closed = createSignal();
    let isWhole = false;
    await using server = await startRawServer((message) => {
      message.once('data', () => arrived.fire());
      message.on('end', () => {
        isWhole = true;
      });
      message.on('close', closed.fire);
    });
    const client = new AbortController();
    await using side = connectTo(server.origin, {}, { cancellation: cancellationOf(client.signal) });
    const sent = sendMessage(side.upstream, { recipient: ada, attachment: large, requestId: 'r-1' });
    await arrived.fired;
    client.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    await closed.fired;
    expect(isWhole).toBe(false);
    expect(large.source?.destroyed).toBe(true);
  });

  it('is dropped, and not sent twice, when the upstream cuts the connection', async () => {
    const large = new MeasuredFile(20 * mebibyte);
    let requests = 0;
    await using server = await startRawServer((message) => {
      requests++;
      message.once('data', () => message.destroy());
    });
    await using side = connectTo(server.origin);
    const sent = sendMessage(side.upstream, { recipient: ada, attachment: large, requestId: 'r-1' });
    await expect(sent).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(large.source?.destroyed).toBe(true);
    expect([requests, large.opened]).toEqual([1, 1]);
  });

  it('stops when the upstream rejects it early', async () => {
    const large = new MeasuredFile(20 * mebibyte);
    await using server = await startRawServer((message, response) => {
      message.once('data', () => {
        message.pause();
        rejectWith(response, 413);
      });
    });
    await using side = connectTo(server.origin);
    const sent = sendMessage(side.upstream, { recipient: ada, attachment: large, requestId: 'r-1' });
    await expect(sent).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(large.source?.destroyed).toBe(true);
    expect(large.bytesRead).toBeLessThan(large.size);
  });
});

describe('a file that breaks off', () => {
  async function sendBroken(source: () => Readable, size?: number) {
    const closed = createSignal();
    let requests = 0;
    await using server = await startRawServer((message, response) => {
      requests++;
      message.resume();
      message.on('close', closed.fire);
      message.on('end', () => json(response, 200, { reply: { message_id: 'm-1' } }));
    });
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 1_000, upstreamBreakerFailures: 2 });
    const attachment = {
      fileName: 'x',
      contentType: 'image/png',
      stream: source,
      ...(size === undefined ? {} : { size }),
    };
    const error: unknown = await sendMessage(side.upstream, { recipient: ada, attachment, requestId: 'r-1' }).catch(
      (reason: unknown) => reason,
    );
    await closed.fired;
    return { error, requests, side };
  }

  it('is an error of the client', async () => {
    const { error, requests } = await sendBroken(() =>
      Readable.from(
        (async function* () {
          yield Buffer.from('first');
          throw new Error('the client vanished');
        })(),
      ),
    );
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', field: 'attachment' });
    expect(requests).toBe(1);
  });

  it('with a GatewayError keeps it', async () => {
    const { error } = await sendBroken(() =>
      Readable.from(
        (async function* () {
          yield Buffer.from('first');
          throw new GatewayError('PAYLOAD_TOO_LARGE');
        })(),
      ),
    );
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('by being shorter than announced is an error of the client', async () => {
    const { error } = await sendBroken(() => Readable.from([Buffer.from('short')]), 10);
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('by stalling is aborted at the deadline as an error of the client, and its source is closed', async () => {
    const stuck = new Readable({ read() {} });
    stuck.push('first');
    const { error } = await sendBroken(() => stuck);
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', field: 'attachment' });
    expect(stuck.destroyed).toBe(true);
  });

  it.each(['sender', 'upstream'])('opens the circuit only when the upstream stalls: the %s', async (who) => {
    let requests = 0;
    await using server = await startRawServer((message) => {
      requests += 1;
      if (who === 'sender') message.resume();
      else message.pause();
    });
    // Long enough for both requests to arrive on a busy machine: one that does not counts for neither.
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 1_000, upstreamBreakerFailures: 2 });
    const files = Array.from({ length: 2 }, () => {
      if (who === 'upstream') return new MeasuredFile(20 * mebibyte);
      const stuck = new Readable({ read() {} });
      stuck.push('first');
      return file('', { stream: () => stuck });
    });
    await Promise.allSettled(
      files.map((attachment, index) =>
        sendMessage(side.upstream, { recipient: ada, attachment, requestId: `r-${index}` }),
      ),
    );
    expect(requests).toBe(2);
    // The caller's own circuit of this operation: open, it sends nothing more.
    await expect(sendMessage(side.upstream, { recipient: ada, body: 'b', requestId: 'r-2' })).rejects.toThrow();
    expect(requests).toBe(who === 'sender' ? 3 : 2);
  });

  it('is not inferred from slow progress', async () => {
    const { error } = await sendBroken(() =>
      Readable.from(
        (async function* () {
          for (let chunk = 0; chunk < 8; chunk++) {
            await new Promise((resolve) => setTimeout(resolve, 200));
            yield Buffer.from('chunk');
          }
        })(),
      ),
    );
    expect(error).toMatchObject({ token: 'm-1' });
  });

  it('is not read without a connection to send it over', async () => {
    const unread = new MeasuredFile(10);
    await using side = connectTo('http://127.0.0.1:9');
    const sent = sendMessage(side.upstream, { recipient: ada, attachment: unread, requestId: 'r-1' });
    await expect(sent).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(unread.opened).toBe(0);
    // Nothing of it was gone, so it was tried again under its Request-ID.
    expect(side.records.length).toBeGreaterThan(1);
  });
});
