/** A silenced sender or organization of one account. */
export interface Mute {
  readonly kind: 'account' | 'group' | 'organization';
  readonly token: string;
  readonly senderOrganization: string | undefined;
  readonly organization: string;
  /** Unix time in seconds. */
  readonly start: number;
  readonly minutes: number;
}
