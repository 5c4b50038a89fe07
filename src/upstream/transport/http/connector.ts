/** Opens the connections to the upstream: directly, or through an HTTP proxy (CONNECT, RFC 9110 §9.3.6). */
import { request } from 'node:http';
import { Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { Tls } from './tls.ts';

export interface ConnectorOptions {
  /** Undefined: the system's certificates. */
  readonly tls: Tls | undefined;
  /** Limit for opening one connection, TLS handshake included; through a proxy, for each of its two parts. */
  readonly timeoutMs: number;
  /** Address of the proxy, which may have a login; undefined: none. */
  readonly proxy: string | undefined;
}

/** Opens one connection. @returns Gives it up before it is open: undici keeps it until `timeoutMs`, whatever happens to its client. */
export type Connector = (...connection: Parameters<buildConnector.connector>) => () => void;

/** One connector for many connections, so that they share TLS sessions. */
export function createConnector({ tls, timeoutMs, proxy }: ConnectorOptions): Connector {
  const direct = closable(buildConnector({ ...tls, timeout: timeoutMs }));
  return proxy === undefined ? direct : throughProxy(new URL(proxy), direct, timeoutMs);
}

function closable(connector: buildConnector.connector): Connector {
  return (options, callback) => {
    // The socket, which undici's types do not mention.
    const socket: unknown = connector(options, callback);
    return () => {
      if (socket instanceof Socket) socket.destroy(new Error('The connection is not needed any more.'));
    };
  };
}

/** The proxy did not open a tunnel. Its code appears in the log. */
class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: string;

  constructor(code: string) {
    super('The proxy did not open a tunnel.');
    this.code = code;
  }
}

function throughProxy(proxy: URL, direct: Connector, timeoutMs: number): Connector {
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization =
    login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  return (options, callback) => {
    const isTls = options.protocol === 'https:';
    const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    const path = `${host}:${options.port || (isTls ? 443 : 80)}`;
    const tunnel = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || 80,
      method: 'CONNECT',
      path,
      headers: { host: path, ...authorization },
      agent: false,
    });
    let close: () => void = () => tunnel.destroy(new ProxyError('PROXY_CLOSED'));
    const timer = setTimeout(() => tunnel.destroy(new ProxyError('PROXY_TIMEOUT')), timeoutMs);
    tunnel.once('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return callback(new ProxyError(`PROXY_STATUS_${statusCode}`), null);
      }
      if (head.length > 0) socket.unshift(head);
      if (isTls) close = direct({ ...options, httpSocket: socket }, callback);
      else callback(null, socket);
    });
    tunnel.once('error', (error) => {
      clearTimeout(timer);
      callback(error, null);
    });
    tunnel.end();
    return () => close();
  };
}
