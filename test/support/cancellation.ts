import { GatewayError } from '../../src/errors.ts';
import { CancellationSource } from '../../src/upstream/cancellation.ts';

/** Cancelled when `signal` aborts. A GatewayError or AbortError is kept as the reason; any other reason becomes an AbortError. */
export function cancellationOf(signal: AbortSignal): CancellationSource {
  const source = new CancellationSource();
  const cancel = () => source.cancel(reasonOf(signal));
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  return source;
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError || (reason instanceof Error && reason.name === 'AbortError')) return reason;
  return new DOMException('The client left.', 'AbortError');
}
