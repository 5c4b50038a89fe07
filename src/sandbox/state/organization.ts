/** The organization of personal contacts, whose key is built into the official JavaScript SDK (NOTES.md). */
export const consumerOrganization = 'UpM28mnfW65vJkbqEATtKvxm';

export interface Organization {
  readonly key: string;
  readonly name: string;
  /** Default life of a message in minutes; -1 never ends. */
  readonly ttl: number;
  readonly deleteOnRead: boolean;
  readonly allowForward: boolean;
}
