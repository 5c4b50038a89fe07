/** Large files pass through a gateway process of its own, whose resident memory is watched from outside. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts';
import { build } from './support/build.ts';
import { type Program, run } from './support/program.ts';
import { basic } from './support/stack.ts';
import { postForm, uploadForm } from './support/upload.ts';

const mebibyte = 1024 * 1024;
const fileBytes = 20 * mebibyte;
/** What issue and README promise. */
const mostExtraBytes = 64 * mebibyte;

/** Highest resident memory since `forgetPeak` (proc(5), VmHWM), in bytes. */
function peakOf({ child }: Program): number {
  return field(child.pid, 'VmHWM');
}

function residentOf({ child }: Program): number {
  return field(child.pid, 'VmRSS');
}

function field(pid: number | undefined, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`no ${name}`);
  return Number(kibibytes) * 1024;
}

function forgetPeak({ child }: Program): void {
  writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a file of 20 MiB', () => {
  let sandbox: Sandbox;
  let program: Program;
  let url: string;
  beforeAll(async () => {
    await build();
    sandbox = await startSandbox();
    program = run({ UPSTREAM_URL: sandbox.url, LOG_LEVEL: 'info' });
    [, url = ''] = await program.line(/"url":"(http[^"]+)"/);
  }, 300_000);
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  const upload = async (bytes: Buffer<ArrayBuffer>) => {
    const { data, errors } = await postForm(
      url,
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
    const response = await fetch(`${url}${path}`, { headers: { authorization } });
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  };

  it('goes up and down whole, with less than 64 MiB of memory more than small ones', async () => {
    const small = Buffer.from(randomBytes(mebibyte));
    for (let time = 0; time < 5; time++) await download(await upload(small));
    const large = Buffer.from(randomBytes(fileBytes));
    const before = residentOf(program);
    forgetPeak(program);
    const path = await upload(large);
    const up = peakOf(program) - before;
    forgetPeak(program);
    const bytes = await download(path);
    const down = peakOf(program) - before;
    expect(digest(bytes)).toBe(digest(large));
    process.stdout.write(`\n20 MiB up: ${Math.round(up / mebibyte)} MiB more; down: ${Math.round(down / mebibyte)}\n`);
    expect(up).toBeLessThan(mostExtraBytes);
    expect(down).toBeLessThan(mostExtraBytes);
  }, 120_000);
});
