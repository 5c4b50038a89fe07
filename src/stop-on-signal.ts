/** SIGTERM and SIGINT end the process cleanly. */

/**
 * Milliseconds in which a repeated signal is ignored. Ctrl-C reaches all processes of a terminal, and npm passes the signal that
 * it got on to the gateway as well.
 */
const repeatMs = 500;

/**
 * Calls `stop` at the first signal. A signal more than half a second later ends the process at once.
 * @param stop Must not reject.
 */
export function stopOnSignal(stop: (signal: NodeJS.Signals) => void): void {
  let stoppingSince: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stoppingSince === undefined) {
        stoppingSince = performance.now();
        stop(signal);
      } else if (performance.now() - stoppingSince > repeatMs) process.exit(1);
    });
  }
}
