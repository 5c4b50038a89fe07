/** Functions of an embedding program: no return value and no error of theirs affects an operation. */
import { setTimeout as pause } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type GatewayHooks, HookCaller } from '../../src/hooks.ts';
import { createLog } from '../../src/observability/log.ts';

const bounds = { hookTimeoutMs: 50, maxHookCalls: 2 };
const operation = {
  requestId: 'r',
  type: 'query',
  transport: 'http',
  code: 'OK',
  durationMs: 1,
  upstreamCalls: 0,
} as const;

function hooked(onOperation: GatewayHooks['onOperation']) {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const hooks = new HookCaller({ onOperation }, bounds, log);
  return { lines, call: () => hooks.onOperation?.(operation) };
}

/** Promises of another realm, which are not instances of this realm's `Promise`; test runners and libraries return such ones. */
const foreign = (expression: string): Promise<void> => runInNewContext(expression);

describe('a hook', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('canary');
      },
    ],
    ['returns a promise that is rejected', () => Promise.reject(new Error('canary'))],
    ['returns a promise of another realm that is rejected', () => foreign('Promise.reject(new Error("canary"))')],
    ['returns a thenable that is rejected', () => foreign('({ then: (_, reject) => reject(new Error("canary")) })')],
    ['returns a thenable that throws', () => foreign('({ then() { throw new Error("canary"); } })')],
  ])('that %s is reported without its message', async (_what, hook) => {
    const { lines, call } = hooked(hook);
    call();
    await expect.poll(() => lines.join('')).toContain('hook failed');
    expect(lines.join('')).not.toContain('canary');
  });

  it('that does not settle is abandoned, also when its promise is of another realm', async () => {
    const { lines, call } = hooked(() => foreign('new Promise(() => {})'));
    call();
    call();
    call();
    expect(lines.join('')).toContain('too many calls are pending');
    await expect.poll(() => lines.join('').split('hook timed out').length).toBe(3);
    call();
    await pause(0);
    expect(lines.join('').split('too many calls')).toHaveLength(2);
  });
});
