/** Functions of a program that embeds the gateway. Their failures are logged and change nothing else. */

import type { Config } from './config/config.ts';
import { isKeyPair, type KeyPair } from './domain/key-pair.ts';
import type { AuditRecord } from './observability/audit.ts';
import { describeUnexpected, type Log } from './observability/log.ts';
import type { AccessFields, HookName } from './observability/log-fields.ts';

/** Claims of a verified token of the identity provider. */
export type TokenClaims = Readonly<Record<string, unknown>> & { readonly sub?: string | undefined };

/**
 * The operation does not wait for a promise that `onOperation` or `onAudit` returns. At most `maxHookCalls` may be pending, each
 * for `hookTimeoutMs`; further calls are skipped, and logged.
 */
export interface GatewayHooks {
  /** Called at the end of each operation, with the fields of its line in the access log. `accessLog` is not needed. */
  readonly onOperation?: ((operation: AccessFields) => void | Promise<void>) | undefined;
  /** Called for each mutation field that was executed, with the fields of its line in the audit log. `auditLog` is not needed. */
  readonly onAudit?: ((record: AuditRecord) => void | Promise<void>) | undefined;
  /**
   * With `oidcIssuer`: the key pair of the upstream for the account of a token, in place of the vault file; undefined when it has none.
   * The operations of the token wait for it. When it fails, or takes longer than `hookTimeoutMs`, they fail with `UPSTREAM_UNAVAILABLE`.
   */
  readonly credentialFor?: ((claims: TokenClaims) => KeyPair | undefined | Promise<KeyPair | undefined>) | undefined;
}

/** A hook failed or returned an unusable value; the log has the reason. */
class HookFailure extends Error {
  override readonly name = 'HookFailure';
}

export class HookCaller {
  readonly #hooks: GatewayHooks;
  readonly #bounds: Pick<Config, 'hookTimeoutMs' | 'maxHookCalls'>;
  readonly #log: Log;
  #pending = 0;

  constructor(hooks: GatewayHooks, bounds: Pick<Config, 'hookTimeoutMs' | 'maxHookCalls'>, log: Log) {
    this.#hooks = hooks;
    this.#bounds = bounds;
    this.#log = log;
  }

  /** Undefined when there is no such hook. */
  get onOperation(): ((operation: AccessFields) => void) | undefined {
    return this.#caller('onOperation', this.#hooks.onOperation);
  }

  /** Undefined when there is no such hook. */
  get onAudit(): ((record: AuditRecord) => void) | undefined {
    return this.#caller('onAudit', this.#hooks.onAudit);
  }

  /** Undefined when there is no such hook. Rejected when the hook fails. */
  get credentialFor(): ((claims: TokenClaims) => Promise<KeyPair | undefined>) | undefined {
    const { credentialFor } = this.#hooks;
    if (credentialFor === undefined) return undefined;
    return (claims) =>
      this.#call('credentialFor', async () => {
        const pair = await credentialFor(claims);
        if (pair === undefined || isKeyPair(pair)) return pair;
        throw new TypeError('not a key pair');
      });
  }

  async #call<Value>(hook: HookName, call: () => Promise<Value>): Promise<Value> {
    if (this.#pending >= this.#bounds.maxHookCalls) {
      this.#log.warn('hook not called: too many calls are pending', { hook });
      throw new HookFailure();
    }
    this.#pending += 1;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#log.warn('hook timed out', { hook });
        reject(new HookFailure());
      }, this.#bounds.hookTimeoutMs);
    });
    try {
      return await Promise.race([call(), late]);
    } catch (error) {
      if (!(error instanceof HookFailure)) this.#log.warn('hook failed', { hook, ...describeUnexpected(error) });
      throw new HookFailure();
    } finally {
      clearTimeout(timer);
      this.#pending -= 1;
    }
  }

  #caller<Argument>(
    hook: HookName,
    call: ((argument: Argument) => void | Promise<void>) | undefined,
  ): ((argument: Argument) => void) | undefined {
    if (call === undefined) return undefined;
    return (argument) => {
      if (this.#pending >= this.#bounds.maxHookCalls) {
        this.#log.warn('hook not called: too many calls are pending', { hook });
        return;
      }
      try {
        const result = call(argument);
        // Not `instanceof Promise`: promises of other realms and libraries count too, and an unhandled rejection would end the process.
        if (typeof result === 'object') this.#track(hook, Promise.resolve(result));
      } catch (error) {
        this.#log.warn('hook failed', { hook, ...describeUnexpected(error) });
      }
    };
  }

  #track(hook: HookName, result: Promise<void>): void {
    this.#pending += 1;
    let isPending = true;
    const settle = () => {
      clearTimeout(timer);
      if (isPending) this.#pending -= 1;
      isPending = false;
    };
    const timer = setTimeout(() => {
      this.#log.warn('hook timed out', { hook });
      settle();
    }, this.#bounds.hookTimeoutMs).unref();
    result.then(settle, (error: unknown) => {
      this.#log.warn('hook failed', { hook, ...describeUnexpected(error) });
      settle();
    });
  }
}
