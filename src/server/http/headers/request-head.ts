/** Request heads: accepted upgrades, and the host and path of a request. */
import { IncomingMessage } from 'node:http';

/**
 * A request that Node treats as an upgrade only for a WebSocket, which GET opens. An upgrade to another protocol is ignored and the request is answered
 * normally (RFC 9110 §7.8); without this class, Node emits `upgrade` for every protocol once the event has a listener. Node 24.9 has
 * `shouldUpgradeCallback` for this; older versions have no option.
 */
export class HttpRequest extends IncomingMessage {
  /** Result of Node's parser: `Connection: upgrade` with `Upgrade`, or CONNECT. Assigned before the headers are available. */
  hasUpgrade: boolean | null = null;

  /** Read by Node when the headers are available. */
  get upgrade(): boolean {
    if (this.hasUpgrade !== true) return false;
    if (this.method === 'CONNECT') return true;
    if (this.method !== 'GET' || this.httpVersion === '1.0') return false;
    return this.headers.upgrade?.trim().toLowerCase() === 'websocket';
  }
  set upgrade(value: boolean | null) {
    this.hasUpgrade = value;
  }
}

const absoluteForm = /^https?:\/\/([^/?#@\s]+)(\/[^#]*|\?[^#]*)?$/i;

/**
 * Converts the request target to a path. A target in absolute form, as sent to proxies, overrides the Host header (RFC 9112 §3.2.2).
 * @returns False when the target is invalid or the request has more than one Host header (RFC 9112 §3.2) or
 *   Authorization header: a proxy may have checked another one than the gateway would use.
 */
export function normalizeTarget(request: IncomingMessage): boolean {
  if (hasRepeated(request.rawHeaders)) return false;
  const { url = '/' } = request;
  if (url.startsWith('/') || url === '*') return true;
  const [, host, path = '/'] = absoluteForm.exec(url) ?? [];
  if (host === undefined) return false;
  request.headers.host = host;
  request.url = path.startsWith('/') ? path : `/${path}`;
  return true;
}

/** Whether the request has more than one Host or Authorization header. Node keeps the first and drops the others silently. */
function hasRepeated(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  let credentials = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index] ?? '';
    // The length first, as it is cheaper to compare.
    if (header.length === 'host'.length) {
      if (header.toLowerCase() === 'host') hosts += 1;
    } else if (header.length === 'authorization'.length && header.toLowerCase() === 'authorization') credentials += 1;
  }
  return hosts > 1 || credentials > 1;
}
