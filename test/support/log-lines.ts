/**
 * Writes lines of the access log, of the log and of the audit log to standard output, and ends as its argument says: by an uncaught
 * error, or because nothing is left to do. Each line has its number as the request id. Standard error gets the number of writes of
 * the first thousand.
 */
import { AuditLog } from '../../src/observability/audit-log.ts';
import { createLog } from '../../src/observability/log.ts';

const [ending = ''] = process.argv.slice(2);
const log = createLog('info');
const audit = new AuditLog({ target: 'stdout', maxWaitingBytes: 65_536, log });
let count = 0;
const next = () => String(count++);
const access = () =>
  log.access({
    requestId: next(),
    transport: 'http',
    type: 'query',
    code: 'OK',
    durationMs: 1,
    upstreamCalls: 1,
    bytes: 20,
  });

// Each is one call of the system while the reader keeps up. Not what the system counts: other threads of Node write to wake each other.
let writes = 0;
const { stdout } = process;
const write = stdout.write.bind(stdout);
stdout.write = (chunk: string | Uint8Array) => {
  writes += 1;
  return write(chunk);
};

for (let turn = 0; turn < 100; turn++) {
  for (let line = 0; line < 10; line++) access();
  await new Promise(setImmediate);
}
process.stderr.write(String(writes));
access();
log.info('gateway is listening', { requestId: next() });
access();
// As the answer of a mutation does.
await audit
  .begin({ requestId: next(), action: 'signOut', objects: {} })
  .end({ outcome: 'DONE', code: 'OK', objects: {} });
access();
access();
// A mutation whose answer has not left.
void audit
  .begin({ requestId: next(), action: 'signOut', objects: {} })
  .end({ outcome: 'DONE', code: 'OK', objects: {} });
if (ending === 'crash') throw new Error('not caught');
