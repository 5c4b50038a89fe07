// Loaded into a gateway under test, for what cannot be seen from outside. It measures only between two orders.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

let delays;
let collections;
let collectedMs = 0;
let startedAt;
let session;

const orders = {
  delayStart() {
    delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    collectedMs = 0;
    collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) collectedMs += duration;
    });
    collections.observe({ entryTypes: ['gc'] });
    startedAt = process.cpuUsage();
  },
  /**
   * Milliseconds; the histogram counts the timer's own millisecond too, which is taken off. `gcShare` is the time in which the program
   * stood still for garbage collections, of its processor time.
   */
  async delayStop() {
    delays.disable();
    const { user, system } = process.cpuUsage(startedAt);
    // The observer gets its entries in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collections.disconnect();
    const ms = (nanos) => Math.max(0, nanos / 1e6 - 1);
    return {
      p50: ms(delays.percentile(50)),
      p99: ms(delays.percentile(99)),
      max: ms(delays.max),
      gcShare: collectedMs / ((user + system) / 1000),
    };
  },
  profileStart() {
    session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: 200 });
    session.post('Profiler.start');
  },
  profileStop({ file }) {
    return new Promise((resolve, reject) => {
      session.post('Profiler.stop', (error, { profile }) => {
        if (error) return reject(error);
        writeFileSync(file, JSON.stringify(profile));
        session.disconnect();
        resolve();
      });
    });
  },
};

process.on('message', async ({ number, order }) => {
  process.send({ number, value: await orders[order.kind](order) });
});
process.channel.unref();
