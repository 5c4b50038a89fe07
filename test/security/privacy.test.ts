import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { knownEventNames } from '../../src/upstream/event-stream/decode-frame.ts';
import { build, root } from '../support/build.ts';
import { type Canaries, createCanaries, faults, messageFields, misfits, operations } from '../support/canaries.ts';
import { startCollector } from '../support/collector.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { postMcp, toolCall } from '../support/mcp-request.ts';
import { present } from '../support/present.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type GraphQLAnswer, post } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

/** Words of the demo data, such as those for presence, that log lines and metrics use themselves. */
const sharedWords = new Set(['gateway', 'available', 'unavailable']);

/** Texts of the contract itself: names of fields and values, which are no personal data. */
const contract = ['upstream.yaml', 'upstream-v5.yaml']
  .map((name) => readFileSync(`${root}schema/${name}`, 'utf8'))
  .join('\n');

async function exercise(
  sandbox: Sandbox,
  gateway: GatewayProcess,
  { plant: canary }: Canaries,
): Promise<{ answers: string; misfitAnswers: string }> {
  const control = controlOf(sandbox);
  const answers: string[] = [];
  const misfitAnswers: string[] = [];
  await control.person('grace', {
    displayName: canary('display-name'),
    lastName: canary('last-name'),
    status: canary('status'),
  });
  const sent = await post(gateway.url, {
    query:
      'mutation ($body: String!) { sendMessage(input: { recipient: "grace@example.org", body: $body }) { message { id } } }',
    variables: { body: canary('body') },
  });
  const messageId = present(sent.data).sendMessage.message.id;

  // Live, over every transport.
  const socket = await openAcknowledged(gateway.url, 'grace');
  const details =
    '__typename id ... on MessageReceived { message { body sender { displayName } } } ... on UnknownEvent { payload }';
  socket.send({ type: 'subscribe', id: '1', payload: { query: `subscription { events { ${details} } }` } });
  const streams = ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'].map(async (accept) => {
    const stream = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', authorization: basic('alan') },
      body: JSON.stringify({ query: `subscription { events { ${details} } }` }),
    });
    return stream.text().catch(() => '');
  });
  await expect.poll(() => control.openStreams()).toMatchObject({ grace: 1, alan: 1 });

  for (const [query, variables] of operations(messageId, canary))
    answers.push((await post(gateway.url, { query, variables })).text);
  for (const misfit of misfits) {
    const [query, variables, operationName] = misfit(canary);
    const answer: GraphQLAnswer = await post(gateway.url, { query, variables, operationName });
    expect(answer.errors, query).toBeDefined();
    misfitAnswers.push(answer.text);
  }

  // The same to an assistant: its tools, and messages that are none.
  const tools: readonly (readonly [string, object])[] = [
    ['Me', {}],
    ['Message', { id: messageId }],
    ['SendMessage', { input: { recipient: 'grace@example.org', body: canary('tool-body') } }],
    ['Search', { query: canary('tool-query') }],
  ];
  for (const [name, args] of tools) answers.push((await postMcp(gateway.url, toolCall(name, { ...args }))).text);
  for (const body of [
    canary('mcp-no-json'),
    { jsonrpc: '2.0', id: canary('mcp-id'), method: canary('mcp-method') },
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: canary('mcp-params') },
    toolCall(canary('mcp-tool'), {}),
    toolCall('User', { [canary('mcp-name')]: canary('mcp-argument') }),
    toolCall('Users', { ids: { [canary('mcp-key')]: canary('mcp-value') } }),
    toolCall('Message', { id: canary('mcp-token') }),
  ])
    misfitAnswers.push((await postMcp(gateway.url, body)).text.replace(/"id":"canary-mcp-id[^"]*"/, ''));

  const form = new FormData();
  const query = `mutation ($file: File!) { sendMessage(input: { recipient: "grace@example.org", body: "${canary('upload')}", attachment: $file }) { message { ${messageFields} } } }`;
  form.set('operations', JSON.stringify({ query, variables: { file: null } }));
  form.set('map', '{"0":["variables.file"]}');
  form.set('0', new File([canary('file-content')], `${canary('file-name')}.txt`, { type: 'text/plain' }));
  const authorization = basic('ada');
  const uploaded = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { authorization }, body: form });
  const upload = await uploaded.text();
  expect(upload).toContain('canary-file-name');
  const path = /"url":"([^"]*\/attachments\/[^"]+)"/.exec(upload)?.[1] ?? '';
  for (const address of [
    new URL(path, gateway.url).href,
    `${gateway.url}/attachments/00000000-0000-4000-8000-000000000000/1`,
  ]) {
    const file = await fetch(address, { headers: { authorization } });
    expect(file.headers.get('cache-control')).toBe('no-store');
    await file.text();
  }

  // Broken requests, on the routes themselves.
  const raw: RequestInit[] = [
    { method: 'POST', body: canary('no-json') },
    { method: 'POST', body: `{"query": "${canary('cut-json')}` },
    { method: 'POST', body: JSON.stringify([canary('batch')]) },
    {
      method: 'POST',
      body: JSON.stringify({ query: 1, variables: canary('variables'), extensions: canary('extensions') }),
    },
    { method: 'PUT', body: canary('put') },
    { method: 'POST', body: '{"query":"{ me { id } }"}', headers: { authorization: `Basic ${canary('credential')}` } },
    {
      method: 'POST',
      body: '{"query":"{ me { id } }"}',
      headers: { authorization: basic(canary('key'), canary('secret')) },
    },
    {
      method: 'POST',
      body: '{"query":"{ me { id } }"}',
      headers: { authorization: `Bearer ${canary('token')}`, 'x-device-id': canary('device') },
    },
    {
      method: 'POST',
      body: '{"query":"{ me { id } }"}',
      headers: { 'x-request-id': `${canary('request')} with spaces`, traceparent: canary('trace') },
    },
  ];
  for (const init of raw) {
    const response = await fetch(`${gateway.url}/graphql`, {
      ...init,
      headers: { 'content-type': 'application/json', authorization, ...init.headers },
    });
    misfitAnswers.push(await response.text());
  }
  misfitAnswers.push(
    await fetch(`${gateway.url}/${canary('path')}?x=${canary('query')}`).then((response) => response.text()),
  );
  const badSocket = await openAcknowledged(gateway.url);
  badSocket.send(`{"type":"subscribe","id":"1","payload":"${canary('frame')}"}`);
  misfitAnswers.push((await badSocket.closed)[1]);

  // Every way the upstream may fail.
  for (const fault of faults) {
    // For this caller alone: the others' streams and acknowledgements have to survive for what follows.
    await control.fault({ ...fault(canary), caller: 'ada', count: 1 });
    const answer = await post(gateway.url, { query: '{ me { displayName } }' });
    misfitAnswers.push(JSON.stringify(answer.errors ?? null));
    await control.clearFaults();
  }

  // Every event there is, and frames that are none.
  for (const name of [...knownEventNames, canary('event-name')]) {
    await control.inject({
      caller: 'grace',
      event: {
        [name]: {
          client_id: canary('event'),
          body: canary('event-body'),
          name: canary('event-name'),
          payload: canary('event-payload'),
        },
      },
    });
  }
  await control.streams({ action: 'garbage', caller: 'grace', text: `{"event_id": "${canary('frame')}` });
  await control.streams({ action: 'wrong-shape', caller: 'grace' });
  await waitUntil(() => JSON.stringify(socket.messages).includes('canary-event-body'));
  await control.streams({ action: 'reset', caller: 'grace' });
  await control.fault({ kind: 'status', operationId: 'createEvents', status: 401, message: canary('rejected') });
  await control.streams({ action: 'drop' });
  for (const text of await Promise.all(streams)) expect(text).toContain('UNAUTHENTICATED');
  await waitUntil(() => socket.messages.some(({ type }) => type === 'complete'));
  await control.clearFaults();
  return { answers: answers.join('\n'), misfitAnswers: misfitAnswers.join('\n') };
}

