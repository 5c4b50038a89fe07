/**
 * Calls of one operation that only v5 of the upstream has. Each yields undefined when v5 is not or no longer offered: the operation
 * then continues with v2.
 */
import { GatewayError } from '../errors.ts';
import { isVersionRefused } from '../upstream/api-version.ts';
import { isAbsence, isEndpointUnsupported, upstreamStatus } from '../upstream/transport/failure.ts';
import type { CallerMemory } from './conversation-memory.ts';

export class V5Calls {
  readonly #memory: CallerMemory;
  readonly #readRoster: () => Promise<unknown>;
  /** The upstream answered a v5 call of this operation. */
  #isConfirmed = false;

  /** @param readRoster Reads a page of the roster and records in the memory whether v5 was refused. */
  constructor(memory: CallerMemory, readRoster: () => Promise<unknown>) {
    this.#memory = memory;
    this.#readRoster = readRoster;
  }

  /** The upstream answered a v5 call. */
  confirm(): void {
    this.#isConfirmed = true;
    this.#memory.versionOffered();
  }

  /**
   * Makes a call. Undefined when the upstream does not have it: nothing was changed.
   * @throws Any other error of the call.
   */
  async attempt<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await call();
      this.confirm();
      return value;
    } catch (error) {
      if (!(await this.#isRefused(error, false)) && !isUnsupported(error)) throw error;
      return undefined;
    }
  }

  /** The same for a call that may find nothing, and whose absence is no error. */
  async find<Value>(call: () => Promise<Value | undefined>): Promise<Value | undefined> {
    try {
      const value = await call();
      if (value !== undefined) this.confirm();
      return value;
    } catch (error) {
      if (!isEndpointUnsupported(error) && !(await this.#isRefused(error, false))) throw error;
      return undefined;
    }
  }

  /** Awaits a v5 call about one conversation. Undefined when it is absent, or v5 is no longer offered. */
  async present<Value>(call: Promise<Value | undefined>): Promise<Value | undefined> {
    try {
      const value = await call;
      if (value !== undefined) {
        this.confirm();
        return value;
      }
      await this.#isRefused(new GatewayError('NOT_FOUND'), this.#isConfirmed);
    } catch (error) {
      if (!(await this.#isRefused(error, this.#isConfirmed)) && !isAbsence(error)) throw error;
    }
    return undefined;
  }

  /**
   * Whether an error means that v5 is no longer offered. An upstream that has lost v5, or a proxy in front of it, answers that a
   * conversation is absent or that the call does not exist; the roster is never absent, so one call to it decides. An upstream that
   * lacks a single call keeps v5 for the others. A 401 may concern v5 alone, which v2 shows.
   * @param isSure An absence needs no further call, because this operation has used v5 already.
   */
  async #isRefused(error: unknown, isSure: boolean): Promise<boolean> {
    const isRejected = upstreamStatus(error) === 401;
    if (isUnsupported(error) || isRejected || ((isAbsence(error) || isVersionRefused(error)) && !isSure))
      await this.#readRoster().catch(() => undefined);
    return this.#memory.version === 'v2';
  }
}

/** The upstream does not have the call at all. */
function isUnsupported(error: unknown): boolean {
  return isEndpointUnsupported(error) && !isAbsence(error);
}
