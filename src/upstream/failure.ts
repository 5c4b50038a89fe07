/** What went wrong with an upstream call: carried as the cause of GatewayErrors, holding no upstream text. */
import { GatewayError } from '../errors.ts';

export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;

  constructor(reason: string, status?: number) {
    super(reason);
    this.status = status;
  }
}

/** HTTP status behind an error of an upstream call, when there was an answer. */
export function upstreamStatus(error: unknown): number | undefined {
  return error instanceof GatewayError && error.cause instanceof UpstreamFailure ? error.cause.status : undefined;
}

/** Official clients read 403 and 404 of a lookup alike as "nothing there" (NOTES, Envelope and errors). */
export async function orAbsent<Value>(lookup: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await lookup();
  } catch (error) {
    if (error instanceof GatewayError && (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND')) return undefined;
    throw error;
  }
}
