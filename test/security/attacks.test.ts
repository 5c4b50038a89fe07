/** The short form of `npm run soak -- 1 attacks`: nothing one client sends stops the others. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackNames, startAttacked } from '../soak/attacks.ts';

describe('while one client attacks', () => {
  let attacked: Awaited<ReturnType<typeof startAttacked>>;
  beforeAll(async () => {
    attacked = await startAttacked();
  }, 300_000);
  afterAll(() => attacked[Symbol.asyncDispose]());

  it.each(attackNames)('all others are answered: %s', { timeout: 60_000 }, async (name) => {
    const report = await attacked.run(name, { connections: 20, seconds: 1.5 });
    expect(report.failed, JSON.stringify(report)).toBe(0);
    const before = performance.now();
    expect((await fetch(`${attacked.gateway.url}/healthz`)).status).toBe(200);
    // A loop that stands still for seconds is what these attacks once did; a busy machine delays an answer by less.
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(attacked.gateway.child.exitCode).toBeNull();
  });

  it('and the gateway ends when it is asked to', async () => {
    attacked.gateway.child.kill('SIGTERM');
    expect(await Promise.race([attacked.gateway.exit, pause(15_000)])).toBe(0);
  });
});
