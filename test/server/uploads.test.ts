import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { present } from '../support/present.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { postForm, uploadForm } from '../support/upload.ts';
import { waitUntil } from '../support/wait.ts';

const attachments = 'attachments { fileName contentType size url }';
const sendMessage = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { wasAlreadyStored message { id token body data { namespace payload } ttl priority ${attachments} } } }`;
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const limit = 256 * 1024;

/** Posts as Ada, all over one connection. */
class KeptAlive implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** @returns The answer, and the port it was asked from. */
  post(url: string, contentType: string, body: Buffer | string): Promise<{ text: string; port: number | undefined }> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: basic('ada'),
        'content-type': contentType,
        'content-length': Buffer.byteLength(body),
      };
      request(`${url}/graphql`, { method: 'POST', agent: this.#agent, headers }, (answer) => {
        const { localPort: port } = answer.socket;
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => resolve({ text, port }));
      })
        .on('error', reject)
        .end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

describe('uploads', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    stack = await startStack({ config: { maxUploadBytes: limit, upstreamTransfers: 4 } });
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const send = (file: File, input: object = {}) =>
    postForm(
      stack.gateway.url,
      uploadForm(sendMessage, { input: { recipient: grace.id, ...input, attachment: null } }, file),
    );
  const sent = async (file: File, input: object = {}) => {
    const { data, errors } = await send(file, input);
    expect(errors).toBeUndefined();
    // The shape of the operation above.
    return present(data);
  };
  /** Whether the sandbox ever made an account for the address: a message to it would have. */
  const exists = async (address: string) =>
    (await ada.ask('query ($id: ID!) { user(id: $id) { id } }', { id: address })).user !== null;

  it('send a file with all other fields of a message', async () => {
    const data = [{ namespace: 'acme:bed', payload: { bed: 'ü4' } }];
    const input = { body: 'Zwölf', ttl: 60, priority: 'HIGH', data };
    const { sendMessage: payload } = await sent(new File([png], 'scan.png', { type: 'image/png' }), input);
    expect(payload.message).toMatchObject({
      ...input,
      attachments: [
        {
          fileName: 'scan.png',
          contentType: 'image/png',
          size: png.length,
          url: `/attachments/${payload.message.token}/1`,
        },
      ],
    });
    const read = await grace.ask(`query ($id: ID!) { message(id: $id) { body ${attachments} } }`, payload.message);
    expect(read.message).toEqual({ body: 'Zwölf', attachments: payload.message.attachments });
  });

  describe('in bytes that are not UTF-8', () => {
    /** A body whose texts are given byte by byte. */
    const post = async (operations: Buffer, map: Buffer, charset = '') => {
      const part = (name: string, content: Buffer, more = '') =>
        Buffer.concat([
          Buffer.from(`--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`),
          content,
          Buffer.from('\r\n'),
        ]);
      const file = part('0', Buffer.from([0xff, 0xfe, 0xef, 0xbf, 0xbd]), '; filename="x.bin"');
      const body = Buffer.concat([
        part('operations', operations, charset),
        part('map', map),
        file,
        Buffer.from('--b--\r\n'),
      ]);
      const headers = { authorization: basic('ada'), 'content-type': 'multipart/form-data; boundary=b' };
      const response = await fetch(`${stack.gateway.url}/graphql`, { method: 'POST', headers, body });
      return { status: response.status, ...(await response.json()) };
    };
    const operations = (body: string) =>
      JSON.stringify({ query: sendMessage, variables: { input: { recipient: grace.id, body, attachment: null } } });
    const map = Buffer.from('{"0":["variables.input.attachment"]}');
    const broken = (text: string) => Buffer.from(text.replace('?', '\u00ff'), 'latin1');

    it.each([
      ['operations', (text: string) => post(broken(text), map)],
      ['operations', (text: string) => post(broken(text), map, '\r\ncontent-type: application/json; charset=utf-8')],
      ['map', (text: string) => post(Buffer.from(text), broken('{"0":["variables.input.attachment"],"?":[]}'))],
    ] as const)('are rejected, as they are in a JSON body: %s', async (part, send) => {
      const before = stack.sandbox.requests.count('sendMessage');
      const headers = { 'content-type': 'application/json', authorization: basic('ada') };
      const plain = await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers,
        body: broken('{"query":"?"}'),
      });
      const { errors } = (await plain.json()) as { errors: { message: string; extensions: object }[] };
      const rejection = await send(operations('a?b'));
      expect(rejection.status).toBe(plain.status);
      expect(rejection.errors).toMatchObject([
        {
          message: errors[0]?.message.replace('body', part),
          extensions: { ...errors[0]?.extensions, field: part, requestId: expect.any(String) },
        },
      ]);
      expect(stack.sandbox.requests.count('sendMessage')).toBe(before);
    });

    it('are not mistaken for a replacement character that was sent', async () => {
      const { data } = await post(Buffer.from(operations('a\ufffdb')), map);
      expect(data.sendMessage.message.body).toBe('a\ufffdb');
    });
  });

  it('fail when their file does not begin in time, however long the fields took, and nothing is sent', async () => {
    await using impatient = await startStack({ config: { requestTimeoutMs: 1_800 } });
    const parts = [
      [
        'operations',
        JSON.stringify({ query: sendMessage, variables: { input: { recipient: 'grace', attachment: null } } }),
      ],
      ['map', '{"0":["variables.input.attachment"]}'],
    ].map(([name, text]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`);
    const { hostname, port } = new URL(impatient.gateway.url);
    const upload = connect(Number(port), hostname);
    const answer = text(upload);
    upload.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    // Node counts from the first byte and looks once a second after the start: next when it has counted so long, and the gateway not.
    await pause(600);
    upload.write(
      `authorization: ${basic('ada')}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n` +
        `connection: close\r\n\r\n${parts.join('')}--b\r\n`,
    );
    const [head, body = ''] = (await answer).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    const [error] = JSON.parse(body).errors;
    expect(error).toMatchObject({ path: ['sendMessage'], extensions: { code: 'BAD_USER_INPUT', retryable: false } });
    expect(error.extensions).not.toHaveProperty('outcome');
    expect(impatient.sandbox.requests.count('sendMessage')).toBe(0);
  });

  it('are rejected with a text that has no form in UTF-8, with a file and without', async () => {
    const body = 'half: \ud83d';
    const expected = [{ extensions: { code: 'BAD_USER_INPUT', field: 'input.body' } }];
    expect((await send(new File(['a'], 'a.txt'), { body })).errors).toMatchObject(expected);
    const { errors } = await stack.query(sendMessage, { input: { recipient: grace.id, body } });
    expect(errors).toMatchObject(expected);
    const { sendMessage: payload } = await sent(new File(['a'], 'a.txt'), { body: 'whole: \ud83d\ude00' });
    expect(payload.message).toMatchObject({ body: 'whole: 😀' });
  });

  it('send a file without a text', async () => {
    const { sendMessage: payload } = await sent(new File(['a'], 'a.txt', { type: 'text/plain' }));
    expect(payload.message).toMatchObject({ attachments: [{ fileName: 'a.txt', size: 1 }] });
  });

  it.each([
    'Befund – Zwölf 🫀.pdf',
    'quo"te.txt',
    'two\r\nlines.txt',
    '100 %25.txt',
    '../../etc/passwd',
    'x'.repeat(200),
  ])('make the name %s safe', async (name) => {
    const { sendMessage: payload } = await sent(new File(['a'], name, { type: 'application/pdf' }));
    const [file] = payload.message.attachments as unknown as { fileName: string; url: string }[];
    expect(file?.fileName).toBe(name.replace('../../etc/', ''));
    const response = await fetch(`${stack.gateway.url}${file?.url}`, { headers: { authorization: basic('ada') } });
    expect(await response.text()).toBe('a');
    expect(response.headers.get('content-disposition')).not.toMatch(/[^\x20-\x7e]|filename="[^"]*["\\/][^"]*"/);
  });

  it('are stored once for one idempotency key', async () => {
    const idempotencyKey = '0b3c5b1e-1111-4222-8333-944444444444';
    const file = new File([png], 'scan.png', { type: 'image/png' });
    const first = await sent(file, { idempotencyKey });
    const second = await sent(file, { idempotencyKey });
    expect(second.sendMessage).toMatchObject({ wasAlreadyStored: true, message: { id: first.sendMessage.message.id } });
  });

  it('work with curl as in the specification', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upload-'));
    try {
      await writeFile(join(folder, 'note.txt'), 'from curl');
      const operations = { query: sendMessage, variables: { input: { recipient: grace.id, attachment: null } } };
      const { stdout } = await promisify(execFile)('curl', [
        ...['--silent', '--user', 'ada:demo', `${stack.gateway.url}/graphql`],
        ...['--form-string', `operations=${JSON.stringify(operations)}`],
        ...['--form-string', 'map={"0":["variables.input.attachment"]}'],
        ...['--form', `0=@${join(folder, 'note.txt')}`],
      ]);
      expect(JSON.parse(stdout).data.sendMessage.message.attachments).toMatchObject([
        { fileName: 'note.txt', contentType: 'text/plain', size: 9 },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('give groups and the caller a picture', async () => {
    const file = new File([png], 'a.png', { type: 'image/png' });
    const at = 'variables.input.avatar';
    const form = (name: string, inner: string, input: object) =>
      uploadForm(
        `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${inner} } }`,
        { input: { ...input, avatar: null } },
        file,
        at,
      );
    const fields = 'group { id name description memberCount avatarUrl metadata { key value } }';
    const metadata = [{ key: 'ward', value: '4' }];
    const created = await postForm(
      stack.gateway.url,
      form('createGroup', fields, { name: 'Pictured', description: 'd', members: [grace.id], metadata }),
    );
    const { createGroup } = present(created.data);
    expect(createGroup.group).toMatchObject({ name: 'Pictured', description: 'd', memberCount: 2, metadata });
    expect(Buffer.from(await (await fetch(createGroup.group.avatarUrl)).arrayBuffer())).toEqual(png);

    const updated = await postForm(stack.gateway.url, form('updateGroup', fields, { group: createGroup.group.id }));
    const { updateGroup } = present(updated.data);
    expect(updateGroup.group).toMatchObject({ name: 'Pictured', avatarUrl: expect.stringMatching(/^http/) });
    expect(updateGroup.group.avatarUrl).not.toBe(createGroup.group.avatarUrl);

    const mine = await postForm(stack.gateway.url, form('updateMe', 'me { displayName avatarUrl }', {}));
    const { updateMe } = present(mine.data);
    expect(Buffer.from(await (await fetch(updateMe.me.avatarUrl)).arrayBuffer())).toEqual(png);
  });

  it('that are not a picture are rejected where a picture is required', async () => {
    const query = 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { me { id } } }';
    const form = uploadForm(
      query,
      { input: { avatar: null } },
      new File(['a'], 'a.txt', { type: 'text/plain' }),
      'variables.input.avatar',
    );
    const { errors } = await postForm(stack.gateway.url, form);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('at the size limit pass, above it are rejected and nothing is stored', async () => {
    const whole = await sent(new File([Buffer.alloc(limit, 'a')], 'whole.bin'));
    expect(whole.sendMessage.message).toMatchObject({ attachments: [{ size: limit }] });
    for (const size of [limit + 1, 8 * limit]) {
      const recipient = `too.large.${size}@example.com`;
      const { errors, data } = await send(new File([Buffer.alloc(size, 'a')], 'large.bin'), { recipient });
      expect(data).toEqual({ sendMessage: null });
      const message = `The file exceeds ${limit} bytes.`;
      expect(errors).toMatchObject([{ message, path: ['sendMessage'] }]);
      // Without `outcome`: the upstream did not get the whole request.
      const extensions = { code: 'PAYLOAD_TOO_LARGE', requestId: expect.any(String), retryable: false };
      expect(errors?.[0]?.extensions).toEqual(extensions);
      expect(await exists(recipient)).toBe(false);
    }
  });

  it('of more than one file, or of parts in another order, are rejected', async () => {
    const variables = { input: { recipient: grace.id, attachment: null } };
    const file = new File(['a'], 'a.txt');
    const two = uploadForm(sendMessage, variables, file);
    two.append('1', file);
    two.set('map', JSON.stringify({ 0: ['variables.input.attachment'], 1: ['variables.input.body'] }));
    expect((await postForm(stack.gateway.url, two)).errors).toMatchObject([
      {
        message: 'The request has more than one file; the maximum is one.',
        extensions: { code: 'PAYLOAD_TOO_LARGE' },
      },
    ]);
    const mixed = new FormData();
    mixed.append('map', '{}');
    mixed.append('operations', '{}');
    for (const form of [mixed, new FormData()]) {
      const { errors, status } = await postForm(stack.gateway.url, form);
      expect(status).toBe(400);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    const batch = new FormData();
    batch.append('operations', JSON.stringify([{ query: '{ me { id } }' }]));
    batch.append('map', '{}');
    expect((await postForm(stack.gateway.url, batch)).errors?.[0]?.message).toContain('batches are not supported');
  });

  it.each<[string, (form: FormData) => void, string, string]>([
    [
      'a map of a variable that does not exist',
      (form) => form.set('map', '{"0":["variables.file"]}'),
      'map',
      'the part of the file and the path of a variable that is null',
    ],
    ['a map of a list', (form) => form.set('map', '[]'), 'map', 'a JSON object'],
    ['a map that is not JSON', (form) => form.set('map', 'map'), 'map', 'a JSON object'],
    ['operations that are not JSON', (form) => form.set('operations', 'query'), 'operations', 'a JSON object'],
    ['no map', (form) => form.delete('map'), 'map', 'this field, with JSON, before the file'],
    ['no operations', (form) => form.delete('operations'), 'operations', 'this field, with JSON, before map'],
    ['no file', (form) => form.delete('0'), 'map', 'the name of a part that follows it'],
  ])('with %s name the field and what it should have', async (_name, change, field, expected) => {
    const form = uploadForm(
      sendMessage,
      { input: { recipient: grace.id, attachment: null } },
      new File(['a'], 'a.txt'),
    );
    change(form);
    const { errors } = await postForm(stack.gateway.url, form);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
    expect(errors?.[0]?.message).toContain(`${field}: expected ${expected}`);
  });

  it('without a file name are files by the map, whatever their type, and names of parts may need encoding', async () => {
    const variables = { input: { recipient: grace.id, attachment: null } };
    const boundary = 'xxxxxxxx';
    for (const [name, written, type, stored] of [
      ['0', '0', 'Content-Type: image/png\r\n', 'image/png'],
      ['0', '0', 'Content-Type: text/plain\r\n', 'text/plain'],
      ['0', '0', '', 'text/plain'],
      ['a"b', 'a%22b', 'Content-Type: image/png\r\n', 'image/png'],
    ] as const) {
      const part = (partName: string, head: string, value: string) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${partName}"\r\n${head}\r\n${value}\r\n`;
      const response = await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: { authorization: basic('ada'), 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: `${part('operations', 'Content-Type: application/json\r\n', JSON.stringify({ query: sendMessage, variables }))}${part(
          'map',
          'Content-Type: application/json\r\n',
          JSON.stringify({ [name]: ['variables.input.attachment'] }),
        )}${part(written, type, 'bytes')}--${boundary}--\r\n`,
      });
      const { data, errors } = (await response.json()) as { data: { sendMessage: object }; errors?: unknown };
      expect(errors).toBeUndefined();
      expect(data.sendMessage).toMatchObject({
        message: { attachments: [{ fileName: 'file', contentType: stored, size: 5 }] },
      });
    }
  });

  it.each([
    ['before the map', false],
    ['in place of the mapped part', true],
  ])('whose part has a file name and no name are rejected, %s', async (_place, mapped) => {
    const field = (name: string, value: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const nameless = '--b\r\ncontent-disposition: form-data; filename="x.txt"\r\n\r\ncontent\r\n';
    const operations = JSON.stringify({
      query: sendMessage,
      variables: { input: { recipient: grace.id, attachment: null } },
    });
    const map = mapped ? field('map', '{"0":["variables.input.attachment"]}') : '';
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { authorization: basic('ada'), 'content-type': 'multipart/form-data; boundary=b' },
      body: `${field('operations', operations)}${map}${nameless}--b--\r\n`,
    });
    expect((await response.json()).errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('mapped to two variables are rejected with a message', async () => {
    const query = `mutation ($one: File, $two: File) {
      a: updateMe(input: { avatar: $one }) { me { id } }
      b: updateMe(input: { avatar: $two }) { me { id } } }`;
    const form = uploadForm(query, { one: null, two: null }, new File([png], 'a.png', { type: 'image/png' }));
    form.set('map', JSON.stringify({ 0: ['variables.one', 'variables.two'] }));
    const { status, errors, data } = await postForm(stack.gateway.url, form);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      {
        message: 'map: expected one variable for the file. The file is streamed, so it can be used only once.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('that no resolver reads, or not to the end, leave their connection usable', async () => {
    using agent = new KeptAlive();
    const variables = { input: { recipient: grace.id, attachment: null } };
    for (const query of [sendMessage, 'mutation ($input: SendMessageInput!) { nothing(input: $input) }']) {
      const form = uploadForm(query, variables, new File([Buffer.alloc(8 * limit, 'a')], 'large.bin'));
      const upload = new Request('http://gateway', { method: 'POST', body: form });
      const contentType = upload.headers.get('content-type') ?? '';
      const rejected = await agent.post(stack.gateway.url, contentType, Buffer.from(await upload.arrayBuffer()));
      expect(rejected.text).toContain('"errors"');
      const next = await agent.post(stack.gateway.url, 'application/json', '{"query":"{ me { displayName } }"}');
      expect(next).toEqual({ text: '{"data":{"me":{"displayName":"Ada Lovelace"}}}', port: rejected.port });
    }
  });

  it('without a credential store nothing', async () => {
    const variables = { input: { recipient: 'nobody.sends@example.com', attachment: null } };
    const form = uploadForm(sendMessage, variables, new File([Buffer.alloc(100_000)], 'a.bin'));
    const { errors } = await postForm(stack.gateway.url, form, null);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await exists('nobody.sends@example.com')).toBe(false);
  });

  it('sent as text, or as a literal, are rejected', async () => {
    const input = { recipient: grace.id, body: 'x', attachment: 'a.txt' };
    expect(await ada.rejection(sendMessage, { input })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.attachment',
    });
    const literal = `mutation { sendMessage(input: { recipient: "grace", attachment: "a" }) { message { id } } }`;
    expect((await ada.answer(literal)).errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it('that break off store nothing, and leave no upstream connection', async () => {
    for (const recipient of ['broken.one@example.com', 'broken.two@example.com', 'broken.three@example.com']) {
      const boundary = 'xxxxxxxx';
      const part = (name: string, value: string) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      const upload = request(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: basic('ada'),
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': 200_000,
        },
      });
      upload.on('error', () => {}); // our own doing
      const before = stack.logLines.length;
      upload.write(
        part(
          'operations',
          JSON.stringify({ query: sendMessage, variables: { input: { recipient, attachment: null } } }),
        ) +
          part('map', JSON.stringify({ 0: ['variables.input.attachment'] })) +
          `--${boundary}\r\nContent-Disposition: form-data; name="0"; filename="a.bin"\r\n\r\n${'a'.repeat(100_000)}`,
      );
      // The address is looked up first; then the file is on its way.
      const lookups = () => stack.sandbox.requests.count('lookupUser', 'ada');
      const seen = lookups();
      await waitUntil(() => lookups() > seen || stack.logLines.length > before);
      upload.destroy();
      await waitUntil(() => stack.logLines.slice(before).some((line) => line.includes('sendMessage')));
      expect(await exists(recipient)).toBe(false);
    }
    // One transfer at a time for each caller: a place that was not given back would keep this one waiting.
    await sent(new File(['after'], 'after.txt'));
  });
});
