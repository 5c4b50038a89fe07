/**
 * The control server: JSON over HTTP on the loopback interface, for tests and demonstrations. A POST requires
 * `Content-Type: application/json`, so that a web page cannot send one without a CORS preflight.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson, readBytes } from '../http/body.ts';
import { badRequest, errorEnvelope, HttpError } from '../http/http-error.ts';
import { type ControlParts, createControlOrders } from './control-orders.ts';

/** The control API as one handler of requests. */
export function createControl(parts: ControlParts) {
  const routes = createControlOrders(parts);
  const overview = routes.map(({ method, path, meaning }) => ({ method, path, meaning }));
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    const segments = pathname.split('/').filter((segment) => segment !== '');
    if (segments.length === 0 && request.method === 'GET') return overview;
    const route = routes.find(({ method, path }) => method === request.method && fits(path, segments));
    if (route === undefined) throw new HttpError(404, 'No such route; GET / lists them');
    const body = request.method === 'POST' ? await readOrder(request) : undefined;
    return route.run({ body, name: decodeURIComponent(segments[1] ?? '') });
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request)
      .then((result) => ({ status: 200, body: result ?? {} }))
      .catch((error: unknown) =>
        error instanceof HttpError
          ? { status: error.status, body: error.envelope }
          : { status: 500, body: errorEnvelope(500, String(error)) },
      )
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
        response.end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  };
}

function fits(path: string, segments: readonly string[]): boolean {
  const template = path.split('/').slice(1);
  return (
    template.length === segments.length &&
    template.every((segment, index) => segment.startsWith('{') || segment === segments[index])
  );
}

async function readOrder(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type']?.split(';', 1)[0] !== 'application/json') {
    throw badRequest('Content-Type: expected application/json');
  }
  const bytes = await readBytes(request);
  return bytes.length === 0 ? {} : parseJson(bytes);
}
