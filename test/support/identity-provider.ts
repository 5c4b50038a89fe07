/** A minimal identity provider (OpenID Connect): its document, its keys, and signed tokens. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { SelfSigned } from './self-signed.ts';

/** Fault in place of a response. */
export type ProviderFault = 'status 503' | 'silence' | 'huge document' | 'no JSON' | 'other issuer' | 'redirect';

interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

export interface TokenChoices {
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds until the token expires; default: 300. */
  readonly lifeSeconds?: number;
  /** No signature, or one with a shared secret, in place of the right one. */
  readonly algorithm?: 'none' | 'HS256';
  /** Key id in the header, in place of that of the key. */
  readonly keyId?: string;
  /** Further claims, or in place of the usual ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Signs with the newest key. */
  token(subject: string, choices?: TokenChoices): Promise<string>;
  /** A new key signs from now on. @param isPublished Whether it is among the published keys at once; default: true. */
  rotate(isPublished?: boolean): Promise<void>;
  /** Publishes the newest key alone. */
  publishNewestOnly(): void;
  /** Publishes the newest key in an invalid form, or in its valid one. */
  breakNewest(isBroken: boolean): void;
  /** Responds to all further requests with the fault; undefined: without one. */
  fault: ProviderFault | undefined;
  /** Paths of the requests received. */
  readonly requests: readonly string[];
  /** Stops listening, as when the machine is away. */
  goAway(): Promise<void>;
  /** Listens again, on the same port. */
  comeBack(): Promise<void>;
}

const discovery = '/.well-known/openid-configuration';

async function createKey(number: number): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const id = `key-${number}`;
  return { id, privateKey, published: { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' } };
}

/** @param tls Serves https with this certificate; default: http. */
export async function startIdentityProvider(tls?: SelfSigned): Promise<IdentityProvider> {
  const keys = [await createKey(1)];
  const published = new Set(keys);
  let broken: SigningKey | undefined;
  const requests: string[] = [];
  let fault: ProviderFault | undefined;

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    requests.push(path);
    if (fault === 'silence') return;
    const send = (body: string, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json', location: `${issuer}/elsewhere` }).end(body);
    if (fault === 'status 503') return void send('{}', 503);
    if (fault === 'redirect') return void send('', 302);
    if (fault === 'no JSON') return void send('<html>');
    if (fault === 'huge document') return void send(JSON.stringify({ keys: 'x'.repeat(3_000_000) }));
    const about = {
      issuer: fault === 'other issuer' ? 'https://other.example.org' : issuer,
      jwks_uri: `${issuer}/keys`,
    };
    if (path === discovery) send(JSON.stringify(about));
    else if (path === '/keys') {
      const documents = [...published].map((key) => (key === broken ? { ...key.published, x: 'AA' } : key.published));
      send(JSON.stringify({ keys: documents }));
    } else send('{}', 404);
  };
  let server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer);
  let port = 0;
  const listen = async () => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo); // a TCP server's address is one
  };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await listen();
  const issuer = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;

  return {
    issuer,
    requests,
    get fault() {
      return fault;
    },
    set fault(ordered) {
      fault = ordered;
    },
    async token(subject, choices = {}) {
      const { lifeSeconds = 300, audience = 'tigerconnect', algorithm, keyId, claims = {} } = choices;
      const now = Math.floor(Date.now() / 1_000);
      const all = {
        iss: choices.issuer ?? issuer,
        aud: audience,
        sub: subject,
        iat: now,
        exp: now + lifeSeconds,
        ...claims,
      };
      if (algorithm === 'none') {
        const [head, body] = [{ alg: 'none' }, all].map((part) =>
          Buffer.from(JSON.stringify(part)).toString('base64url'),
        );
        return `${head}.${body}.`;
      }
      if (algorithm === 'HS256')
        return new SignJWT(all).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32).fill(7));
      const key = keys.at(-1) as SigningKey; // there always is one
      return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: keyId ?? key.id }).sign(key.privateKey);
    },
    async rotate(isPublished = true) {
      const key = await createKey(keys.length + 1);
      keys.push(key);
      if (isPublished) published.add(key);
    },
    publishNewestOnly() {
      published.clear();
      published.add(keys.at(-1) as SigningKey); // there always is one
    },
    breakNewest(isBroken) {
      broken = isBroken ? keys.at(-1) : undefined;
    },
    goAway: close,
    async comeBack() {
      server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer);
      await listen();
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await close();
    },
  };
}
