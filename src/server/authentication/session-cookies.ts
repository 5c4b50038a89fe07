/** Sessions of browsers: a key pair in a sealed cookie that no script of the page can read. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrowserSession } from '../../domain/session.ts';
import { badUserInput, GatewayError } from '../../errors.ts';
import { createCredential } from '../../upstream/credential.ts';
import { anonymous, hasAuthorization, type Identity } from './identity.ts';
import { isFromPage, isPreflighted, pageOrigin, preflightHeader } from './page-request.ts';
import { SessionSeal, type SessionSealOptions } from './session-seal.ts';

/** The prefix makes browsers require `Secure`, `Path=/` and exactly this host (RFC 6265bis). */
const cookieName = '__Host-tigerconnect-session';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

export type SessionRequest = Pick<IncomingMessage, 'method' | 'headers'>;

export class SessionCookies {
  readonly #seal: SessionSeal;

  constructor(options: SessionSealOptions) {
    this.#seal = new SessionSeal(options);
  }

  /** Lets the operations of a request start and end the session. */
  sessionOf(request: SessionRequest, response: ServerResponse): BrowserSession {
    return new CookieSession(this.#seal, request, response);
  }

  /** The same for a WebSocket, which cannot set cookies. Holds no reference to the handshake. */
  readonly socketSession: BrowserSession = {
    assertStartable: rejectSocket,
    start: async () => rejectSocket(),
    end() {},
  };

  /** The identity from the cookie of a request; undefined without a cookie. An invalid cookie does not reject the promise. */
  identityOf(request: SessionRequest, session: BrowserSession): Promise<Identity> | undefined {
    const [text, ...others] = cookiesIn(request.headers.cookie);
    if (text === undefined) return undefined;
    // A browser stores one cookie of this name for the host, so another one was injected.
    if (others.length > 0)
      return Promise.resolve(rejected(session, 'UNAUTHENTICATED', 'More than one session cookie was sent.'));
    return this.#open(text, request, session);
  }

  async #open(text: string, request: SessionRequest, session: BrowserSession): Promise<Identity> {
    const opened = await this.#seal.open(text);
    if (opened === undefined) return rejected(session, 'UNAUTHENTICATED', 'The session has ended; sign in again.');
    if (!isFromPage(request, opened.origin))
      return rejected(session, 'UNAUTHENTICATED', 'The session belongs to a page of another origin.');
    if (!isPreflighted(request))
      return rejected(session, 'FORBIDDEN', `With a session, uploads need the header ${preflightHeader}.`);
    const { authorization, expiresAt } = opened;
    return { ...anonymous, credential: createCredential(authorization), expiresAt, session };
  }
}

function rejectSocket(): never {
  throw badUserInput('input.session', 'false over a WebSocket: a session starts over HTTP');
}

function rejected(session: BrowserSession, code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string): Identity {
  return { ...anonymous, credentialError: new GatewayError(code, { message }), session };
}

class CookieSession implements BrowserSession {
  readonly #seal: SessionSeal;
  readonly #request: SessionRequest;
  readonly #response: ServerResponse;

  constructor(seal: SessionSeal, request: SessionRequest, response: ServerResponse) {
    this.#seal = seal;
    this.#request = request;
    this.#response = response;
  }

  assertStartable(): void {
    this.#startingOrigin();
  }

  async start(pair: Parameters<BrowserSession['start']>[0]): Promise<number> {
    const sealed = await this.#seal.seal(pair, this.#startingOrigin());
    if (sealed === undefined) {
      throw new GatewayError('UPSTREAM_INVALID', { message: 'The key pair of the upstream is too long for a cookie.' });
    }
    const maxAge = Math.ceil((sealed.expiresAt - Date.now()) / 1_000);
    this.#setCookie(`${cookieName}=${sealed.text}; Max-Age=${maxAge}; ${attributes}`);
    return sealed.expiresAt;
  }

  end(): void {
    // The request signs out with a credential in its headers; the session stays.
    if (hasAuthorization(this.#request.headers)) return;
    this.#setCookie(`${cookieName}=; Max-Age=0; ${attributes}`);
  }

  #startingOrigin(): string {
    const field = 'input.session';
    const origin = pageOrigin(this.#request);
    if (origin === undefined) throw badUserInput(field, 'false without the Origin header of a page');
    if (!isPreflighted(this.#request)) throw badUserInput(field, `false without JSON or the header ${preflightHeader}`);
    return origin;
  }

  /** Without effect after the operation's deadline: its response has been sent, and the browser keeps its cookie. */
  #setCookie(text: string): void {
    if (!this.#response.headersSent) this.#response.setHeader('set-cookie', text);
  }
}

/** The texts of all cookies of the session's name. */
function cookiesIn(header: string | undefined): readonly string[] {
  if (header === undefined || !header.includes(cookieName)) return [];
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1));
}
