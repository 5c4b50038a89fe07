/** What all requests have in common: headers, safe paths, credentials, chunks. */
import { describe, expect, it } from 'vitest';
import { login } from '../../src/upstream/endpoints/auth.ts';
import { deleteGroup } from '../../src/upstream/endpoints/group.ts';
import { updateMessageStatus } from '../../src/upstream/endpoints/message.ts';
import { getMe, userLookup } from '../../src/upstream/endpoints/user.ts';
import { ada, grace } from '../support/endpoint-case.ts';
import { headersOnWire, repeatedHeaders } from '../support/recording-proxy.ts';
import { connectTo, json, startWireServer } from '../support/wire-server.ts';

describe('a request', () => {
  it('carries the device id of a bearer token and the trace context', async () => {
    await using server = await startWireServer((_request, response) => json(response, 200, { reply: { token: ada } }));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await using side = connectTo(
      server.origin,
      {},
      {
        credential: { authorization: 'Bearer abc', deviceId: 'device-1', key: 'k', principalKey: 'k' },
        traceparent,
      },
    );
    await getMe(side.upstream);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer abc',
      'x-device-id': 'device-1',
      traceparent,
    });
  });

  it('is not sent with a credential whose characters a header cannot contain', async () => {
    await using server = await startWireServer((_request, response) => json(response, 200, { reply: { token: ada } }));
    await using side = connectTo(
      server.origin,
      {},
      {
        credential: { authorization: 'Basic a\r\nX-Evil: 1', deviceId: undefined, key: 'k', principalKey: 'k' },
      },
    );
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.requests).toHaveLength(0);
  });

  it.each(['a\r\nX-Evil: 1', 'ü', '', 'x'.repeat(201)])(
    'is not sent with the organization key %j',
    async (organization) => {
      await using server = await startWireServer((_request, response) =>
        json(response, 200, { reply: { token: ada } }),
      );
      await using side = connectTo(server.origin);
      await expect(getMe(side.upstream, { organization })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'organization',
      });
      expect(server.requests).toHaveLength(0);
    },
  );
});

describe('addresses in paths', () => {
  it.each(['', '.', '..', '\ud800', 'x'.repeat(513)])(
    'never leave their path segment: %j names no user',
    async (address) => {
      await using server = await startWireServer((_request, response) =>
        json(response, 200, { reply: { token: ada } }),
      );
      await using side = connectTo(server.origin);
      expect(await side.upstream.find(userLookup(address))).toBeUndefined();
      await expect(deleteGroup(side.upstream, address)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(server.requests).toHaveLength(0);
    },
  );

  it('are percent-encoded, slashes and question marks included', async () => {
    await using server = await startWireServer((_request, response) => json(response, 200, { reply: { token: ada } }));
    await using side = connectTo(server.origin);
    await side.upstream.find(userLookup('../group?x=1#y ü'));
    expect(server.requests[0]?.path).toBe('/v2/user/..%2Fgroup%3Fx%3D1%23y%20%C3%BC?render_metadata=true');
  });
});

describe('signing in', () => {
  const answer = { user: { token: grace, display_name: 'Grace' }, auth: { key: 'k-1', secret: 's-1', resource: 'r' } };

  it('sends Basic credentials of the person and none of the caller', async () => {
    await using server = await startWireServer((_request, response) => json(response, 200, { reply: answer }));
    await using side = connectTo(server.origin, {}, { credential: undefined });
    const key = await login(side.upstream, { userId: 'grace@example.org', password: 'pä:ss' });
    expect(key).toMatchObject({ key: 'k-1', secret: 's-1', user: { token: grace, displayName: 'Grace' } });
    const [request] = server.requests;
    expect(`${request?.method} ${request?.path}`).toBe('POST /v5/login');
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('grace@example.org:pä:ss').toString('base64')}`);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      want_condensed_replays: false,
      device_id: expect.any(String),
    });
  });

  it.each([
    [
      'Basic of another person',
      { authorization: 'Basic YWRhOmRlbW8=', deviceId: undefined, key: 'k', principalKey: 'k' },
    ],
    ['Bearer with a device', { authorization: 'Bearer abc', deviceId: 'device-1', key: 'k', principalKey: 'k' }],
  ])('replaces the Authorization of a caller that has one: %s', async (_name, credential) => {
    await using server = await startWireServer(({ path }, response) => {
      if (path === '/v2/login') json(response, 200, { reply: answer });
      else json(response, 404, { status: 'fail' });
    });
    await using side = connectTo(server.origin, {}, { credential });
    await login(side.upstream, { userId: 'grace', password: 'pass' });
    expect(server.requests).toHaveLength(2);
    for (const { rawHeaders } of server.requests) {
      const headers = headersOnWire(rawHeaders);
      expect(headers.filter(([name]) => name === 'authorization')).toEqual([
        ['authorization', `Basic ${Buffer.from('grace:pass').toString('base64')}`],
      ]);
      expect(repeatedHeaders(headers)).toEqual([]);
    }
  });

  it('uses the scheme with a product key when there is one', async () => {
    await using server = await startWireServer((_request, response) => json(response, 200, { reply: answer }));
    await using side = connectTo(server.origin, {}, { credential: undefined });
    await login(side.upstream, { userId: 'grace', password: 'pass', productKey: 'acme' });
    expect(server.requests[0]?.headers.authorization).toBe(
      `XMPP-Simple ${Buffer.from('acme:grace:pass').toString('base64')}`,
    );
  });

  it('falls back to the v2 form where v5 is unknown', async () => {
    await using server = await startWireServer(({ path }, response) => {
      if (path === '/v2/login') json(response, 200, { reply: answer });
      else json(response, 404, { status: 'fail' });
    });
    await using side = connectTo(server.origin, {}, { credential: undefined });
    expect(await login(side.upstream, { userId: 'grace', password: 'pass' })).toMatchObject({ key: 'k-1' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/v5/login', '/v2/login']);
  });
});

describe('marking messages', () => {
  it('splits a long list into calls of 500', async () => {
    await using server = await startWireServer((_request, response) => void response.writeHead(204).end());
    await using side = connectTo(server.origin);
    const delivered = Array.from({ length: 700 }, (_, index) => `d-${index}`);
    const read = Array.from({ length: 301 }, (_, index) => `r-${index}`);
    await updateMessageStatus(side.upstream, { delivered, read });
    const bodies = server.requests.map(({ body }) => JSON.parse(body));
    expect(bodies.map((body) => (body.delivered?.length ?? 0) + (body.read?.length ?? 0))).toEqual([500, 500, 1]);
    expect(bodies.flatMap((body) => body.delivered ?? [])).toEqual(delivered);
    expect(bodies.flatMap((body) => body.read ?? [])).toEqual(read);
  });

  it('sends no request for an empty list', async () => {
    await using server = await startWireServer((_request, response) => void response.writeHead(204).end());
    await using side = connectTo(server.origin);
    await updateMessageStatus(side.upstream, { delivered: [], read: [] });
    expect(server.requests).toHaveLength(0);
  });
});
