/** The yardstick's process: repeats a fixed piece of work on request, and reports its processor time. */
import type { OrderMessage, OrderReply } from '../upstream/orders.ts';

const text = JSON.stringify(
  Array.from({ length: 3_000 }, (_, index) => ({
    token: `token-${index}`,
    list: [index, index + 1],
    nested: { text: `x${index}` },
  })),
);

/** Processor time, not the clock: other processes on the core do not lengthen it, a core that has become slower does. */
function measure(): number {
  const before = process.cpuUsage();
  for (let times = 0; times < 4; times++) JSON.stringify(JSON.parse(text));
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

for (let times = 0; times < 50; times++) measure();

process.on('message', ({ number }: OrderMessage) => {
  // The shortest of three, as a collection of garbage may fall into one.
  process.send?.({ number, value: Math.min(measure(), measure(), measure()) } satisfies OrderReply);
});
process.on('disconnect', () => process.exit(0));

process.send?.({ number: 0, value: undefined } satisfies OrderReply);
