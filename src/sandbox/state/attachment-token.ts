/** A short-lived pass for attachment links, good for whatever its owner may download. */
export interface AttachmentToken {
  readonly account: string;
  /** Milliseconds since 1970; moves closer once the pass was used. */
  expiresAt: number;
  readonly expireAfterUsedMs: number;
}
