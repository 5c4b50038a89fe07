/** Memory of a separate gateway process that transfers large files, measured from outside. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { basic } from '../support/stack.ts';
import { postForm, uploadForm } from '../support/upload.ts';

const mebibyte = 1024 * 1024;
const fileBytes = 20 * mebibyte;
/** The README's promise. */
const mostExtraBytes = 64 * mebibyte;

/** Highest resident memory since `forgetPeak` (proc(5), VmHWM), in bytes. */
function peakOf({ child }: GatewayProcess): number {
  return field(child.pid, 'VmHWM');
}

function residentOf({ child }: GatewayProcess): number {
  return field(child.pid, 'VmRSS');
}

function field(pid: number | undefined, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`no ${name}`);
  return Number(kibibytes) * 1024;
}

function forgetPeak({ child }: GatewayProcess): void {
  writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a file of 20 MiB', () => {
  let sandbox: Sandbox;
  let gateway: GatewayProcess;
  beforeAll(async () => {
    await build();
    sandbox = await startSandbox();
    gateway = await startGatewayProcess(sandbox.url, { flags: ['--trace-gc'] });
  }, 300_000);
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  const upload = async (bytes: Buffer<ArrayBuffer>) => {
    const { data, errors } = await postForm(
      gateway.url,
      uploadForm(
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { attachments { size url } } } }',
        { input: { recipient: 'grace', attachment: null } },
        new File([bytes], 'scan.bin', { type: 'application/octet-stream' }),
      ),
    );
    expect(errors).toBeUndefined();
    type Payload = { sendMessage: { message: { attachments: [{ size: number; url: string }] } } };
    const [attachment] = (data as unknown as Payload).sendMessage.message.attachments;
    expect(attachment.size).toBe(bytes.length);
    return attachment.url;
  };
  const download = async (path: string, authorization = basic('grace')) => {
    const response = await fetch(`${gateway.url}${path}`, { headers: { authorization } });
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  };

  it('is transferred whole in both directions, with less than 64 MiB more memory than small files', async () => {
    const small = Buffer.from(randomBytes(mebibyte));
    for (let time = 0; time < 5; time++) await download(await upload(small));
    const large = Buffer.from(randomBytes(fileBytes));
    const before = residentOf(gateway);
    forgetPeak(gateway);
    const path = await upload(large);
    const up = peakOf(gateway) - before;
    forgetPeak(gateway);
    const bytes = await download(path);
    const down = peakOf(gateway) - before;
    expect(digest(bytes)).toBe(digest(large));
    process.stdout.write(`\n20 MiB up: ${Math.round(up / mebibyte)} MiB more; down: ${Math.round(down / mebibyte)}\n`);
    expect(up).toBeLessThan(mostExtraBytes);
    expect(down).toBeLessThan(mostExtraBytes);
  }, 120_000);

  it('causes no full collection: its buffers are freed every 8 MB by minor ones', async () => {
    const large = Buffer.from(randomBytes(fileBytes));
    await download(await upload(large));
    const before = gateway.output().length;
    const files = 6;
    for (let file = 0; file < files; file++) await download(await upload(large));
    const passed = 2 * files * fileBytes;
    const collections = (kind: RegExp) => gateway.output().slice(before).match(kind)?.length ?? 0;
    const ordered = () => collections(/Scavenge .* testing/g);
    const expected = passed / (8 * mebibyte);
    // A line of the first file may come late and count here, and a line of the log may cut one of the engine in two.
    await expect.poll(ordered).toBeGreaterThanOrEqual(expected - 2);
    expect(ordered()).toBeLessThanOrEqual(expected + 2);
    // V8 alone makes twelve or more.
    expect(collections(/Mark-Compact/g)).toBeLessThan(6);
  }, 120_000);
});
