/** What HTTP leaves to the server about the head of a request: which upgrades it takes, and whom the request is for. */
import { IncomingMessage } from 'node:http';

/**
 * A request that Node takes for an upgrade only when it is one to WebSocket. Every other protocol is one the gateway does not
 * speak, and the request is answered as if nothing else had been offered (RFC 9110 §7.8); Node would hand over its bare
 * connection once there is a listener for upgrades. Node 24.9 has `shouldUpgradeCallback` for this, older ones have nothing.
 */
export class HttpRequest extends IncomingMessage {
  /** What the parser found: `Connection: upgrade` with `Upgrade`, or CONNECT. Set before there are headers. */
  hasUpgrade: boolean | null = null;

  /** Node asks once the headers are there. */
  get upgrade(): boolean {
    if (this.hasUpgrade !== true) return false;
    if (this.method === 'CONNECT') return true;
    return this.httpVersion !== '1.0' && this.headers.upgrade?.trim().toLowerCase() === 'websocket';
  }
  set upgrade(value: boolean | null) {
    this.hasUpgrade = value;
  }
}

const absoluteForm = /^https?:\/\/([^/?#@\s]+)(\/[^#]*|\?[^#]*)?$/i;

/**
 * Brings the target into the form of a path. With a whole address, as proxies get it, the host in it is the one that counts
 * (RFC 9112 §3.2.2).
 * @returns False for a request that names no single host: which of two is meant would be anyone's guess (RFC 9112 §3.2).
 */
export function settleTarget(request: IncomingMessage): boolean {
  if (hasSecondHost(request.rawHeaders)) return false;
  const { url = '/' } = request;
  if (url.startsWith('/') || url === '*') return true;
  const [, host, path = '/'] = absoluteForm.exec(url) ?? [];
  if (host === undefined) return false;
  request.headers.host = host;
  request.url = path.startsWith('/') ? path : `/${path}`;
  return true;
}

/** Node keeps the first and says nothing of others. */
function hasSecondHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}
