/** A team, and the requests to join it. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly organization: string;
  /** Account tokens in the order they joined. */
  readonly members: Set<string>;
  readonly canMembersLeave: boolean;
  readonly canRequestToJoin: boolean;
  /** Pending requests, by id. */
  readonly requests: Map<string, TeamRequest>;
}

export interface TeamRequest {
  readonly id: string;
  readonly team: string;
  readonly createdBy: string;
  readonly status: 'pending' | 'accepted' | 'declined';
}
