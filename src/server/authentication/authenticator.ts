/** Authenticates requests with the methods that the settings enable: upstream credentials, sessions, tokens of a provider. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { BrowserSession } from '../../domain/session.ts';
import { CredentialMemo } from './credential-memo.ts';
import { anonymous, bearerToken, hasAuthorization, type Identity, upstreamIdentity } from './identity.ts';
import type { Tokens } from './oidc/tokens.ts';
import type { SessionCookies, SessionRequest } from './session-cookies.ts';

/**
 * A plain value for upstream credentials, which nearly all requests carry. An invalid credential does not reject the promise: it is
 * the identity's `credentialError`.
 */
export type FoundIdentity = Identity | Promise<Identity>;

export class Authenticator {
  readonly #sessions: SessionCookies | undefined;
  readonly #tokens: Tokens | undefined;
  readonly #memo = new CredentialMemo();

  /**
   * @param sessions Undefined when the gateway offers no sessions.
   * @param tokens Undefined without an identity provider: bearer tokens are then the upstream's.
   */
  constructor(sessions: SessionCookies | undefined, tokens: Tokens | undefined) {
    this.#sessions = sessions;
    this.#tokens = tokens;
  }

  /** Whether the keys of the identity provider could be read at the last attempt. */
  get isProviderUp(): boolean {
    return this.#tokens?.isProviderUp ?? false;
  }

  /** `WWW-Authenticate` of a 401: the schemes that clients can use (RFC 9110 §11.6.1). */
  get challenge(): string {
    const basic = 'Basic realm="TigerConnect", charset="UTF-8"';
    return this.#tokens === undefined ? basic : `${basic}, Bearer realm="TigerConnect"`;
  }

  /** The identity of an HTTP request. `Authorization` takes precedence over the session's cookie. */
  ofRequest(request: SessionRequest, response: ServerResponse): FoundIdentity {
    const { headers } = request;
    const session = this.#sessions?.sessionOf(request, response);
    if (hasAuthorization(headers)) return this.#ofHeaders(headers, session);
    return this.#ofCookie(request, session);
  }

  /** The identity from the cookie of a WebSocket's handshake, used when its client sends no credential. */
  ofUpgrade(request: SessionRequest): FoundIdentity {
    const session = this.#sessions?.socketSession;
    return hasAuthorization(request.headers) ? { ...anonymous, session } : this.#ofCookie(request, session);
  }

  /** The identity of headers that are not those of an HTTP request: parameters of a WebSocket or of its operations. */
  ofParameters(headers: IncomingHttpHeaders): FoundIdentity {
    return this.#ofHeaders(headers, undefined);
  }

  #ofHeaders(headers: IncomingHttpHeaders, session: BrowserSession | undefined): FoundIdentity {
    const { authorization = '', 'x-device-id': device } = headers;
    const token = this.#tokens === undefined ? undefined : bearerToken(authorization);
    if (token !== undefined && this.#tokens !== undefined) return this.#tokens.identityOf(token, session);
    return upstreamIdentity(authorization, typeof device === 'string' ? device : undefined, session, this.#memo);
  }

  #ofCookie(request: SessionRequest, session: BrowserSession | undefined): FoundIdentity {
    if (session === undefined) return anonymous;
    return this.#sessions?.identityOf(request, session) ?? { ...anonymous, session };
  }
}
