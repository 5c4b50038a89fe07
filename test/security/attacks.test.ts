/** The short form of `npm run soak -- 1 attacks`: no single client stops the others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackNames, startAttacked } from '../soak/attacks.ts';
import { ownTime } from '../support/own-time.ts';
import { within } from '../support/wait.ts';

describe('while one client attacks', () => {
  let attacked: Awaited<ReturnType<typeof startAttacked>>;
  beforeAll(async () => {
    attacked = await startAttacked();
  });
  afterAll(() => attacked[Symbol.asyncDispose]());

  it.each(attackNames)('all others are served: %s', { timeout: 300_000 }, async (name) => {
    const report = await attacked.run(name, { connections: 20, seconds: 1.5 });
    expect(report.failed, JSON.stringify(report)).toBe(0);
    const now = () => ownTime(attacked.gateway.child.pid ?? 0);
    const before = now();
    expect((await fetch(`${attacked.gateway.url}/healthz`)).status).toBe(200);
    // These attacks once blocked the event loop for seconds.
    expect(now() - before).toBeLessThan(2_000);
    expect(attacked.gateway.child.exitCode).toBeNull();
  });

  it('the gateway still ends on a signal', async () => {
    attacked.gateway.child.kill('SIGTERM');
    expect(await within(attacked.gateway.exit)).toBe(0);
  });
});