/** Moves the program's clock by more than a minute, the shortest ttl, at each SIGHUP. */
const clockMovedBySignal = `
  const { now } = Date;
  let moved = 0;
  Date.now = () => now() + moved;
  process.on('SIGHUP', () => { moved += 61_000; });
`;

describe('content and identities', () => {
  beforeAll(build);

  it('never reach logs, metrics, traces, rejections or other callers, whatever fails', async () => {
    const canaries = createCanaries();
    await using sandbox = await startSandbox();
    await using proxy = await startRecordingProxy(sandbox.url);
    await using collector = await startCollector();
    await using gateway = await startGatewayProcess(proxy.url, {
      env: {
        LOG_LEVEL: 'debug',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        UPSTREAM_TIMEOUT_MS: '3000',
        STREAM_LINGER_MS: '100',
        UPSTREAM_BREAKER_FAILURES: '1000',
        MCP: 'true',
        MCP_OPERATIONS: 'SendMessage',
      },
    });
    const stranger = await openAcknowledged(gateway.url, 'florence');
    stranger.send({
      type: 'subscribe',
      id: '1',
      payload: { query: 'subscription { events { __typename ... on MessageReceived { message { body } } } }' },
    });
    const { answers, misfitAnswers } = await exercise(sandbox, gateway, canaries);
    const metrics = await fetch(`${gateway.url}/metrics`).then((response) => response.text());
    const strangersAnswers = await Promise.all(
      [
        '{ roster { entries { nodes { counterpart { ... on Group { name } } } } } }',
        '{ me { displayName metadata { value } } }',
      ].map(async (query) => (await post(gateway.url, { query }, 'florence')).text),
    );
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);

    // The words did go through: they are in the answers of those they are for.
    expect(answers).toContain('canary-body');
    expect(canaries.count).toBeGreaterThan(120);
    const output = gateway.output();
    expect(output.split('\n').length).toBeGreaterThan(20);
    const manual = readFileSync(`${root}src/deploy/README.md`, 'utf8');
    const [, named = ''] = /The log is one JSON document([\s\S]*?)\.\n\n/.exec(manual) ?? [];
    for (const line of output.trim().split('\n')) {
      for (const field of Object.keys(JSON.parse(line))) expect(named, line).toContain(`\`${field}\``);
    }
    expect(collector.spans.length).toBeGreaterThan(50);
    const places = { output, metrics, traces: collector.text() };
    for (const [place, text] of Object.entries(places)) {
      expect(/.{0,60}canary.{0,60}/.exec(text)?.[0], place).toBeUndefined();
      // Nor anything else sent to or by the upstream: names, addresses, tokens of people and messages.
      const said = [...proxy.texts].filter(
        (value) =>
          value.length >= 5 &&
          /[a-z]/i.test(value) &&
          !/^\d{4}-\d\d-\d\dT/.test(value) &&
          !contract.includes(value) &&
          !sharedWords.has(value),
      );
      expect(said.length).toBeGreaterThan(200);
      expect(
        said.filter((value) => text.includes(value)),
        place,
      ).toEqual([]);
    }
    for (const [, value = ''] of misfitAnswers.matchAll(/(canary-[\w-]+)/g)) expect(value, 'rejections').toBe('');
    const strangers = JSON.stringify([stranger.messages, strangersAnswers]);
    expect(/canary-(body|upload|file|metadata|payload|group)[\w-]*/.exec(strangers)?.[0]).toBeUndefined();
  });

  it('are removed from memory when the ttl is over', async () => {
    const canaries = createCanaries();
    const directory = mkdtempSync(join(tmpdir(), 'heap-'));
    try {
      await using sandbox = await startSandbox();
      await using gateway = await startGatewayProcess(sandbox.url, {
        flags: [
          '--heapsnapshot-signal=SIGUSR2',
          `--diagnostic-dir=${directory}`,
          `--import=data:text/javascript,${encodeURIComponent(clockMovedBySignal)}`,
        ],
        // Nothing but the messages' own expiry empties the buffer in time: events are kept for minutes.
        env: { STREAM_LINGER_MS: '120000' },
      });
      const socket = await openAcknowledged(gateway.url, 'grace');
      const query = 'subscription { messageReceived { message { body } } }';
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      await expect.poll(() => controlOf(sandbox).openStreams()).toMatchObject({ grace: 1 });
      const buffered = async () =>
        Number(/^tigerconnect_events_buffered (\d+)/m.exec(await (await fetch(`${gateway.url}/metrics`)).text())?.[1]);
      const send =
        'mutation ($body: String!) { sendMessage(input: { recipient: "grace@example.org", body: $body, ttl: 1 }) { message { id body } } }';
      for (let sent = 0; sent < 20; sent++) {
        const answer = await post(gateway.url, { query: send, variables: { body: canaries.plant('ephemeral') } });
        expect(answer.errors).toBeUndefined();
      }
      await waitUntil(() => JSON.stringify(socket.messages).split('canary-ephemeral').length > 20);
      expect(await buffered()).toBe(20);
      socket.socket.close();
      // Other traffic, as there always is: what the parsers looked at last is theirs until the next request.
      for (let asked = 0; asked < 200; asked++) await post(gateway.url, { query: '{ me { id } }' }, 'alan');
      gateway.child.kill('SIGHUP');
      await expect.poll(buffered).toBe(0);

      gateway.child.kill('SIGUSR2');
      await expect.poll(() => readdirSync(directory).length).toBe(1);
      gateway.child.kill('SIGTERM');
      await gateway.exit;
      let held = 0;
      let tail = '';
      let sawSchema = false;
      for await (const chunk of createReadStream(join(directory, readdirSync(directory)[0] ?? ''), 'utf8')) {
        const text = tail + chunk;
        held += text.split('canary-ephemeral').length - 1;
        sawSchema ||= text.includes('messageReceived');
        tail = text.slice(-20);
      }
      expect(sawSchema).toBe(true);
      expect(held).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
