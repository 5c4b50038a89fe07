/** The audit trail: changes by callers, with ids and hashes only. `audit-log.ts` writes it, the schema reports to it. */

/** Ids of the objects of a mutation, by the name of its input or result field. An address that is no id appears as `hash:…`. */
export type AuditObjects = Readonly<Record<string, string | readonly string[]>>;

/** One mutation field that was executed; a line of the audit log. `deploy/audit-line.schema.json` describes it. */
export interface AuditRecord {
  /** Version of this format. */
  readonly audit: 1;
  /** End of the mutation, in UTC. */
  readonly time: string;
  readonly requestId: string;
  /** Keyed hash of the credential, as in the log; absent for signing in. */
  readonly caller?: string | undefined;
  /** Global id of the caller's account; absent while it cannot be read. */
  readonly account?: string | undefined;
  /** Name of the mutation. */
  readonly action: string;
  /** DONE; FAILED: nothing was changed; UNKNOWN: a request was sent to the upstream and its effect is not known. */
  readonly outcome: 'DONE' | 'FAILED' | 'UNKNOWN';
  /** `OK`, an error code, or `ABORTED` after a disconnection of the client. */
  readonly code: string;
  readonly objects: AuditObjects;
}

export type ActionStart = Pick<AuditRecord, 'requestId' | 'caller' | 'action' | 'objects'>;
export type ActionEnding = Pick<AuditRecord, 'account' | 'outcome' | 'code' | 'objects'>;

/** A mutation field that is being executed. */
export interface RunningAction {
  /**
   * Writes its line. Only the first call counts.
   * @returns When the operating system has the line, or it is queued because writing fails.
   */
  end(ending: ActionEnding): Promise<void> | void;
}

export interface AuditTrail {
  /**
   * Announces a mutation field before it changes anything. One that has not ended when the gateway closes is written as UNKNOWN.
   * @throws GatewayError `RATE_LIMITED` while the limit of queued lines is reached; `SHUTTING_DOWN` after the log has closed.
   */
  begin(start: ActionStart): RunningAction;
}
