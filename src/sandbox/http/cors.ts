import type { IncomingMessage, ServerResponse } from 'node:http';

const exposed = [
  'TT-X-Message-Id',
  'TT-X-Group-Token',
  'TT-X-Group-Avatar',
  'TT-X-Api-Key',
  'TT-X-Api-Secret',
  'tt_login_attempts_left',
  'Retry-After',
].join(', ');

/** Allows any origin: the sandbox holds only demo data, and front ends can then call it without a proxy. */
export function allowBrowsers(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', exposed);
  response.setHeader('vary', 'Origin');
}

/** Allows any page everything, for ten minutes. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, PUT, POST, DELETE',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '600',
  });
  response.end();
}
