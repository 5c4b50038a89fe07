/**
 * The figures that an operator needs first, in about eight minutes on a quiet machine: `npm run figures [-- NAME…]`. Writes a line of
 * JSON for each, and exits with code 1 when a target is missed.
 */
import { runDrain } from './drain.ts';
import { runLogCost } from './log-cost.ts';
import { runMcpLatency } from './mcp-latency.ts';
import { runNodeVersions } from './node-versions.ts';
import { runStartTimes } from './start-times.ts';

interface Outcome {
  readonly report: object;
  readonly isMissed: boolean;
}

const maxLogPercent = 3;

const runs: Readonly<Record<string, () => Promise<Outcome>>> = {
  async start() {
    const report = await runStartTimes({ starts: 3 });
    return { report, isMissed: report.cold > 8 || report.built > 3 };
  },
  async node() {
    const report = await runNodeVersions({ seconds: 15, subscribers: 1_000 });
    return {
      report,
      isMissed: report.versions.some(({ failed, kibPerSubscriber }) => failed > 0 || kibPerSubscriber > 40),
    };
  },
  async logs() {
    const report = await runLogCost({ pairs: 8, seconds: 5 });
    const { access, audit, failed } = report;
    const isDear = [access, audit].some(({ percentOfProcessor }) => percentOfProcessor > maxLogPercent);
    return { report, isMissed: isDear || failed > 0 };
  },
  async mcp() {
    const report = await runMcpLatency({ requests: 3_000 });
    return { report, isMissed: report.failed > 0 || report.mcp > report.graphql + 1 };
  },
  async drain() {
    const report = await runDrain({ sockets: 10_000, spreadMs: 25_000 });
    const { back, sockets, mostPerSecond, unannounced, lostRequests } = report;
    return { report, isMissed: back < sockets || mostPerSecond > 500 || unannounced + lostRequests > 0 };
  },
};

const wanted = process.argv.slice(2);
const names = Object.keys(runs);
if (wanted.some((name) => !names.includes(name))) {
  process.stderr.write(`npm run figures [-- NAME…]\nNAME is one of ${names.join(', ')}: all when left out.\n`);
  process.exit(2);
}
for (const [name, start] of Object.entries(runs)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { report, isMissed } = await start();
  process.stdout.write(`${JSON.stringify({ name, isMissed, ...report })}\n`);
  if (isMissed) process.exitCode = 1;
}
