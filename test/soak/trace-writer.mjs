/**
 * Loaded into a gateway before its program: writes each step in the life of an event to a file of the process, and when the process
 * had no processor.
 */
import { channel } from 'node:diagnostics_channel';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const file = openSync(join(process.env['EVENT_TRACE'] ?? '.', `${process.pid}.ndjson`), 'a');
channel('tigerconnect:event-streams').subscribe((step) => {
  // At once: the process may be killed.
  writeSync(file, `${JSON.stringify(step)}\n`);
});

const lookEveryMs = 100;
/** A timer that is later than this had no processor. */
const stallMs = 500;
let lookedAt = performance.now();
setInterval(() => {
  const detail = Math.round(performance.now() - lookedAt - lookEveryMs);
  lookedAt = performance.now();
  if (detail >= stallMs)
    writeSync(file, `${JSON.stringify({ at: Date.now(), name: '', step: 'stall', id: '', detail })}\n`);
}, lookEveryMs).unref();
