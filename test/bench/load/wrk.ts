/** Load by wrk: far cheaper than any generator in JavaScript, so that it can share a core with the upstream. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cores } from '../processes.ts';
import type { Timing } from '../subjects/subject.ts';

export interface WrkOptions {
  readonly url: string;
  readonly body: string;
  /** Taken in turn, request by request. */
  readonly authorizations: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Length of a right answer's body. */
  readonly answerBytes: number;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** Requests are made before the clock starts; the sums are printed as JSON. */
function luaScript({ body, authorizations }: WrkOptions): string {
  return `
local body = ${quoted(body)}
local authorizations = { ${authorizations.map(quoted).join(', ')} }
local requests = {}
local turn = 0
function init()
  for index, authorization in ipairs(authorizations) do
    requests[index] = wrk.format('POST', nil, {
      ['content-type'] = 'application/json', ['accept'] = 'application/json', ['authorization'] = authorization
    }, body)
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nRESULT {"requests":%d,"micros":%d,"bytes":%d,"errors":%d,"p50":%d,"p99":%d}\\n',
    summary.requests, summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end`;
}

interface WrkResult {
  readonly requests: number;
  readonly micros: number;
  readonly bytes: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
}

export async function runWrk(options: WrkOptions): Promise<Timing> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-wrk-'));
  try {
    const file = join(directory, 'load.lua');
    await writeFile(file, luaScript(options));
    const { url, connections, seconds, answerBytes } = options;
    const output = await runProgram('taskset', [
      ...['-c', String(cores.bench), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s'],
      ...['-s', file, url],
    ]);
    const line = output.split('\n').find((each) => each.startsWith('RESULT '));
    if (line === undefined) throw new Error(`wrk said nothing: ${output}`);
    const result = JSON.parse(line.slice('RESULT '.length)) as WrkResult; // as the script above prints it
    // An error in a 200 is shorter than the right answer: with heads counted, the average may only be longer.
    const short = result.requests > 0 && result.bytes / result.requests < answerBytes * 0.999;
    return {
      requests: result.requests,
      seconds: result.micros / 1e6,
      p50Ms: result.p50 / 1000,
      p99Ms: result.p99 / 1000,
      wrong: result.errors + (short ? result.requests : 0),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function runProgram(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}`))));
  });
}
