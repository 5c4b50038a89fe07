/** Loaded into a gateway before its program: writes each step in the life of an event to a file of the process. */
import { channel } from 'node:diagnostics_channel';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const file = openSync(join(process.env['EVENT_TRACE'] ?? '.', `${process.pid}.ndjson`), 'a');
channel('tigerconnect:event-streams').subscribe((step) => {
  // At once: the process may be killed.
  writeSync(file, `${JSON.stringify(step)}\n`);
});
