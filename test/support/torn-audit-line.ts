/**
 * Writes twelve audit lines to a file of at most 1,024 bytes (`ulimit -f 1`), as on a full disk, rotates the file in the middle of
 * a line, and prints the number of queued lines. Argument: path of the file.
 */
import { renameSync } from 'node:fs';
import { AuditLog } from '../../src/observability/audit-log.ts';
import { createLog } from '../../src/observability/log.ts';

// The signal of the limit; the write then fails.
process.on('SIGXFSZ', () => {});
const [path = ''] = process.argv.slice(2);
const audit = new AuditLog({ target: path, maxWaitingBytes: 65_536, log: createLog('silent') });
for (let index = 0; index < 12; index++) {
  const action = audit.begin({ requestId: `request-${index}`, action: 'signOut', objects: {} });
  void action.end({ outcome: 'DONE', code: 'OK', objects: {} });
}
await new Promise(setImmediate);
const waitingBefore = audit.waitingBytes;
renameSync(path, `${path}.1`);
audit.reopen();
const waiting = audit.waitingBytes;
await audit.close(100);
process.stdout.write(JSON.stringify({ wasFull: waitingBefore > 0, waiting }));
