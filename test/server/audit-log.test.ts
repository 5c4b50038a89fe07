import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { type GraphQLInputObjectType, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { GatewayError } from '../../src/errors.ts';
import { startGateway } from '../../src/gateway.ts';
import { AuditLog } from '../../src/observability/audit-log.ts';
import { createLog } from '../../src/observability/log.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { auditRows } from '../../src/schema/audit.ts';
import { schema } from '../../src/schema/index.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { setHashKey } from '../../src/util/hash.ts';
import { createCanaries, operations } from '../support/canaries.ts';
import { demoPerson } from '../support/demo-person.ts';
import { examples, setScene } from '../support/operation-examples.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, post, type Stack, startStack, testConfig } from '../support/stack.ts';

const run = promisify(execFile);

interface Line {
  readonly requestId: string;
  readonly caller?: string;
  readonly account?: string;
  readonly action: string;
  readonly outcome: string;
  readonly code: string;
  readonly objects: Readonly<Record<string, string | string[]>>;
}

const logKey = 'a key of at least thirty-two characters';
const folder = mkdtempSync(join(tmpdir(), 'audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lineSchema = new URL('../../src/deploy/audit-line.schema.json', import.meta.url);
const isLine = new Ajv({ formats: { 'date-time': true } }).compile(JSON.parse(readFileSync(lineSchema, 'utf8')));

/** All lines of a file; each is checked against the published schema. */
function linesOf(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((text) => {
      const line: Line = JSON.parse(text);
      expect(isLine(line), `${text} ${JSON.stringify(isLine.errors)}`).toBe(true);
      return line;
    });
}

const send = 'mutation { sendMessage(input: { recipient: "Grace@example.org", body: "x" }) { message { id } } }';

const sentIn = ({ sandbox }: Stack) => sandbox.requests.count('sendMessage') + sandbox.requests.count('sendMessageV5');

describe('the audit log', () => {
  it('has a row for each mutation, and a line with caller, action and objects', async () => {
    expect(Object.keys(auditRows).toSorted()).toEqual(
      Object.keys(schema.getMutationType()?.getFields() ?? {}).toSorted(),
    );
    const file = join(folder, 'mutations');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    const scene = await setScene(stack);
    const { principalKey } = createCredential(basic('ada'));
    const fields = new Set<string>();
    for (const [name, example] of Object.entries(examples)) {
      const [type, action = ''] = name.split('.');
      if (type !== 'Mutation') continue;
      const before = linesOf(file).length;
      await example(scene);
      const [line] = linesOf(file).slice(before);
      const isSignIn = action === 'signIn';
      expect(line, name).toMatchObject({ action, outcome: 'DONE', code: 'OK' });
      expect([line?.caller, line?.account]).toEqual(isSignIn ? [undefined, undefined] : [principalKey, scene.ada.id]);
      for (const field of Object.keys(line?.objects ?? {})) fields.add(field);
    }
    expect([...fields].toSorted()).toEqual(
      'address conversation counterpart entity escalationId eventIds group members message organization read recipient requestId role teamId through user userId'.split(
        ' ',
      ),
    );
    // Readable by the gateway's user alone.
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('names every object that the input of a mutation can name', () => {
    // What a send is repeated with, and a side of a conversation that is itself named.
    const others = ['idempotencyKey', 'target', 'target.counterpart'];
    const missing = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => {
      const input = getNamedType(args.find((arg) => arg.name === 'input')?.type);
      const known = Object.keys(auditRows[name]?.input ?? {});
      return (isInputObjectType(input) ? namingFields(input) : [])
        .filter((field) => !known.includes(field) && !others.includes(field))
        .map((field) => `${name}.${field}`);
    });
    expect(missing).toEqual([]);
  });

  it('has ids of created objects, and of the account of an address', async () => {
    const file = join(folder, 'objects');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
    const { sendMessage } = await ada.ask(send);
    expect(linesOf(file)[0]?.objects).toEqual({ recipient: grace.token, message: sendMessage.message.id });
    const mute =
      'mutation ($id: ID!) { mute(input: { target: { counterpart: { id: $id } }, minutes: 5 }) { mutedUntil } }';
    await ada.ask(mute, { id: grace.id });
    expect(linesOf(file)[1]?.objects).toMatchObject({ counterpart: grace.id });
    await stack.query('mutation { signIn(input: { userId: "alan", password: "wrong" }) { key } }', {}, null);
    await stack.query('mutation { signIn(input: { userId: "ALAN", password: "demo" }) { key } }', {}, null);
    const [, , failed, done] = linesOf(file);
    expect(failed).toMatchObject({ outcome: 'FAILED', code: 'UNAUTHENTICATED' });
    // One address has one hash, however it is written.
    expect(failed?.objects).toEqual({ userId: done?.objects['userId'] });
    expect(done?.objects['user']).toMatch(/^User:/);
  });

  it('holds no content, whatever is sent', async () => {
    const file = join(folder, 'canaries');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    const { sendMessage } = await (await demoPerson(stack, 'ada')).ask(send);
    const canaries = createCanaries();
    for (const [query, variables] of operations(sendMessage.message.id, canaries.plant))
      await stack.query(query, variables);
    expect(linesOf(file).length).toBeGreaterThan(25);
    expect(canaries.count).toBeGreaterThan(50);
    expect(readFileSync(file, 'utf8')).not.toMatch(/canary|example|\b(?:ada|grace|demo)\b/i);
    expect(stack.logLines.join()).not.toMatch(/canary/);
  });

  it('holds no text that follows an id', async () => {
    const file = join(folder, 'suffixes');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
    const key = 'A1'.repeat(12);
    const ids = [`${grace.id}:canary`, `Conversation:${grace.token}:${key}:canary`, `${grace.id}:${key}`];
    for (const id of ids) {
      await ada.rejection(
        'mutation ($id: ID!) { sendMessage(input: { recipient: $id, body: "x" }) { message { id } } }',
        { id },
      );
      await ada.rejection(
        'mutation ($id: ID!) { sendMessage(input: { conversation: $id, body: "x" }) { message { id } } }',
        { id },
      );
    }
    expect(linesOf(file)).toHaveLength(2 * ids.length);
    for (const { objects } of linesOf(file)) expect(Object.values(objects)[0]).toMatch(/^hash:/);
  });

  it('names the organization beside a counterpart', async () => {
    const file = join(folder, 'organizations');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
    const { me } = await ada.ask('{ me { organizations { key } } }');
    const { key } = me.organizations[0];
    await ada.ask('mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }', {
      input: { target: { counterpart: { id: grace.id, organization: key } }, minutes: 5 },
    });
    expect(linesOf(file)[0]?.objects).toMatchObject({
      counterpart: grace.id,
      organization: expect.stringMatching(/^hash:/),
    });
  });

  it('takes no mutation after it has closed, and writes nothing into another file', async () => {
    const file = join(folder, 'closed');
    const log = createLog('silent');
    const audit = new AuditLog({ target: file, maxWaitingBytes: 4_096, log });
    const running = audit.begin({ requestId: 'r', action: 'setPresence', objects: {} });
    await audit.close(100);
    // Has the number that the file of the log had.
    const other = openSync(join(folder, 'other'), 'a');
    running.end({ outcome: 'DONE', code: 'OK', objects: {} });
    expect(() => audit.begin({ requestId: 'r', action: 'setPresence', objects: {} })).toThrow(GatewayError);
    audit.reopen();
    closeSync(other);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('');
    expect(linesOf(file)).toMatchObject([{ outcome: 'UNKNOWN', code: 'SHUTTING_DOWN' }]);
  });

  it('says when the outcome is unknown, also of a mutation that the end of the gateway interrupts', async () => {
    const file = join(folder, 'unknown');
    const stack = await startStack({ config: { auditLog: file, logKey, shutdownTimeoutMs: 100 } });
    await controlOf(stack.sandbox).fault({ kind: 'cut', operationId: 'sendMessageV5' });
    await controlOf(stack.sandbox).fault({ kind: 'cut', operationId: 'sendMessage' });
    await stack.query(send);
    expect(linesOf(file)[0]).toMatchObject({ outcome: 'UNKNOWN', code: 'UPSTREAM_UNAVAILABLE' });
    await controlOf(stack.sandbox).clearFaults();
    await controlOf(stack.sandbox).fault({ kind: 'stall', operationId: 'sendMessage' });
    const answer = stack.query(send).catch(() => undefined);
    const metrics = async () => (await fetch(`${stack.gateway.url}/metrics`)).text();
    while (!(await metrics()).includes('tigerconnect_upstream_calls_running 1')) await pause(5);
    await stack[Symbol.asyncDispose]();
    await answer;
    expect(linesOf(file).slice(1)).toMatchObject([
      { action: 'sendMessage', outcome: 'UNKNOWN', code: 'SHUTTING_DOWN' },
    ]);
  });

  it('continues in a new file after a rotation', async () => {
    const file = join(folder, 'rotated');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    await stack.query(send);
    renameSync(file, `${file}.1`);
    await stack.query(send);
    stack.gateway.reopenLogs();
    await stack.query(send);
    expect([linesOf(`${file}.1`).length, linesOf(file).length]).toEqual([2, 1]);
  });

  it('keeps lines whole over a rotation while the disk is full, and after a crash in the middle of one', async () => {
    const file = join(folder, 'torn');
    writeFileSync(file, '{"audit":1,"ti');
    const log = createLog('silent');
    const limited = `${folder}/limited`;
    const audit = new AuditLog({ target: file, maxWaitingBytes: 65_536, log });
    audit.begin({ requestId: 'r', action: 'signOut', objects: {} }).end({ outcome: 'DONE', code: 'OK', objects: {} });
    await audit.close(100);
    expect(
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.slice(0, 14)),
    ).toEqual(['{"audit":1,"ti', '{"audit":1,"ti', '']);
    // A file that may grow by half a line only, as on a disk that is full.
    const { stdout } = await run('bash', [
      '-c',
      `ulimit -f 1; exec node --import tsx test/support/torn-audit-line.ts ${limited}`,
    ]);
    expect(JSON.parse(stdout)).toEqual({ wasFull: true, waiting: 0 });
    expect(readFileSync(`${limited}.1`, 'utf8')).toHaveLength(1_024);
    expect(readFileSync(`${limited}.1`, 'utf8').endsWith('\n')).toBe(false);
    const ids = [...linesOf(`${limited}.1`), ...linesOf(limited)].map(({ requestId }) => requestId);
    expect(ids).toEqual(Array.from({ length: 12 }, (_, index) => `request-${index}`));
  });

  it('is not delayed by an account that cannot be read, nor read again at each mutation', async () => {
    const file = join(folder, 'account');
    await using stack = await startStack({
      config: { auditLog: file, logKey, auditAccountWaitMs: 50, upstreamTimeoutMs: 60_000 },
    });
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'stall', operationId: 'getMe' });
    // Each would otherwise take as long as the deadline of the operation, half a minute.
    for (let count = 0; count < 3; count++) expect((await stack.query(send)).errors).toBeUndefined();
    expect(linesOf(file)).toMatchObject([{ outcome: 'DONE' }, { outcome: 'DONE' }, { outcome: 'DONE' }]);
    expect(linesOf(file).some(({ account }) => account !== undefined)).toBe(false);
    expect(stack.sandbox.requests.count('getMe')).toBe(1);
  });

  it('writes no text in place of the key of an organization', async () => {
    const file = join(folder, 'names');
    await using stack = await startStack({ config: { auditLog: file, logKey } });
    const name = 'PatientGraceHopperRoom12';
    const token = '8d0e2f5a-0000-4000-8000-000000000000';
    const variables = {
      recipient: 'grace@example.org',
      organization: name,
      conversation: `Conversation:${token}:${name}`,
    };
    await stack.query(
      'mutation ($recipient: ID!, $organization: String) { startTyping(input: { recipient: $recipient, organization: $organization }) { __typename } }',
      variables,
    );
    await stack.query(
      'mutation ($conversation: ID!) { markConversation(input: { conversation: $conversation, status: READ, through: "1" }) { __typename } }',
      variables,
    );
    const [typing, marked] = linesOf(file);
    const hash = typing?.objects['organization'];
    expect(hash).toMatch(/^hash:/);
    expect(marked?.objects['conversation']).toBe(`Conversation:${token}:${hash}`);
    expect(readFileSync(file, 'utf8')).not.toContain('Patient');
  });

  it('rejects mutations while queued lines exceed the bound, and drops none', async () => {
    // A file system that is full.
    await using stack = await startStack({ config: { auditLog: '/dev/full', auditQueueBytes: 4_096, logKey } });
    const codes: unknown[] = [];
    for (let index = 0; index < 30; index++) codes.push((await stack.query(send)).errors?.[0]?.extensions['code']);
    const accepted = codes.indexOf('RATE_LIMITED');
    expect(accepted).toBeGreaterThan(5);
    expect(codes.slice(accepted).every((code) => code === 'RATE_LIMITED')).toBe(true);
    expect(sentIn(stack)).toBe(accepted);
    expect(stack.logLines.filter((line) => line.includes('"audit log cannot be written"')).length).toBe(1);
  });

  it('is in its file before the response is sent', async () => {
    const file = join(folder, 'before-answers');
    const sandbox = await startSandbox();
    const written: string[][] = [];
    await using gateway = await startGateway({
      config: testConfig(sandbox.url, { auditLog: file, logKey }),
      log: createLog('silent'),
      // At the end of an operation, before its response.
      hooks: {
        onOperation: ({ requestId }) => void written.push([requestId, ...linesOf(file).map((line) => line.requestId)]),
      },
    });
    const query = 'mutation { startTyping(input: { recipient: "grace@example.org" }) { isTyping } }';
    await Promise.all(Array.from({ length: 20 }, () => post(gateway.url, { query })));
    expect(written).toHaveLength(20);
    for (const [own, ...lines] of written) expect(lines).toContain(own);
    await sandbox.close();
  });

  it('blocks nothing when it is a pipe that is not read', async () => {
    const pipe = join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    const log = createLog('silent');
    const open = () => new AuditLog({ target: pipe, maxWaitingBytes: 4_096, log });
    expect(open).toThrow('AUDIT_LOG: the file cannot be opened for appending (ENXIO).');
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const audit = open();
    let accepted = 0;
    const act = () => audit.begin({ requestId: `${accepted}`, action: 'signOut', objects: {} });
    // More than a pipe holds.
    expect(() => {
      for (; accepted < 5_000; accepted++) act().end({ outcome: 'DONE', code: 'OK', objects: {} });
    }).toThrow(GatewayError);
    let read = '';
    const chunk = Buffer.alloc(1_048_576);
    const take = () => {
      read += chunk.toString('latin1', 0, readSync(reader, chunk));
    };
    take();
    audit.reopen();
    take();
    await audit.close(1_000);
    closeSync(reader);
    const ids = read
      .split('\n')
      .slice(0, -1)
      .map((line) => Number(JSON.parse(line).requestId));
    expect(ids).toEqual(Array.from({ length: accepted }, (_, index) => index));
  });

  it('needs a key for its hashes, and a file that can be opened', async () => {
    expect(() => parseConfig({ AUDIT_LOG: 'stdout' })).toThrow('LOG_KEY: expected with AUDIT_LOG');
    expect(() => parseConfig({ LOG_KEY: 'short' })).toThrow('LOG_KEY: expected a secret of at least 32 characters.');
    const config = testConfig('http://127.0.0.1:1', { auditLog: '/no/such/folder', logKey });
    await expect(startGateway({ config, log: createLog('silent') })).rejects.toThrow('AUDIT_LOG');
  });
});

it('hashes of a credential are the same under the same LOG_KEY, and different under another', () => {
  const hashWith = (key: string) => {
    setHashKey(key);
    return createCredential(basic('ada')).principalKey;
  };
  const hashes = [hashWith('one'), hashWith('two'), hashWith('one')];
  expect(hashes[0]).toBe(hashes[2]);
  expect(hashes[0]).not.toBe(hashes[1]);
});

/** Paths of the fields that name an object: an id, or the key of an organization. */
function namingFields(input: GraphQLInputObjectType): readonly string[] {
  return Object.values(input.getFields()).flatMap(({ name, type }) => {
    const named = getNamedType(type);
    const inner = isInputObjectType(named) ? namingFields(named).map((path) => `${name}.${path}`) : [];
    const isName = named.name === 'ID' || /(?:Ids?|[oO]rganization)$/.test(name);
    return isName ? [name, ...inner] : inner;
  });
}
