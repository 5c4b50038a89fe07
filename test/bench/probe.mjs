// Loaded into a gateway under test, for what cannot be seen from outside. It measures only between two orders.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { monitorEventLoopDelay } from 'node:perf_hooks';

let delays;
let session;

const orders = {
  delayStart() {
    delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
  },
  /** Milliseconds; the histogram counts the timer's own millisecond too, which is taken off. */
  delayStop() {
    delays.disable();
    const ms = (nanos) => Math.max(0, nanos / 1e6 - 1);
    return { p50: ms(delays.percentile(50)), p99: ms(delays.percentile(99)), max: ms(delays.max) };
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
