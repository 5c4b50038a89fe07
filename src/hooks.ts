/** Functions of a program that embeds the gateway. Their failures are logged and change nothing else. */
import type { AuditRecord } from './audit.ts';
import type { Config } from './config/config.ts';
import { describeUnexpected, type Log } from './log.ts';
import type { AccessFields, HookName } from './log-fields.ts';

/**
 * A promise that a hook returns is not awaited by the operation. At most `maxHookCalls` may be pending, and each for
 * `hookTimeoutMs`; beyond, the hook is not called, and a line in the log says so.
 */
export interface GatewayHooks {
  /** Called at the end of each operation, with the fields of its line in the access log. `accessLog` is not needed. */
  readonly onOperation?: ((operation: AccessFields) => void | Promise<void>) | undefined;
  /** Called for each mutation field that was executed, with the fields of its line in the audit log. `auditLog` is not needed. */
  readonly onAudit?: ((record: AuditRecord) => void | Promise<void>) | undefined;
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
        // Also a promise of another realm or library, whose rejection would otherwise end the process.
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
