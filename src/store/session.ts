/** Calls with the caller's credential, which may expire. */
import { StoreError, storeError } from './client.ts';

export class Session {
  readonly #signInAgain: (() => Promise<void>) | undefined;
  readonly #onEnd: () => void;
  #signingIn: Promise<void> | undefined;
  /** The credential was rejected permanently, or the account was wiped. */
  isOver = false;

  constructor(signIn: (() => Promise<void>) | undefined, onEnd: () => void) {
    this.#signInAgain = signIn;
    this.#onEnd = onEnd;
  }

  /** Repeats the call once after a new sign-in when the credential is rejected. @throws StoreError */
  async run<Data>(work: () => Promise<Data>): Promise<Data> {
    this.#check();
    const data = await work().catch(async (error: unknown) => {
      if (storeError(error).code !== 'UNAUTHENTICATED') throw error;
      await this.signIn();
      return work();
    });
    // The store was emptied in between, and stays empty.
    this.#check();
    return data;
  }

  /**
   * Calls that are rejected at the same time share one sign-in.
   * @throws StoreError when there is none.
   */
  signIn(): Promise<void> {
    this.#signingIn ??= this.#signInOnce().finally(() => {
      this.#signingIn = undefined;
    });
    return this.#signingIn;
  }

  async #signInOnce(): Promise<void> {
    try {
      if (this.#signInAgain === undefined) this.isOver = true;
      this.#check();
      await this.#signInAgain?.();
    } catch {
      this.isOver = true;
      this.#onEnd();
      this.#check();
    }
  }

  #check(): void {
    if (this.isOver) throw new StoreError('UNAUTHENTICATED');
  }
}
