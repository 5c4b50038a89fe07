/** Which upstreams a credential may be sent to, and how the connection proves itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/config.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { ada } from '../support/endpoint-case.ts';
import { selfSigned } from '../support/self-signed.ts';
import { connectTo, reply } from '../support/wire-server.ts';

const serverIdentity = selfSigned('upstream');
const clientIdentity = selfSigned('gateway');

/** @param demandsCertificate Accept only clients with the gateway's certificate. */
async function startTlsServer(
  demandsCertificate = false,
): Promise<{ origin: string; peers: string[] } & AsyncDisposable> {
  const peers: string[] = [];
  const options = { ...serverIdentity, requestCert: demandsCertificate, ca: clientIdentity.cert };
  const server = createServer(options, (message, response) => {
    peers.push(String((message.socket as TLSSocket).getPeerCertificate().subject?.CN)); // an https server's socket is one
    reply(response, { token: ada });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  return {
    origin: `https://127.0.0.1:${port}`,
    peers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Writes the texts as files of these names and gives their folder. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'upstream-tls-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe('a TLS upstream', () => {
  it('is trusted when its authority is the configured one', async () => {
    await using server = await startTlsServer();
    await using folder = await folderOf({ 'ca.pem': serverIdentity.cert });
    await using side = connectTo(server.origin, { upstreamCaFile: join(folder.path, 'ca.pem') });
    expect((await getMe(side.upstream)).token).toBe(ada);
  });

  it('gets no request when its certificate is not trusted', async () => {
    await using server = await startTlsServer();
    await using side = connectTo(server.origin);
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(server.peers).toEqual([]);
  });

  it('sees the client certificate', async () => {
    await using server = await startTlsServer(true);
    await using folder = await folderOf({
      'ca.pem': serverIdentity.cert,
      'cert.pem': clientIdentity.cert,
      'key.pem': clientIdentity.key,
    });
    await using side = connectTo(server.origin, {
      upstreamCaFile: join(folder.path, 'ca.pem'),
      upstreamCertFile: join(folder.path, 'cert.pem'),
      upstreamKeyFile: join(folder.path, 'key.pem'),
    });
    await getMe(side.upstream);
    expect(server.peers).toEqual(['gateway']);
  });

  it('prevents the start with unreadable files, all of them reported', () => {
    const settings = {
      upstreamCaFile: '/nowhere/ca',
      upstreamCertFile: '/nowhere/cert',
      upstreamKeyFile: '/nowhere/key',
    };
    expect(() => connectTo('https://127.0.0.1:9', settings)).toThrow(ConfigError);
    expect(() => connectTo('https://127.0.0.1:9', settings)).toThrow(
      'UPSTREAM_CA_FILE: expected a file that can be read (ENOENT).\nUPSTREAM_CERT_FILE: expected a file that can be read (ENOENT).\n' +
        'UPSTREAM_KEY_FILE: expected a file that can be read (ENOENT).',
    );
  });

  it('prevents the start with files that do not hold what they should, without which every call would fail', async () => {
    await using folder = await folderOf({
      'ca.pem': `# Our authorities\n${serverIdentity.cert}\n${clientIdentity.cert}`,
      'cut.pem': `${serverIdentity.cert}\n${clientIdentity.cert.slice(0, 200)}`,
      'cert.pem': clientIdentity.cert,
      'key.pem': clientIdentity.key,
      'other-key.pem': serverIdentity.key,
      'empty.pem': '',
      'text.pem': 'not a certificate',
    });
    const start = (files: Readonly<Record<string, string>>) => {
      const config = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder.path, file)]));
      return connectTo('https://127.0.0.1:9', config);
    };
    await using usable = start({ upstreamCaFile: 'ca.pem', upstreamCertFile: 'cert.pem', upstreamKeyFile: 'key.pem' });
    expect(usable.records).toEqual([]);
    for (const file of ['cut.pem', 'empty.pem', 'text.pem', 'key.pem'])
      expect(() => start({ upstreamCaFile: file })).toThrow(
        'UPSTREAM_CA_FILE: expected a file with certificates in PEM.',
      );
    expect(() => start({ upstreamCertFile: 'text.pem', upstreamKeyFile: 'cert.pem' })).toThrow(
      'UPSTREAM_CERT_FILE: expected a file with certificates in PEM.\n' +
        'UPSTREAM_KEY_FILE: expected a file with a private key in PEM, not encrypted.',
    );
    expect(() => start({ upstreamCertFile: 'cert.pem', upstreamKeyFile: 'other-key.pem' })).toThrow(
      'UPSTREAM_CERT_FILE, UPSTREAM_KEY_FILE: expected a certificate and its own private key.',
    );
  });
});

describe('UPSTREAM_URL', () => {
  it.each([
    'https://key:secret@api.example.org',
    'https://api.example.org/?key=1',
    'https://api.example.org/#v2',
    'https://api.example.org/v2',
  ])('is not %s, whose additional part would have no effect', (url) => {
    expect(() => parseConfig({ UPSTREAM_URL: url })).toThrow('UPSTREAM_URL: expected an origin');
  });

  it.each([
    'https://api.example.org',
    'http://127.0.0.1:4010',
    'http://127.9.9.9',
    'http://localhost:1',
    'http://[::1]:1',
  ])('may be %s', (url) => {
    expect(parseConfig({ UPSTREAM_URL: url }).upstreamUrl).toBe(url);
  });

  it.each([
    'http://api.example.org',
    'http://10.0.0.1',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
  ])('may be %s only with UPSTREAM_ALLOW_HTTP, because credentials would travel unencrypted', (url) => {
    expect(() => parseConfig({ UPSTREAM_URL: url })).toThrow('UPSTREAM_URL: expected https');
    expect(parseConfig({ UPSTREAM_URL: url, UPSTREAM_ALLOW_HTTP: 'true' }).upstreamUrl).toBe(url);
  });

  it('has a client certificate with its key, or neither', () => {
    expect(() => parseConfig({ UPSTREAM_CERT_FILE: 'c' })).toThrow('UPSTREAM_CERT_FILE, UPSTREAM_KEY_FILE');
    expect(() => parseConfig({ UPSTREAM_KEY_FILE: 'k' })).toThrow('expected both or neither');
    expect(parseConfig({ UPSTREAM_CERT_FILE: 'c', UPSTREAM_KEY_FILE: 'k' })).toMatchObject({ upstreamCertFile: 'c' });
  });
});
