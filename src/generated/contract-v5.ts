// Generated from schema/upstream-v5.yaml by `npm run generate`; do not edit.
export interface paths {
    readonly "/v2/call_log": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Calls of the caller in one organization, the newest first
         * @description Rows of calls that the caller made, was called in, or was called in as a member of a group. The order is assumed.
         */
        readonly get: operations["getCallLog"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}/escalation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Start an escalation from a message
         * @description Used without condensed replays. The message is the original one, usually written to a role. A send with escalate true starts one at once (with the role's policy; inferred). The path comes from the role's escalation_policy.
         */
        readonly post: operations["escalateMessage"];
        /** Cancel the escalation of a message */
        readonly delete: operations["cancelEscalation"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}/escalation/{escalation_id}/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm an escalation: somebody takes care
         * @description Used without condensed replays. The message is the original one.
         */
        readonly post: operations["confirmEscalation"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}/escalation/{escalation_id}/skip": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pass an escalation on to the next level
         * @description Used without condensed replays. The message is the original one.
         */
        readonly post: operations["skipEscalation"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/organization/{organization_token}/preferences": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["parameters"]["OrganizationToken"];
            };
            readonly cookie?: never;
        };
        /** An organization's preferences, quick replies among them */
        readonly get: operations["getOrganizationPreferences"];
        readonly put?: never;
        /** Replace the quick replies an organization offers towards patients */
        readonly post: operations["updateOrganizationPreferences"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/role_group": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Get the one-to-one group with a role
         * @description Writing to a role means writing into this group. The SDK first looks among the groups it knows (two parties, metadata feature_service role, the role as target) and calls this only when there is none; that the server too answers the same group again is assumed. Members are the caller, the role and whoever is on duty (inferred: the SDK adds the role's owners to its own copy).
         */
        readonly post: operations["createRoleGroup"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/role/{role_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
            };
            readonly cookie?: never;
        };
        /**
         * Read one role
         * @description An organization's roles are listed by search (searchV5, or search on v2): type account, bool.must feature_service role and an empty display_name. 403 and 404 mean "no such role" to the SDK.
         */
        readonly get: operations["getRole"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/role/{role_token}/away": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Switch a role's automatic reply on
         * @description Whoever writes to the role then gets the text as a message of sub_type role_away_notification (inferred from that word; a role with nobody on duty answers with empty_role_notification and its no_owners_message).
         */
        readonly post: operations["setRoleAway"];
        /** Switch a role's automatic reply off */
        readonly delete: operations["clearRoleAway"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/role/{role_token}/members/{user_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
                /** @description Token of the person */
                readonly user_token: components["parameters"]["UserToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Put a user on duty for a role
         * @description The documentation says "currently at most one" user is on duty, so whoever was on duty before goes off (inferred). A user may opt in oneself where open_assignment is "1", administrators anybody (assumed).
         */
        readonly post: operations["optIntoRole"];
        /**
         * Take a user off duty
         * @description Where owner_required is "1" the last one may not leave (assumed, by its name).
         */
        readonly delete: operations["optOutOfRole"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/role/tags": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tags that group an organization's roles */
        readonly get: operations["listRoleTags"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/team/{team_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        /**
         * Read one team
         * @description On v5 in condensed mode, as all team calls. Teams of an organization are listed by search with type team.
         */
        readonly get: operations["getTeam"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/team/{team_id}/leave": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End the caller's membership of a team */
        readonly post: operations["leaveTeam"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/team/{team_id}/request": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask to become a member of a team
         * @description The request, with its id, arrives as update:team_request (its payload is in the v2 events).
         */
        readonly post: operations["requestToJoinTeam"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/team/{team_id}/request/{request_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the request */
                readonly request_id: string;
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Accept or decline a request to join a team */
        readonly post: operations["answerTeamRequest"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/preferences": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /** The caller's preferences, quick replies among them */
        readonly get: operations["getUserPreferences"];
        readonly put?: never;
        /** Replace the caller's quick replies */
        readonly post: operations["updateUserPreferences"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/saved_roles": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /** Roles the caller keeps at hand */
        readonly get: operations["listSavedRoles"];
        readonly put?: never;
        /** Keep a role at hand */
        readonly post: operations["saveRole"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/saved_roles/{role_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** No longer keep a role at hand */
        readonly delete: operations["removeSavedRole"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/conversation/{conversation_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly conversation_id: components["parameters"]["ConversationId"];
            };
            readonly cookie?: never;
        };
        /**
         * One conversation, as on the roster
         * @description When clients read it: EVENTS-v5.md, section 6. The SDK turns 403 and 404 into "no such conversation".
         */
        readonly get: operations["getConversation"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/conversation/{conversation_id}/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly conversation_id: components["parameters"]["ConversationId"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Mark a conversation delivered or read, up to a point
         * @description Moves the caller's own state of every incoming message whose sort_number lies between the two bounds, both included; states never go back. Senders are told as by message/status; the caller's devices, the marking one included, are told the new counts (EVENTS-v5.md).
         */
        readonly post: operations["markConversation"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/conversation/{conversation_id}/timeline": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly conversation_id: components["parameters"]["ConversationId"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * One page of a conversation's history
         * @description Messages and notices in ascending order, whatever way the page was reached. What the caller may not see any more (expired, recalled, from before joining a group without replayed history) is left out (inferred). Reading marks the page's messages as Delivered, also with mark_as_delivered false (docs).
         */
        readonly post: operations["readTimeline"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/dist_list/{list_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly list_token: components["parameters"]["ListToken"];
            };
            readonly cookie?: never;
        };
        /** Read one distribution list, with its conversation id */
        readonly get: operations["getDistributionListV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/dist_list/{list_token}/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly list_token: components["parameters"]["ListToken"];
            };
            readonly cookie?: never;
        };
        /** List the members of a distribution list */
        readonly get: operations["listDistributionListMembersV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/entities_bulk": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Read several accounts and several metadata maps at once
         * @description Body, limits and reply as getEntitiesBulk. The users stay flat; groups cannot be asked for.
         */
        readonly post: operations["getEntitiesBulkV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Open the event stream with condensed replay
         * @description Wire, features, heartbeats and life cycle as createEvents; payloads and replay as EVENTS-v5.md says. A v2 payload of friends or update on this stream signs the SDK out, as a v5 payload does on the v2 stream.
         */
        readonly get: operations["createEventsV5"];
        readonly put?: never;
        readonly post?: never;
        /** Close the caller's event streams from the server side */
        readonly delete: operations["dropConnectV5"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/events/ack": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Acknowledge events so that they are not sent again
         * @description Acknowledging a condensed frame acknowledges everything folded into it (inferred).
         */
        readonly post: operations["ackEventsV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/group": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Create a group and its conversation
         * @description Request as createNewGroup. The SDK sends members as one comma-separated text inside JSON.
         */
        readonly post: operations["createGroupV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/group/{group_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        /** Read one group, with its conversation id */
        readonly get: operations["getGroupV5"];
        readonly put?: never;
        /** Change a group's name, members, history flag or picture */
        readonly post: operations["updateGroupV5"];
        /** Delete a group; deleting it again is not an error */
        readonly delete: operations["deleteGroupV5"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/group/{group_token}/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Add members to a group, or join a public one
         * @description Joining a public group is adding oneself; the SDK does so by itself before it sends to one. Listing and removing members stay on v2.
         */
        readonly post: operations["addGroupMembersV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/login": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Exchange user credentials for an API key pair, asking for condensed replays
         * @description The same call as loginV5 of the v2 file, with what decides between v2 and v5 spelled out. The answer's settings are final for the pair: the SDK reads them here and nowhere else.
         */
        readonly post: operations["loginCondensed"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a message into a conversation
         * @description As sendMessage, addressed by conversation_id alone: no recipient, no organizations, no response_format. The conversation of a person comes with the person (getUserV5), so it exists before its first message. With a file the body is multipart as in v2, conversation_id being one text part more, and one "data" part with TT-X-Namespace for each datum.
         */
        readonly post: operations["sendMessageV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/{message_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        /** Read one message, with its conversation */
        readonly get: operations["getMessageV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/{message_token}/attachment/1": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        /**
         * Download the message's only attachment
         * @description As getMessageAttachment. In condensed mode the SDK builds this path for downloads and for links with a token (of createAttachmentTokens) alike.
         */
        readonly get: operations["getMessageAttachmentV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/{message_token}/escalation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Start an escalation from a message
         * @description Used in condensed mode. The message is the original one, usually written to a role. A send with escalate true starts one at once (with the role's policy; inferred). The path comes from the role's escalation_policy.
         */
        readonly post: operations["escalateMessageV5"];
        /** Cancel the escalation of a message */
        readonly delete: operations["cancelEscalationV5"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/{message_token}/escalation/{escalation_id}/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm an escalation: somebody takes care
         * @description Used in condensed mode. The message is the original one.
         */
        readonly post: operations["confirmEscalationV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/{message_token}/escalation/{escalation_id}/skip": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pass an escalation on to the next level
         * @description Used in condensed mode. The message is the original one.
         */
        readonly post: operations["skipEscalationV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/{message_token}/forward": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Forward a message into a conversation */
        readonly post: operations["forwardMessageV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/message/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Mark single messages delivered or read
         * @description As updateMessageStatusPost. The SDK marks every message Delivered this way as it arrives on the stream.
         */
        readonly post: operations["updateMessageStatusV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/metadata/{entity_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User address or group token */
                readonly entity_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        /** Read the metadata of a user or a group */
        readonly get: operations["getMetadataV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/mute": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Everything the caller has muted
         * @description Not read at start-up in condensed mode; entries without conversation_id have no effect there.
         */
        readonly get: operations["listMutesV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/role_group": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Get the one-to-one group with a role
         * @description Writing to a role means writing into this group. The SDK first looks among the groups it knows (two parties, metadata feature_service role, the role as target) and calls this only when there is none; that the server too answers the same group again is assumed. Members are the caller, the role and whoever is on duty (inferred: the SDK adds the role's owners to its own copy).
         */
        readonly post: operations["createRoleGroupV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/roster": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The caller's conversations, page by page
         * @description Replaces getRoster and, because each item carries its mute, listMutes at start-up. The SDK asks for the next page at once. Which conversations are on it and in which order is not documented; newest first, as in v2 (assumed).
         */
        readonly get: operations["listConversations"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/search": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Search people, roles, groups, public groups, lists and more
         * @description The same request as search on v2, which takes all of it too (inferred: one request is built for both). Roles of an organization are found as accounts with feature_service role; clients that list them follow every page.
         */
        readonly post: operations["searchV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/user": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The caller's own account */
        readonly get: operations["getMeV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/user_lookup/{user_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Resolve an address, creating the account when the address is new */
        readonly post: operations["lookupOrCreateUserV5"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/user/{user_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /**
         * Read one account, with the caller's conversation with it
         * @description The conversation belongs to the organization of the header. It is there before anybody has written: the SDK refuses to send to a person whose answer has none. A role has none.
         */
        readonly get: operations["getUserV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/user/{user_address}/organization": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /** Organizations of the caller */
        readonly get: operations["listUserOrganizationsV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/user/{user_address}/organization/{organization_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["parameters"]["OrganizationToken"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /** One organization with the caller's settings in it */
        readonly get: operations["getUserOrganizationV5"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Token (UUID), e-mail address (lower-cased by clients), phone number in international form with a leading plus, or login name. Groups and distribution lists have tokens only. */
        readonly Address: string;
        readonly Attachment: {
            /** @description Read by one client; the JavaScript SDK assumes "1" */
            readonly attachment_id?: string;
            readonly "content-type"?: string;
            /** @description Bytes */
            readonly size?: number;
        };
        /** @description Boolean; Android sends the words true and false as strings */
        readonly BoolOrString: boolean | ("true" | "false");
        readonly CallLogEntry: {
            readonly caller?: {
                /** @description A user */
                readonly entity?: {
                    readonly [key: string]: unknown;
                };
            };
            /** @description Seconds (spelling assumed; the Android sample shows such a value) */
            readonly duration?: unknown;
            readonly id: string;
            /** @description Boolean (spelling as in the events of calls, assumed here) */
            readonly is_video?: unknown;
            readonly target?: {
                readonly entity?: {
                    readonly [key: string]: unknown;
                };
                /** @description Short or long word of the entity, such as account or group */
                readonly type?: string;
            };
            /** @description Time of the call, as Timestamp (spelling and format assumed; the Android sample shows such a value) */
            readonly timestamp?: unknown;
            /** @description missed_voip_call, ended_voip_call, and the same of proxy, which are calls by telephone (missed_proxy_call, ended_proxy_call); words of notices */
            readonly type?: string;
        };
        readonly CallLogPage: {
            readonly metadata?: {
                /** @description Whether this page is the last one (spelling assumed) */
                readonly fully_fetched?: boolean;
                /** @description The page parameter of the next page; null on the last one (spelling assumed) */
                readonly next_page?: string | number | null;
            };
            readonly results: readonly components["schemas"]["CallLogEntry"][];
        };
        readonly CondensedLoginReply: {
            readonly auth: {
                readonly key: string;
                /** @description Name of this device session */
                readonly resource?: string;
                readonly secret: string;
            };
            readonly settings: {
                /** @description true moves the client to v5 for the life of the pair */
                readonly condensed_replays: boolean;
                /** @description Allows processing events on the stream */
                readonly processing_events: boolean;
            };
            readonly user: components["schemas"]["User"];
        };
        /** @description The whole user, group or list and its type as a short word; the long names are read too. A list is "list": "distribution_list", and "role", are words the SDK does not know here and fails on, on a stream for good. Teams ("team") are left out of this file. */
        readonly ConversationEntity: components["schemas"]["UserEntity"] | components["schemas"]["GroupEntity"] | components["schemas"]["ListEntity"];
        /** @description Opaque and stable. One per pair of accounts and organization, one per group, one per distribution list; the same for all parties (assumed). Letters, digits and minus only, as it stands in paths (assumed; its real form is unknown, the examples use UUIDs). */
        readonly ConversationId: string;
        readonly ConversationItem: components["schemas"]["UnreadCounts"] & {
            readonly conversation_id: components["schemas"]["ConversationId"];
            readonly entity: components["schemas"]["ConversationEntity"];
            readonly first_expiring_unread_message: components["schemas"]["FirstExpiringMessage"] | null;
            readonly in_progress_escalation_count?: number;
            /** @description Newest message the caller may see; a notice never. Null when there is none. At least message_id and sort_number are read; the whole message makes the preview possible without another read. */
            readonly last_message: components["schemas"]["TimelineMessage"] | components["schemas"]["MessageReference"] | null;
            /** @description Where the caller's undelivered part begins; 0 or absent when there is none. Where it is set the SDK answers with markConversation Delivered, from it up to the newest (once it reads the timeline, or at once after an event). */
            readonly lowest_sort_number?: number;
            /** @description Null when not muted. An empty object counts as muted in the SDK, as does one whose time is over. */
            readonly muted: components["schemas"]["MuteState"] | null;
            readonly organization_id: components["schemas"]["OrgKey"];
            /** @description Read where organization_id is missing */
            readonly organization_key?: components["schemas"]["OrgKey"];
        };
        readonly ConversationMark: {
            /** @description Left out by the SDK when it knows none; then everything is meant (assumed) */
            readonly highest_sort_number?: components["schemas"]["SortNumber"];
            /** @description Only with Delivered */
            readonly lowest_sort_number?: components["schemas"]["SortNumber"];
            /** @enum {string} */
            readonly status: "Delivered" | "Read";
        };
        readonly ConversationPage: {
            /** @description Null on the last page, never an empty text and never left out: from the second page on the SDK stops at null only, and with anything else starts over without end. */
            readonly continuation: string | null;
            readonly items: readonly components["schemas"]["ConversationItem"][];
        };
        /**
         * @description New is shown to people as Sent. Confirmed only reaches clients that announced can-confirm (inferred). The JavaScript SDK adds a local NA below New.
         * @enum {string}
         */
        readonly DeliveryStatus: "New" | "Delivered" | "Read" | "Confirmed";
        readonly DistributionList: {
            readonly display_name?: string;
            readonly name?: string;
            readonly num_members?: number;
            readonly organization_key?: components["schemas"]["OrgKey"];
            readonly token: components["schemas"]["Uuid"];
        };
        /** @description An entity with the caller's conversation with it */
        readonly EntityItem: {
            /** @description Null for oneself and for roles */
            readonly conversation_id?: string | null;
            readonly entity: components["schemas"]["UserEntity"] | components["schemas"]["GroupEntity"] | components["schemas"]["ListEntity"];
            readonly organization_id?: components["schemas"]["OrgKey"];
        };
        readonly ErrorEnvelope: {
            readonly error?: {
                readonly message?: string;
                /** @description Vocabulary unknown; the words in this document are assumed */
                readonly type?: string;
            };
            /**
             * @description fail is the common word; the other two are tolerated by one client
             * @enum {string}
             */
            readonly status?: "fail" | "failed" | "error";
        };
        readonly Escalation: {
            /** @description Of the last change (inferred) */
            readonly action_time?: components["schemas"]["Timestamp"];
            /** @description Minutes until everything about it goes */
            readonly destruction_duration?: number;
            readonly destruction_time?: components["schemas"]["Timestamp"];
            /** @description Short name for people, # and four hexadecimal digits in the examples; shown in capitals without # */
            readonly display_name: string;
            readonly escalation_execution_id: components["schemas"]["Uuid"];
            /** @description Group in which it goes on; the word undefined when there is none (so it comes later than the escalation, inferred) */
            readonly escalation_group_token?: string;
            readonly escalation_path?: readonly components["schemas"]["EscalationStep"][];
            /**
             * @description init is shown as in_progress; destruct as cancelled
             * @enum {string}
             */
            readonly escalation_status: "init" | "in_progress" | "confirmed" | "cancelled" | "no_response" | "destruct";
            /** @description 0 the target, 1 and up the steps of the path */
            readonly level?: number;
            readonly organization_token?: components["schemas"]["OrgKey"];
            /** @description Minutes the target has */
            readonly target_duration?: number;
            readonly target_token?: components["schemas"]["Uuid"];
            /** @description Its carbon copy in the group of the escalation; the word undefined when there is none */
            readonly triggered_message_token?: string;
            /** @description Conversation of the original message */
            readonly triggering_conversation_id?: components["schemas"]["ConversationId"];
            /** @description The original message */
            readonly triggering_message_token?: components["schemas"]["Uuid"];
        };
        readonly EscalationPolicy: {
            readonly always_escalate?: boolean;
            readonly destruction_duration?: number;
            readonly escalation_path?: readonly components["schemas"]["EscalationStep"][];
            readonly target?: components["schemas"]["Uuid"];
            readonly target_duration?: number;
        };
        readonly EscalationStep: {
            /** @description Minutes this step has */
            readonly duration: number;
            readonly targets: readonly (components["schemas"]["Uuid"] | {
                readonly display_name?: string;
                readonly token: components["schemas"]["Uuid"];
            })[];
        };
        /** @description The unread message that goes first. When it goes, the client reads the conversation again to get its badge right (docs). */
        readonly FirstExpiringMessage: {
            /** @description Seconds left */
            readonly expire_in: number;
            readonly message_id: components["schemas"]["Uuid"];
            readonly sender_organization?: components["schemas"]["OrgKey"];
            readonly sender_token?: components["schemas"]["Uuid"];
        };
        readonly Group: {
            /** Format: uri */
            readonly avatar?: string | null;
            readonly created_by?: components["schemas"]["Uuid"];
            readonly created_by_display_name?: string;
            readonly created_time?: components["schemas"]["Timestamp"];
            readonly description?: string;
            /** @description Alternative spelling of name; readers accept both */
            readonly display_name?: string;
            /** @description End of a short-lived group; format not confirmed */
            readonly expire_at?: string | null;
            /** @description Public groups (forums) can be joined by anyone in the organization */
            readonly is_public?: boolean;
            /** @description Member tokens, or objects with an id. Missing for public groups; use the members path. */
            readonly members?: readonly (components["schemas"]["Uuid"] | {
                readonly id?: components["schemas"]["Uuid"];
            })[];
            readonly message_count?: number;
            /** @description With render_metadata only */
            readonly metadata?: components["schemas"]["Metadata"];
            readonly name?: string;
            readonly num_members?: number;
            readonly organization_key?: components["schemas"]["OrgKey"];
            /** @description Members who speak for a role */
            readonly proxied_members?: readonly Record<string, never>[];
            /** @description New members get older messages */
            readonly replay_history?: boolean;
            readonly token: components["schemas"]["Uuid"];
        };
        readonly GroupCreate: {
            readonly description?: string;
            readonly is_public?: components["schemas"]["BoolOrString"];
            /** @description Comma-separated in the JavaScript SDK even inside JSON */
            readonly members: components["schemas"]["MemberList"];
            readonly metadata?: components["schemas"]["Metadata"];
            readonly name: string;
            readonly replay_history?: components["schemas"]["BoolOrString"];
        };
        /** @description As Group, with type and conversation */
        readonly GroupEntity: components["schemas"]["Group"] & {
            readonly conversation_id?: components["schemas"]["ConversationId"];
            /** @description In the group of an escalation, metadata feature_service escalation */
            readonly escalation?: components["schemas"]["Escalation"];
            /** @description In friends del of a duty group: any word but end leaves the role's members as they are */
            readonly event_status?: string;
            /** @description The token again; read in duty events of roles */
            readonly id?: components["schemas"]["Uuid"];
            /** @enum {string} */
            readonly type?: "group" | "tigertext:entity:group";
        };
        readonly GroupUpdate: {
            readonly members?: components["schemas"]["MemberList"];
            readonly name?: string;
            readonly replay_history?: components["schemas"]["BoolOrString"];
        };
        /** @description As DistributionList, with type and conversation */
        readonly ListEntity: components["schemas"]["DistributionList"] & {
            readonly conversation_id?: components["schemas"]["ConversationId"];
            readonly id?: components["schemas"]["Uuid"];
            readonly total_members?: number;
            /** @enum {string} */
            readonly type?: "list" | "tigertext:entity:list";
        };
        readonly LoginRequest: {
            /** @description Stable UUID of the installation */
            readonly device_id?: string;
            readonly metadata?: {
                readonly device_type?: string;
                readonly device_version?: string;
                readonly tt_product_version?: string;
                readonly user_agent?: string;
            };
            readonly product?: string;
            readonly push_routing?: string;
            readonly version?: string;
            readonly want_condensed_replays?: boolean;
            readonly want_processing_events?: boolean;
        };
        /** @description Array (JavaScript, Android) or one comma-separated string (.NET, listing) */
        readonly MemberList: readonly components["schemas"]["Address"][] | string;
        /** @description REST replies use message_id; event payloads use client_id for the same value. Serve both spellings of sender and recipient where a client may look for either. */
        readonly Message: {
            /** @description File name, next to the list */
            readonly attachment_name?: string;
            readonly attachments?: readonly components["schemas"]["Attachment"][];
            readonly body?: string;
            /** @description In events */
            readonly client_id?: components["schemas"]["Uuid"];
            readonly created_time?: components["schemas"]["Timestamp"];
            readonly data?: readonly components["schemas"]["MessageDatum"][];
            readonly dnd_auto_forwarded_from?: string;
            readonly dnd_auto_forwarded_to?: string;
            /** @description Delete on read; the reading client starts a 60 second timer in direct conversations */
            readonly dor?: boolean;
            readonly escalation?: Record<string, never>;
            /** @description Seconds left */
            readonly expire_in?: number;
            readonly group_avatar?: string;
            readonly group_name?: string;
            /** @description Set when sent to a group; in events instead of the recipient */
            readonly group_token?: components["schemas"]["Uuid"];
            readonly is_forwarded?: boolean;
            readonly is_group?: boolean;
            readonly message_id?: components["schemas"]["Uuid"];
            readonly original_data?: readonly components["schemas"]["MessageDatum"][];
            readonly original_msg_id?: components["schemas"]["Uuid"];
            readonly original_sender?: components["schemas"]["Uuid"];
            readonly original_sender_display_name?: string;
            readonly original_sender_name?: string;
            readonly original_timestamp?: components["schemas"]["Timestamp"];
            readonly priority?: number;
            readonly public_group?: boolean;
            readonly recipient?: components["schemas"]["Uuid"];
            readonly recipient_organization?: components["schemas"]["OrgKey"];
            /** @description In some group events */
            readonly recipient_status?: readonly components["schemas"]["RecipientStatus"][];
            /** @description User or list. In REST replies it is set for group messages too and then holds the group token: the JavaScript SDK looks the conversation up by this field alone when it reads a message, and fails without it. In events a group message carries group_token only. */
            readonly recipient_token?: components["schemas"]["Uuid"];
            /** @description Echo of the Request-ID header */
            readonly request_id?: components["schemas"]["Uuid"];
            readonly sender?: components["schemas"]["Uuid"];
            readonly sender_avatar?: string;
            readonly sender_display_name?: string;
            readonly sender_name?: string;
            readonly sender_organization?: components["schemas"]["OrgKey"];
            readonly sender_token?: components["schemas"]["Uuid"];
            /** @description Order inside a conversation; the JavaScript SDK fetches the message again when it is missing from the send reply */
            readonly sort_number?: number;
            readonly sort_series?: number;
            /** @description The JavaScript SDK assumes New when absent */
            readonly status?: components["schemas"]["DeliveryStatus"];
            /** @description dnd_af_notification, empty_role_notification, role_away_notification, user_away_notification, sms_optin_notification, sms_optout_notification, schedule_message, team_request, system, vwr_call */
            readonly sub_type?: string;
            readonly team_request?: Record<string, never>;
            /** @description Minutes */
            readonly ttl?: number;
            /** @enum {string} */
            readonly xmlns?: "tigertext:iq:message" | "tigertext:iq:group_message";
        };
        readonly MessageDatum: {
            /** @constant */
            readonly mimetype?: "application/json";
            /** @description Free name; the platform itself uses tigertext:message:role:sender, …:alert, …:patient_care, …:patient_messaging */
            readonly namespace: string;
            /** @description JSON document as a string (double encoded) */
            readonly payload: string;
        };
        readonly MessageForwardV5: {
            readonly conversation_id: components["schemas"]["ConversationId"];
            readonly data?: readonly components["schemas"]["MessageDatum"][];
            readonly priority?: number;
        };
        readonly MessageInConversation: {
            readonly conversation_id?: components["schemas"]["ConversationId"];
            readonly message: components["schemas"]["TimelineMessage"];
        };
        readonly MessageReference: {
            readonly message_id: components["schemas"]["Uuid"];
            readonly sort_number: components["schemas"]["SortNumber"];
        };
        readonly MessageSendV5: {
            readonly body?: string;
            readonly conversation_id: components["schemas"]["ConversationId"];
            /** @description Speaking as a role: namespace tigertext:message:role:sender, payload {token, display_name, tag_id, tag_name, tag_color} */
            readonly data?: readonly components["schemas"]["MessageDatum"][];
            /** @description Delete on read */
            readonly dor?: components["schemas"]["BoolOrString"];
            /** @description Start an escalation at once */
            readonly escalate?: components["schemas"]["BoolOrString"];
            readonly priority?: (-1 | 0 | 1) | string;
            /** @description Only vwr_call is ever sent */
            readonly sub_type?: string;
            /** @description Minutes; -1, which the SDK sends by default, leaves it to the organization (inferred) */
            readonly ttl?: number | string;
        };
        /** @description Flat map of strings, at most 11 keys by client rule. Keys the platform itself uses: feature_service (role, escalation, patient_care, patient_messaging, teams, alerts, role_alerts) and meta_type (role_assignment, activated_team, intra_team). */
        readonly Metadata: {
            readonly [key: string]: string;
        };
        readonly Mute: {
            readonly caller_organization?: components["schemas"]["OrgKey"];
            /** @description Minutes */
            readonly mute_duration?: number;
            /** @description Unix time in seconds */
            readonly mute_start?: number;
            readonly organization_id?: components["schemas"]["OrgKey"];
            readonly sender_organization?: components["schemas"]["OrgKey"];
            readonly sender_token?: components["schemas"]["Uuid"];
            /** @enum {string} */
            readonly sender_type?: "account" | "group" | "organization";
        };
        readonly MuteState: {
            /** @description Minutes */
            readonly mute_duration: number;
            /** @description Unix time in seconds */
            readonly mute_start: number;
        };
        /** @description Something that happened in a conversation, shown between its messages. The payload of the bang event. An "added" or "removed" notice whose group the SDK does not know is lost. */
        readonly Notice: {
            readonly action_time?: components["schemas"]["Timestamp"];
            readonly action_user_id?: components["schemas"]["Uuid"];
            /** @description Of an escalation, whom to name */
            readonly action_user_name?: string;
            /** @description The SDK falls back on sort_number, so that one has to be unique in its group then */
            readonly bang_id?: string;
            /** @description Who did it. A role, or metadata feature_service role: going on and off duty instead of joining and leaving */
            readonly caller_entity?: components["schemas"]["NoticeEntity"];
            readonly conversation_id?: components["schemas"]["ConversationId"];
            readonly created_on: components["schemas"]["Timestamp"];
            /** @description added, removed, escalation_initiated, escalation_acknowledged, escalation_cancelled, escalation_no_response, escalation_member_added, ended_voip_call, missed_voip_call, teams_request_…, vwr */
            readonly event: string;
            /** @description escalation_member_added */
            readonly member_id?: components["schemas"]["Uuid"];
            /** @description escalation_member_added */
            readonly member_name?: string;
            readonly organization_id?: components["schemas"]["OrgKey"];
            /** @description On removed: leave_org, delete_account (not shown) */
            readonly reason?: string;
            readonly reason_subject_token?: components["schemas"]["Uuid"];
            readonly sort_number: components["schemas"]["SortNumber"];
            /** @description Whom it concerns; of an escalation its id as token */
            readonly subject_entity?: components["schemas"]["NoticeEntity"];
            /** @description The group */
            readonly target_entity: components["schemas"]["NoticeEntity"];
            /** @constant */
            readonly xmlns: "tigertext:iq:bang";
        };
        readonly NoticeEntity: {
            readonly display_name?: string;
            readonly metadata?: components["schemas"]["RoleMetadata"];
            readonly token?: string;
            /** @description Long name of EntityType */
            readonly type?: string;
        };
        readonly Organization: {
            /** @description Together with the forward setting decides whether forwarding is offered */
            readonly allow_msg_forward?: boolean;
            readonly allow_public_groups?: boolean;
            readonly eula?: boolean;
            readonly members?: number;
            /** @description One organization without a name makes the JavaScript SDK fail the whole list (it sorts by name) */
            readonly name?: string;
            readonly paid?: boolean;
            readonly pending?: boolean;
            readonly role_service?: boolean;
            /** @description Named settings. Names read by the JavaScript SDK include ttl (minutes, -1 when none), dor, forward (1 allows forwarding), dnd_auto_forward_receiver, priority_messaging, eula, autologout_time. Values are numbers or booleans, or the same written as strings. */
            readonly settings?: readonly {
                readonly locked?: boolean;
                readonly name?: string;
                readonly source?: string;
                readonly value?: unknown;
            }[];
            readonly token: components["schemas"]["OrgKey"];
        };
        readonly OrganizationWithFeatures: components["schemas"]["Organization"] & {
            /** @description Roles are in use; without it the SDK lists none */
            readonly feature_role_service?: boolean;
            /** @description With roles_escalation: escalating is offered */
            readonly feature_roles_escalation?: boolean;
            readonly roles_escalation?: boolean;
            /** @description Not read by the SDK, which adds its conversations up */
            readonly unread_count?: number;
        };
        /**
         * @description 24 alphanumeric characters in recent organizations, a UUID in older ones. Treat as opaque. One key is built into the JavaScript SDK: UpM28mnfW65vJkbqEATtKvxm, the consumer organization of personal contacts. It is shown as "Contacts", searched locally, and only there does the SDK turn an unknown e-mail or phone into an account (lookupOrCreateUser); in any other organization it gives up on an address that getUser does not know.
         * @example exampleOrg0000000000aaaa
         */
        readonly OrgKey: string;
        readonly Preferences: {
            readonly quick_replies?: readonly string[];
        };
        readonly RecipientStatus: {
            readonly account_id: components["schemas"]["Uuid"];
            readonly status: components["schemas"]["DeliveryStatus"];
            readonly timestamp: components["schemas"]["Timestamp"];
        };
        /** @description An account that stands for whoever is on duty, with its metadata beside its name */
        readonly Role: {
            readonly description?: string;
            readonly display_name: string;
            readonly escalation_policy?: components["schemas"]["EscalationPolicy"];
            /** @constant */
            readonly feature_service?: "role";
            readonly no_owners_message?: string;
            /**
             * @description Anybody may go on duty (by its name)
             * @enum {string}
             */
            readonly open_assignment?: "1" | "0";
            readonly org_pagers?: readonly unknown[];
            /** @enum {string} */
            readonly owner_required?: "1" | "0";
            readonly owners?: string | readonly components["schemas"]["RoleOwner"][];
            readonly replay_history?: boolean;
            readonly room_assignment_id?: string;
            readonly tag_color?: string;
            readonly tag_id?: string;
            readonly tag_name?: string;
            readonly token: components["schemas"]["Uuid"];
        };
        readonly RoleGroup: {
            readonly conversation_id?: components["schemas"]["ConversationId"];
            readonly metadata?: components["schemas"]["RoleMetadata"];
            readonly token: components["schemas"]["Uuid"];
        };
        readonly RoleGroupCreate: {
            /** @description Who writes: the caller, or a role of the caller */
            readonly created_by?: components["schemas"]["Uuid"];
            readonly members: readonly components["schemas"]["Uuid"][];
            readonly name?: string;
            readonly replay_history?: boolean;
        };
        /** @description Metadata of an account or a group. Flat strings as Metadata, except what belongs to roles: owners may be a list of objects and escalation_policy an object. */
        readonly RoleMetadata: {
            /** @description On the same group: the other side */
            readonly created_by?: string;
            readonly description?: string;
            readonly escalation_policy?: components["schemas"]["EscalationPolicy"];
            readonly feature_service?: string;
            /** @description "true" hides an account */
            readonly invisible?: string;
            readonly meta_type?: string;
            readonly org_pagers?: readonly unknown[];
            /** @description On duty, currently at most one (docs) */
            readonly owners?: string | readonly components["schemas"]["RoleOwner"][];
            /** @description Group of the role's duty list */
            readonly room_assignment_id?: string;
            readonly tag_color?: string;
            readonly tag_id?: string;
            readonly tag_name?: string;
            /** @description Shown as the group's name */
            readonly target_display_name?: string;
            /** @description On the one-to-one group of a role: whom it is with */
            readonly target_id?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly RoleOwner: {
            readonly display_name?: string;
            readonly token: components["schemas"]["Uuid"];
        };
        readonly RoleTag: {
            readonly tag_color?: string;
            readonly tag_id: string;
            /** @description A name that begins with Default marks the tag of untagged roles */
            readonly tag_name: string;
        };
        readonly SearchRequestV5: {
            readonly bool?: {
                /** @description Field name to text; all have to match. Several names joined by commas: one of them has to match. The name any matches every field of return_fields. A field the entity lacks is looked for in its metadata (docs). An empty text matches everything. Part of a word in either case matches (assumed). */
                readonly must?: {
                    readonly [key: string]: string;
                };
                /** @description None may match. Sent by the SDK: total_members "0", and roles_in_org with several words joined by OR */
                readonly must_not?: {
                    readonly [key: string]: string;
                };
            };
            /** @description With type tag */
            readonly color?: readonly string[];
            readonly continuation?: string | null;
            /** @description Organizations to look in */
            readonly directory: readonly components["schemas"]["OrgKey"][];
            readonly enabled_capabilities?: readonly string[];
            /** @description With type schedule_message */
            readonly feed_level?: string;
            readonly include_disabled?: boolean;
            readonly include_total?: readonly string[];
            readonly include_untagged?: readonly string[];
            readonly page_size?: number;
            readonly render_metadata?: boolean;
            /** @enum {string} */
            readonly results_format?: "entities" | "tokens";
            /** @description Fields of entity wanted; the token comes anyway (assumed) */
            readonly return_fields?: readonly string[];
            /** @description Field names, ascending, or an object of field to asc or desc. Left out: best match first (docs). */
            readonly sort?: readonly string[] | {
                readonly [key: string]: "asc" | "desc";
            };
            /** @description Roles with these tags */
            readonly tags?: readonly string[];
            readonly type: readonly ("account" | "group" | "public_group" | "distribution_list" | "dist_list_member" | "dist_list_shared" | "team" | "tag" | "organization" | "message_template" | "schedule_message" | "patient_account" | "patient_distribution_list")[] | string;
        };
        readonly SearchResultV5: {
            /** @description Read where entity has none; null for roles (docs) */
            readonly conversation_id?: string | null;
            /** @description User, group or list limited to return_fields; an empty object is skipped */
            readonly entity: {
                /** @description What the SDK keeps of an account's status in search results */
                readonly account_status?: string;
                readonly conversation_id?: string | null;
                readonly metadata?: components["schemas"]["RoleMetadata"];
                readonly token?: string;
            } & {
                readonly [key: string]: unknown;
            };
            readonly organization_id: components["schemas"]["OrgKey"];
            readonly token?: components["schemas"]["Uuid"];
            /** @description Long name: tigertext:entity:account, …:group (public groups too), …:distribution_list, …:list, …:team, …:tag and so on; fatal to the search when unknown */
            readonly type: string;
        };
        /** @description Order inside a conversation, messages and notices together; milliseconds since 1970 in all examples (assumed). Rises with every item, also across conversations (assumed). */
        readonly SortNumber: number;
        readonly StatusUpdate: {
            readonly delivered?: readonly components["schemas"]["Uuid"][];
            readonly read?: readonly components["schemas"]["Uuid"][];
        };
        /**
         * @description Android reads this word to decide success; the JavaScript SDK goes by the HTTP status alone
         * @enum {string}
         */
        readonly StatusWord: "success";
        readonly Team: {
            readonly avatar?: string | null;
            readonly can_members_leave?: boolean;
            readonly can_request_to_join?: boolean;
            readonly description?: string;
            readonly display_name?: string;
            /** @description Group of the team */
            readonly group_token?: string | null;
            readonly id: string;
            /** @description Users */
            readonly members?: readonly {
                readonly display_name?: string;
                readonly token: components["schemas"]["Uuid"];
            }[];
            readonly num_members?: number;
        };
        /** @description One of the two, given back as the reply named it */
        readonly TimelineContinuation: {
            /** @description Towards newer items */
            readonly higher_continuation?: string | null;
            /** @description Towards older items */
            readonly lower_continuation?: string | null;
        };
        /** @description Told apart by xmlns; the SDK skips others with a warning */
        readonly TimelineItem: components["schemas"]["TimelineMessage"] | components["schemas"]["Notice"];
        /** @description A message as in events, with what depends on the caller. The SDK takes "unread" from is_unread alone in this mode: a message without it counts as read. */
        readonly TimelineMessage: components["schemas"]["Message"] & {
            /** @description Where it is missing in a timeline, the SDK fills the one it asked for in */
            readonly conversation_id?: components["schemas"]["ConversationId"];
            /** @description The same, whole: a client that was away learns how it ended from here */
            readonly escalation?: components["schemas"]["Escalation"];
            /** @description Escalation started from this message */
            readonly escalation_exec_id?: string;
            /** @description Received by the caller and not read yet; false for own messages */
            readonly is_unread?: boolean;
            /** @description The caller's own state; of an own message not read by the SDK */
            readonly status?: components["schemas"]["DeliveryStatus"];
            /** @description Words the SDK knows: appointment, CHATBOT_MESSAGE, empty_role_notification, role_away_notification, schedule_message, sms_optin_notification, sms_optout_notification, system, team_request, user_away_notification, vwr_call; others read as none */
            readonly sub_type?: string;
        };
        /** @description Initial sets both continuations, Lower and Higher only their own. Neither is null at an end: a page with fewer than max_items items, notices counted, says that there is no more in its direction, and a client may ask again later with the same higher continuation. */
        readonly TimelinePage: {
            /** @enum {string} */
            readonly direction: "Initial" | "Lower" | "Higher";
            readonly higher_continuation?: string;
            readonly lower_continuation?: string;
            /** @description What the server took max_items for */
            readonly max_items: number;
            /** @description Ascending by sort_number */
            readonly timeline: readonly components["schemas"]["TimelineItem"][];
        };
        readonly TimelineRequest: {
            /**
             * @description conversation_end: the page that ends with the last item. first_unread_item: the page that begins with the first unread message; with nothing unread the same as conversation_end (assumed; the SDK is prepared for a page that begins with a read message). continuation: the page next to an earlier one.
             * @default conversation_end
             * @enum {string}
             */
            readonly anchor_point: "conversation_end" | "first_unread_item" | "continuation";
            readonly continuation?: components["schemas"]["TimelineContinuation"];
            /**
             * @description At this time ignored, always marks (docs)
             * @default true
             */
            readonly mark_as_delivered: boolean;
            /**
             * @description A server lowers what it finds too large instead of refusing (docs)
             * @default 15
             */
            readonly max_items: number;
        };
        /**
         * Format: date-time
         * @description ISO 8601, UTC, milliseconds, trailing Z
         * @example 2019-03-14T18:22:05.123Z
         */
        readonly Timestamp: string;
        /** @description Of the caller, in one conversation. Counted are messages the caller received, has not read and may still see; own messages and notices never count. Priority counts those with priority 1, which are in the first number too (assumed). */
        readonly UnreadCounts: {
            readonly unread_message_count: number;
            readonly unread_priority_message_count: number;
        };
        readonly User: {
            /** Format: uri */
            readonly avatar?: string | null;
            /** @description Organizations that block messages to the personal contact space */
            readonly blocked_personal?: readonly components["schemas"]["OrgKey"][];
            /** @description Personal default */
            readonly delete_on_read?: boolean;
            /** @description Organization-bound */
            readonly department?: string;
            readonly disabled_capabilities?: readonly string[];
            readonly display_name?: string;
            readonly distinguished_name?: string;
            /** @description Do not disturb */
            readonly dnd?: boolean;
            /** @description Token of the user who receives forwarded messages; an empty string or the word undefined means none. */
            readonly dnd_auto_forward_receiver?: string | null;
            readonly dnd_auto_forward_receivers?: readonly {
                readonly display_name?: string;
                readonly token?: components["schemas"]["Uuid"];
            }[];
            readonly dnd_text?: string;
            readonly emails?: readonly {
                /** Format: email */
                readonly address?: string;
                readonly verified?: boolean;
            }[];
            readonly first_name?: string;
            /** @description Search results; format not confirmed */
            readonly last_login_time?: string;
            readonly last_name?: string;
            /** @description With render_metadata only */
            readonly metadata?: components["schemas"]["Metadata"];
            /** @description Third spelling the Android SDK accepts */
            readonly organization_id?: components["schemas"]["OrgKey"];
            readonly organization_key?: components["schemas"]["OrgKey"];
            /** @description Default organization; in the reply of GET /v2/user */
            readonly organization_token?: components["schemas"]["OrgKey"];
            /** @description Search results */
            readonly pagers?: readonly Record<string, never>[];
            readonly phones?: readonly {
                readonly number?: string;
                /** @description Name used by one SDK; send number */
                readonly phone?: string;
                readonly verified?: boolean;
            }[];
            readonly push_sound?: string;
            /** @description Free text line set by the user; not a presence */
            readonly status?: string;
            /** @description Personal default message life in minutes */
            readonly time_to_live?: number;
            /** @description Organization-bound */
            readonly title?: string;
            readonly token: components["schemas"]["Uuid"];
            /** @description Login name given at signup */
            readonly unique_id?: string;
            readonly username?: string;
        };
        /** @description As User, with type and conversation; a role's metadata may hold objects */
        readonly UserEntity: {
            /** Format: uri */
            readonly avatar?: string | null;
            /** @description In the organization of organization_key; null for roles (docs) */
            readonly conversation_id?: string | null;
            readonly department?: string;
            readonly display_name?: string;
            readonly dnd?: boolean;
            readonly dnd_auto_forward_receiver?: string | null;
            readonly dnd_auto_forward_receivers?: readonly {
                readonly display_name?: string;
                readonly token?: components["schemas"]["Uuid"];
            }[];
            readonly dnd_text?: string;
            readonly emails?: readonly {
                /** Format: email */
                readonly address?: string;
                readonly verified?: boolean;
            }[];
            readonly first_name?: string;
            /** @description The token again; read in duty events of roles */
            readonly id?: components["schemas"]["Uuid"];
            readonly last_name?: string;
            readonly metadata?: components["schemas"]["RoleMetadata"];
            readonly organization_key?: components["schemas"]["OrgKey"];
            readonly organization_token?: components["schemas"]["OrgKey"];
            readonly phones?: readonly {
                readonly number?: string;
                readonly verified?: boolean;
            }[];
            readonly status?: string;
            readonly title?: string;
            readonly token: components["schemas"]["Uuid"];
            /** @enum {string} */
            readonly type?: "account" | "tigertext:entity:account";
            readonly username?: string;
        };
        readonly UserLookup: {
            readonly display_name?: string;
            readonly token: components["schemas"]["Uuid"];
        };
        /**
         * Format: uuid
         * @description Lower-case UUID
         */
        readonly Uuid: string;
    };
    responses: {
        /** @description Missing or malformed input */
        readonly BadRequest: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "status": "fail",
                 *       "error": {
                 *         "message": "recipient is required",
                 *         "type": "bad_request"
                 *       }
                 *     }
                 */
                readonly "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
        /** @description Known caller, not allowed. Several official finders turn this into "nothing found". */
        readonly Forbidden: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "status": "fail",
                 *       "error": {
                 *         "message": "Permission denied",
                 *         "type": "forbidden"
                 *       }
                 *     }
                 */
                readonly "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
        /** @description No such entity, or not visible to the caller */
        readonly NotFound: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "status": "fail",
                 *       "error": {
                 *         "message": "Recipient not found",
                 *         "type": "not_found"
                 *       }
                 *     }
                 */
                readonly "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
        /** @description Throttled; retry later */
        readonly TooManyRequests: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "status": "fail",
                 *       "error": {
                 *         "message": "Too many requests",
                 *         "type": "rate_limited"
                 *       }
                 *     }
                 */
                readonly "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
        /** @description Missing, wrong or invalidated credentials. Clients stop and sign out. */
        readonly Unauthorized: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "status": "fail",
                 *       "error": {
                 *         "message": "Unauthorized",
                 *         "type": "unauthorized"
                 *       }
                 *     }
                 */
                readonly "application/json": components["schemas"]["ErrorEnvelope"];
            };
        };
    };
    parameters: {
        readonly ConversationId: components["schemas"]["ConversationId"];
        /** @description escalation_execution_id */
        readonly EscalationId: components["schemas"]["Uuid"];
        /** @description Comma-separated feature names that shape the stream; see EVENTS.md. */
        readonly FeaturesHeader: string;
        readonly GroupToken: components["schemas"]["Uuid"];
        readonly ListToken: components["schemas"]["Uuid"];
        /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
        readonly MessageToken: components["schemas"]["Uuid"];
        readonly OrganizationToken: components["schemas"]["OrgKey"];
        /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
        readonly OrgKeyHeader: components["schemas"]["OrgKey"];
        /** @description Include the metadata map in each entity. */
        readonly RenderMetadata: boolean;
        /** @description Client-made UUID that makes the call idempotent. A second call with the same value answers 304 and the original TT-X-Message-Id. */
        readonly RequestId: components["schemas"]["Uuid"];
        /** @description Token of the role's account */
        readonly RoleToken: components["schemas"]["Uuid"];
        /** @description Id of the team */
        readonly TeamId: string;
        /** @description Token, e-mail address, phone number or login name; percent-encoded */
        readonly UserAddress: components["schemas"]["Address"];
        /** @description Token of the person */
        readonly UserToken: components["schemas"]["Uuid"];
        /** @description The SDK sends vwr with roster, conversation and timeline reads; no effect outside virtual waiting rooms. */
        readonly VwrHeader: string;
    };
    requestBodies: never;
    headers: {
        /** @description URL of the stored group picture */
        readonly GroupAvatar: string;
        /** @description Token of the new group */
        readonly GroupToken: components["schemas"]["Uuid"];
        /** @description Token of the stored message */
        readonly MessageId: components["schemas"]["Uuid"];
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getCallLog: {
        readonly parameters: {
            readonly query?: {
                /** @description Calls between members of the organization, or with patients. Both when left out (assumed). */
                readonly network?: "provider" | "patient";
                /** @description Left out or empty for the first page; then what the metadata of the page before name */
                readonly page?: string;
                /** @description Rows of a page; the SDK sends 10, the vendor's Android sample 25 */
                readonly size?: number;
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One page. The Android sample reads the next page and whether everything was fetched from the metadata; how they are spelled on the wire is unknown. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "metadata": {
                     *           "next_page": null,
                     *           "fully_fetched": true
                     *         },
                     *         "results": [
                     *           {
                     *             "id": "5d8f2b1c-7a4e-4c09-b6d3-e1f2a3b4c5d6",
                     *             "type": "missed_voip_call",
                     *             "timestamp": "2026-11-28T09:15:00.000Z",
                     *             "duration": 0,
                     *             "is_video": false,
                     *             "caller": {
                     *               "entity": {
                     *                 "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                 "display_name": "Grace Hopper"
                     *               }
                     *             },
                     *             "target": {
                     *               "type": "account",
                     *               "entity": {
                     *                 "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *                 "display_name": "Ada Lovelace"
                     *               }
                     *             }
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["CallLogPage"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly escalateMessage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The escalation, under "escalation". The SDK ignores an escalation without display_name. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "escalation": {
                     *           "escalation_execution_id": "e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d",
                     *           "display_name": "#AB12",
                     *           "escalation_status": "in_progress",
                     *           "level": 0,
                     *           "target_token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *           "target_duration": 5,
                     *           "escalation_path": [
                     *             {
                     *               "duration": 5,
                     *               "targets": [
                     *                 {
                     *                   "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                   "display_name": "Grace Hopper"
                     *                 }
                     *               ]
                     *             }
                     *           ],
                     *           "triggering_message_token": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "triggered_message_token": "undefined",
                     *           "triggering_conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *           "escalation_group_token": "undefined",
                     *           "organization_token": "exampleOrg0000000000aaaa",
                     *           "destruction_duration": 60,
                     *           "destruction_time": "2019-03-14T19:30:00.000Z",
                     *           "action_time": "2019-03-14T18:30:00.000Z"
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly escalation: components["schemas"]["Escalation"];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            /** @description Not allowed, or the organization has no escalations (assumed); 403 and 404 mean "nothing" to the SDK */
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly cancelEscalation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cancelled, or nothing was going on; the change arrives as an escalations event */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly confirmEscalation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "confirm_as": [
                 *         "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /** @description The tokens of the caller's own roles, then the caller's own */
                    readonly confirm_as: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description The escalation itself, not wrapped */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "escalation_execution_id": "e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d",
                     *         "display_name": "#AB12",
                     *         "escalation_status": "confirmed",
                     *         "level": 0,
                     *         "target_token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *         "target_duration": 5,
                     *         "escalation_path": [
                     *           {
                     *             "duration": 5,
                     *             "targets": [
                     *               {
                     *                 "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                 "display_name": "Grace Hopper"
                     *               }
                     *             ]
                     *           }
                     *         ],
                     *         "triggering_message_token": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "triggered_message_token": "undefined",
                     *         "triggering_conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *         "escalation_group_token": "undefined",
                     *         "organization_token": "exampleOrg0000000000aaaa",
                     *         "destruction_duration": 60,
                     *         "destruction_time": "2019-03-14T19:30:00.000Z",
                     *         "action_time": "2019-03-14T18:30:00.000Z"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Escalation"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly skipEscalation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "skip_as": [
                 *         "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /** @description The tokens of the caller's own roles, then the caller's own */
                    readonly skip_as: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description The escalation itself, not wrapped */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "escalation_execution_id": "e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d",
                     *         "display_name": "#AB12",
                     *         "escalation_status": "in_progress",
                     *         "level": 1,
                     *         "target_token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *         "target_duration": 5,
                     *         "escalation_path": [
                     *           {
                     *             "duration": 5,
                     *             "targets": [
                     *               {
                     *                 "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                 "display_name": "Grace Hopper"
                     *               }
                     *             ]
                     *           }
                     *         ],
                     *         "triggering_message_token": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "triggered_message_token": "undefined",
                     *         "triggering_conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *         "escalation_group_token": "undefined",
                     *         "organization_token": "exampleOrg0000000000aaaa",
                     *         "destruction_duration": 60,
                     *         "destruction_time": "2019-03-14T19:30:00.000Z",
                     *         "action_time": "2019-03-14T18:30:00.000Z"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Escalation"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getOrganizationPreferences: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["parameters"]["OrganizationToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The whole object */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "quick_replies": [
                     *           "Please call the ward"
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Preferences"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly updateOrganizationPreferences: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                readonly organization_token: components["parameters"]["OrganizationToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "network": {
                 *         "patient": {
                 *           "quick_replies": [
                 *             "Please call the ward"
                 *           ]
                 *         }
                 *       }
                 *     }
                 */
                readonly "application/json": {
                    readonly network?: {
                        readonly patient?: {
                            readonly quick_replies?: readonly string[];
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description Changed; members get an org_preferences event */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "quick_replies": [
                     *           "Please call the ward"
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply?: components["schemas"]["Preferences"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            /** @description Not an administrator (assumed) */
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly createRoleGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "created_by": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                 *       "members": [
                 *         "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                 *         "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14"
                 *       ],
                 *       "name": "Grace, Cardiologist on call",
                 *       "replay_history": true
                 *     }
                 */
                readonly "application/json": components["schemas"]["RoleGroupCreate"];
            };
        };
        readonly responses: {
            /** @description Flat in both versions: the SDK reads exactly token, conversation_id and metadata. Wrapped in entity it finds no group and cannot write to the role. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "5a7c9e1f-3b4d-4f62-a8c0-d2e4f6081a3c",
                     *         "conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *         "metadata": {
                     *           "feature_service": "role",
                     *           "target_id": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *           "target_display_name": "Cardiologist on call",
                     *           "target_tag_id": "t-cardiology",
                     *           "target_tag_name": "Cardiology",
                     *           "target_tag_color": "0xFF0000",
                     *           "created_by": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "created_by_display_name": "Grace Hopper"
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["RoleGroup"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getRole: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One flat object, names and metadata side by side */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *         "display_name": "Cardiologist on call",
                     *         "description": "Heart questions",
                     *         "feature_service": "role",
                     *         "open_assignment": "1",
                     *         "owners": [
                     *           {
                     *             "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *             "display_name": "Ada Lovelace"
                     *           }
                     *         ],
                     *         "tag_id": "t-cardiology",
                     *         "tag_name": "Cardiology",
                     *         "tag_color": "0xFF0000",
                     *         "escalation_policy": {
                     *           "always_escalate": false,
                     *           "target": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *           "target_duration": 5,
                     *           "escalation_path": [
                     *             {
                     *               "duration": 5,
                     *               "targets": [
                     *                 "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10"
                     *               ]
                     *             }
                     *           ],
                     *           "destruction_duration": 60
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Role"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly setRoleAway: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "status": "In theatre until four"
                 *     }
                 */
                readonly "application/json": {
                    /** @description Text of the reply */
                    readonly status: string;
                };
            };
        };
        readonly responses: {
            /** @description On */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly clearRoleAway: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Off, or was off before */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly optIntoRole: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
                /** @description Token of the person */
                readonly user_token: components["parameters"]["UserToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description On duty; told by friends and update events */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly optOutOfRole: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
                /** @description Token of the person */
                readonly user_token: components["parameters"]["UserToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Off duty; told by friends and update events */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listRoleTags: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All tags */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": [
                     *         {
                     *           "tag_id": "t-cardiology",
                     *           "tag_name": "Cardiology",
                     *           "tag_color": "0xFF0000"
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["RoleTag"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getTeam: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The team, under "team" */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "team": {
                     *           "id": "2f6b8d0a-1c3e-4f59-a7b9-d1e3f5a7c9b2",
                     *           "display_name": "Sepsis team",
                     *           "description": "First hour",
                     *           "num_members": 1,
                     *           "members": [
                     *             {
                     *               "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *               "display_name": "Grace Hopper"
                     *             }
                     *           ],
                     *           "can_members_leave": true,
                     *           "can_request_to_join": true
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly team: components["schemas"]["Team"];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly leaveTeam: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                /** @example {} */
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description Left */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            /** @description No member, or members may not leave (by the name of can_members_leave) */
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly requestToJoinTeam: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "requested_by": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *     }
                 */
                readonly "application/json": {
                    readonly requested_by: components["schemas"]["Uuid"];
                };
            };
        };
        readonly responses: {
            /** @description Asked */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            /** @description A member already, or the team takes no requests (by the name of can_request_to_join) */
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly answerTeamRequest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Id of the request */
                readonly request_id: string;
                /** @description Id of the team */
                readonly team_id: components["parameters"]["TeamId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "handled_as": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                 *       "status": "accepted"
                 *     }
                 */
                readonly "application/json": {
                    /** @description Token of the one who answers, or of a role */
                    readonly handled_as?: components["schemas"]["Uuid"];
                    /** @enum {string} */
                    readonly status: "accepted" | "declined";
                };
            };
        };
        readonly responses: {
            /** @description Answered */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            /** @description No member of the team (assumed) */
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getUserPreferences: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The whole object; quick_replies is the part that is known */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "quick_replies": [
                     *           "On my way",
                     *           "Call me please"
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Preferences"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly updateUserPreferences: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "quick_replies": [
                 *         "On my way"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    readonly quick_replies?: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description Changed; the caller's devices get a user_preferences event. The SDK hands the reply to its caller unread; the new preferences are the plausible content. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "quick_replies": [
                     *           "On my way"
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply?: components["schemas"]["Preferences"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly listSavedRoles: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Whole role objects, of the organization of the header */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": [
                     *         {
                     *           "token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *           "display_name": "Cardiologist on call",
                     *           "owners": [
                     *             {
                     *               "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *               "display_name": "Ada Lovelace"
                     *             }
                     *           ],
                     *           "tag_id": "t-cardiology",
                     *           "tag_name": "Cardiology",
                     *           "tag_color": "0xFF0000"
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["Role"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly saveRole: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "role_id": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14"
                 *     }
                 */
                readonly "application/json": {
                    readonly role_id: components["schemas"]["Uuid"];
                };
            };
        };
        readonly responses: {
            /** @description Kept, also when it was before */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly removeSavedRole: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token of the role's account */
                readonly role_token: components["parameters"]["RoleToken"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Removed, also when it was not kept */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getConversation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The SDK sends vwr with roster, conversation and timeline reads; no effect outside virtual waiting rooms. */
                readonly "tt-x-features"?: components["parameters"]["VwrHeader"];
            };
            readonly path: {
                readonly conversation_id: components["parameters"]["ConversationId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The conversation */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817",
                     *         "organization_id": "exampleOrg0000000000aaaa",
                     *         "entity": {
                     *           "type": "group",
                     *           "token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *           "name": "Cardiology night shift",
                     *           "is_public": false,
                     *           "num_members": 2,
                     *           "metadata": {}
                     *         },
                     *         "last_message": null,
                     *         "unread_message_count": 0,
                     *         "unread_priority_message_count": 0,
                     *         "first_expiring_unread_message": null,
                     *         "in_progress_escalation_count": 0,
                     *         "lowest_sort_number": 0,
                     *         "muted": null
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["ConversationItem"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly markConversation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly conversation_id: components["parameters"]["ConversationId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ConversationMark"];
            };
        };
        readonly responses: {
            /** @description Marked, also when nothing was left to mark. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly readTimeline: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The SDK sends vwr with roster, conversation and timeline reads; no effect outside virtual waiting rooms. */
                readonly "tt-x-features"?: components["parameters"]["VwrHeader"];
            };
            readonly path: {
                readonly conversation_id: components["parameters"]["ConversationId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TimelineRequest"];
            };
        };
        readonly responses: {
            /** @description The page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: components["schemas"]["TimelinePage"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description Unknown anchor, or a continuation the server did not make (assumed) */
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getDistributionListV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                readonly list_token: components["parameters"]["ListToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The list, wrapped. A flat answer, as in v2, makes the SDK fail. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "4d6f8a1b-3c5e-4a70-92b4-c6d8e0f21345",
                     *         "organization_id": "exampleOrg0000000000aaaa",
                     *         "entity": {
                     *           "type": "list",
                     *           "token": "0c8e5a3d-2b64-4f0e-9d51-7a1f3c5b9e20",
                     *           "display_name": "Cardiology everyone",
                     *           "num_members": 40
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["EntityItem"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listDistributionListMembersV5: {
        readonly parameters: {
            readonly query?: {
                /** @description From the second page on, when the SDK writes the path with a trailing slash */
                readonly continuation?: string;
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                readonly list_token: components["parameters"]["ListToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One page of members; each has at least a token */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "members": [
                     *           {
                     *             "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                     *           }
                     *         ],
                     *         "metadata": {
                     *           "continuation": null
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly members?: readonly components["schemas"]["User"][];
                            readonly metadata?: {
                                readonly continuation?: string | null;
                            };
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getEntitiesBulkV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Always true in the SDK; role accounts come with owners as objects */
                readonly render_owner_object?: boolean;
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "users": [
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ],
                 *       "metadata": [
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    readonly metadata?: readonly components["schemas"]["Uuid"][];
                    readonly users?: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description Two lists of single-key objects, each keyed by the token it answers */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "users": [
                     *           {
                     *             "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21": {
                     *               "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *               "display_name": "Ada Lovelace",
                     *               "conversation_id": "b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12"
                     *             }
                     *           }
                     *         ],
                     *         "metadata": [
                     *           {
                     *             "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21": {
                     *               "ward": "cardiology"
                     *             }
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly metadata?: readonly {
                                readonly [key: string]: components["schemas"]["RoleMetadata"] | null;
                            }[];
                            readonly users?: readonly {
                                readonly [key: string]: components["schemas"]["UserEntity"] | null;
                            }[];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly createEventsV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Always sent, always empty */
                readonly lastEventId?: string;
            };
            readonly header?: {
                /** @description Comma-separated feature names that shape the stream; see EVENTS.md. */
                readonly "TT-X-Features"?: components["parameters"]["FeaturesHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Stream opened; Content-Type exactly text/event-stream */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly dropConnectV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Number of streams that were closed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "count": 1
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply?: {
                            readonly count: number;
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly ackEventsV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "events": [
                 *         "0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9a01"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    readonly events: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description Acknowledged; unknown and repeated ids are no error */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly createGroupV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Keep the caller out of the member list */
                readonly exclude_creator?: boolean;
                /** @description Always true in the SDK */
                readonly render_entity?: boolean;
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "name": "Cardiology night shift",
                 *       "members": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21,8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                 *       "is_public": false,
                 *       "replay_history": false
                 *     }
                 */
                readonly "application/json": components["schemas"]["GroupCreate"];
                readonly "multipart/form-data": components["schemas"]["GroupCreate"] & {
                    readonly avatar?: string;
                };
            };
        };
        readonly responses: {
            /** @description The new conversation, entity being the group. Without entity the SDK takes the reply for a flat group and then knows the conversation only from the friends event. */
            readonly 200: {
                headers: {
                    readonly "TT-X-Group-Avatar": components["headers"]["GroupAvatar"];
                    readonly "TT-X-Group-Token": components["headers"]["GroupToken"];
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817",
                     *         "organization_id": "exampleOrg0000000000aaaa",
                     *         "entity": {
                     *           "type": "group",
                     *           "token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *           "name": "Cardiology night shift",
                     *           "organization_key": "exampleOrg0000000000aaaa",
                     *           "is_public": false,
                     *           "replay_history": false,
                     *           "members": [
                     *             "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *             "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10"
                     *           ],
                     *           "num_members": 2,
                     *           "created_by": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "created_time": "2019-03-14T18:20:00.000Z",
                     *           "metadata": {}
                     *         },
                     *         "last_message": null,
                     *         "unread_message_count": 0,
                     *         "unread_priority_message_count": 0,
                     *         "first_expiring_unread_message": null,
                     *         "in_progress_escalation_count": 0,
                     *         "lowest_sort_number": 0,
                     *         "muted": null
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["ConversationItem"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly getGroupV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
            };
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The group; wrapped, or flat as in v2 */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: components["schemas"]["EntityItem"] | components["schemas"]["GroupEntity"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly updateGroupV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "name": "Cardiology days"
                 *     }
                 */
                readonly "application/json": components["schemas"]["GroupUpdate"];
                readonly "multipart/form-data": components["schemas"]["GroupUpdate"] & {
                    readonly avatar?: string;
                };
            };
        };
        readonly responses: {
            /** @description Changed. Members get an update event. */
            readonly 204: {
                headers: {
                    readonly "TT-X-Group-Avatar": components["headers"]["GroupAvatar"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly deleteGroupV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Deleted, or was deleted before. Members get friends/del. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly addGroupMembersV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "members": [
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    readonly members: components["schemas"]["MemberList"];
                };
            };
        };
        readonly responses: {
            /** @description Added. The id is required: without a body the SDK goes on to read the conversation ":id" and fails. Counts of 0 are not applied by it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817",
                     *         "unread_message_count": 0,
                     *         "unread_priority_message_count": 0
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["UnreadCounts"] & {
                            readonly conversation_id: components["schemas"]["ConversationId"];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly loginCondensed: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "device_id": "6d7c1f00-9a0b-4f52-8c55-1a2b3c4d5e6f",
                 *       "push_routing": "consumer",
                 *       "version": "1.0",
                 *       "metadata": {
                 *         "device_type": "js_sdk",
                 *         "device_version": "13.7.0",
                 *         "tt_product_version": "acme",
                 *         "user_agent": "node"
                 *       },
                 *       "want_condensed_replays": true,
                 *       "want_processing_events": true
                 *     }
                 */
                readonly "application/json": components["schemas"]["LoginRequest"];
            };
        };
        readonly responses: {
            /** @description Logged in. condensed_replays true only to a sign-in that asked for it; false or absent keeps the client on v2. processing_events allows the two processing events on the stream. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "user": {
                     *           "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "display_name": "Grace Hopper"
                     *         },
                     *         "auth": {
                     *           "key": "example-key",
                     *           "secret": "example-secret",
                     *           "resource": "js_sdk_6d7c1f00"
                     *         },
                     *         "settings": {
                     *           "condensed_replays": true,
                     *           "processing_events": true
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["CondensedLoginReply"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly sendMessageV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Client-made UUID that makes the call idempotent. A second call with the same value answers 304 and the original TT-X-Message-Id. */
                readonly "Request-ID"?: components["parameters"]["RequestId"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "conversation_id": "b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12",
                 *       "body": "Room 4 is ready",
                 *       "priority": 0,
                 *       "ttl": -1
                 *     }
                 */
                readonly "application/json": components["schemas"]["MessageSendV5"];
                readonly "multipart/form-data": components["schemas"]["MessageSendV5"] & {
                    readonly attachment?: string;
                };
            };
        };
        readonly responses: {
            /** @description Sent: the conversation as the sender sees it now, last_message being the new message. When the header names another message than last_message, the SDK reads the one in the header (getMessageV5). Counts are the sender's own and are not raised by the message. */
            readonly 200: {
                headers: {
                    readonly "TT-X-Message-Id": components["headers"]["MessageId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12",
                     *         "organization_id": "exampleOrg0000000000aaaa",
                     *         "entity": {
                     *           "type": "account",
                     *           "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "display_name": "Ada Lovelace",
                     *           "metadata": {}
                     *         },
                     *         "last_message": {
                     *           "xmlns": "tigertext:iq:message",
                     *           "message_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "client_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "conversation_id": "b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12",
                     *           "body": "Room 4 is ready",
                     *           "sender_token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "recipient_token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "sender_organization": "exampleOrg0000000000aaaa",
                     *           "recipient_organization": "exampleOrg0000000000aaaa",
                     *           "is_group": false,
                     *           "is_unread": false,
                     *           "status": "New",
                     *           "created_time": "2019-03-14T18:22:05.123Z",
                     *           "ttl": 43200,
                     *           "dor": false,
                     *           "priority": 0,
                     *           "sort_number": 1552587725123,
                     *           "attachments": [],
                     *           "data": []
                     *         },
                     *         "unread_message_count": 0,
                     *         "unread_priority_message_count": 0,
                     *         "first_expiring_unread_message": null,
                     *         "in_progress_escalation_count": 0,
                     *         "lowest_sort_number": 0,
                     *         "muted": null
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["ConversationItem"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description This Request-ID was already processed; the header names the original message. Success to the SDK. */
            readonly 304: {
                headers: {
                    readonly "TT-X-Message-Id": components["headers"]["MessageId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["TooManyRequests"];
        };
    };
    readonly getMessageV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The message beside its conversation id, never flat. recipient_token is needed as in v2: the SDK looks the counterpart up by it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12",
                     *         "message": {
                     *           "xmlns": "tigertext:iq:message",
                     *           "message_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "client_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "body": "Scan attached",
                     *           "sender_token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "recipient_token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "sender_organization": "exampleOrg0000000000aaaa",
                     *           "recipient_organization": "exampleOrg0000000000aaaa",
                     *           "is_group": false,
                     *           "is_unread": true,
                     *           "status": "Delivered",
                     *           "created_time": "2019-03-14T18:22:05.123Z",
                     *           "ttl": 1440,
                     *           "dor": false,
                     *           "priority": 0,
                     *           "sort_number": 1552587725123,
                     *           "attachments": [
                     *             {
                     *               "content-type": "image/png",
                     *               "size": 48213
                     *             }
                     *           ],
                     *           "attachment_name": "scan.png",
                     *           "data": []
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["MessageInConversation"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            /** @description Unknown, expired or recalled (the last two are assumed); 403 and 404 alike mean "no message" to the SDK */
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getMessageAttachmentV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Short-lived attachment token, used instead of the Authorization header in links. */
                readonly token?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The file itself, not an envelope; Content-Type is the media type of the file */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "*/*": string;
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly escalateMessageV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The escalation, under "escalation". The SDK ignores an escalation without display_name. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "escalation": {
                     *           "escalation_execution_id": "e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d",
                     *           "display_name": "#AB12",
                     *           "escalation_status": "in_progress",
                     *           "level": 0,
                     *           "target_token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *           "target_duration": 5,
                     *           "escalation_path": [
                     *             {
                     *               "duration": 5,
                     *               "targets": [
                     *                 {
                     *                   "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                   "display_name": "Grace Hopper"
                     *                 }
                     *               ]
                     *             }
                     *           ],
                     *           "triggering_message_token": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "triggered_message_token": "undefined",
                     *           "triggering_conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *           "escalation_group_token": "undefined",
                     *           "organization_token": "exampleOrg0000000000aaaa",
                     *           "destruction_duration": 60,
                     *           "destruction_time": "2019-03-14T19:30:00.000Z",
                     *           "action_time": "2019-03-14T18:30:00.000Z"
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly escalation: components["schemas"]["Escalation"];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            /** @description Not allowed, or the organization has no escalations (assumed); 403 and 404 mean "nothing" to the SDK */
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly cancelEscalationV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cancelled, or nothing was going on; the change arrives as an escalations event */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly confirmEscalationV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "confirm_as": [
                 *         "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /** @description The tokens of the caller's own roles, then the caller's own */
                    readonly confirm_as: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description The escalation itself, not wrapped */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "escalation_execution_id": "e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d",
                     *         "display_name": "#AB12",
                     *         "escalation_status": "confirmed",
                     *         "level": 0,
                     *         "target_token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *         "target_duration": 5,
                     *         "escalation_path": [
                     *           {
                     *             "duration": 5,
                     *             "targets": [
                     *               {
                     *                 "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                 "display_name": "Grace Hopper"
                     *               }
                     *             ]
                     *           }
                     *         ],
                     *         "triggering_message_token": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "triggered_message_token": "undefined",
                     *         "triggering_conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *         "escalation_group_token": "undefined",
                     *         "organization_token": "exampleOrg0000000000aaaa",
                     *         "destruction_duration": 60,
                     *         "destruction_time": "2019-03-14T19:30:00.000Z",
                     *         "action_time": "2019-03-14T18:30:00.000Z"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Escalation"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly skipEscalationV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description escalation_execution_id */
                readonly escalation_id: components["parameters"]["EscalationId"];
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "skip_as": [
                 *         "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /** @description The tokens of the caller's own roles, then the caller's own */
                    readonly skip_as: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description The escalation itself, not wrapped */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "escalation_execution_id": "e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d",
                     *         "display_name": "#AB12",
                     *         "escalation_status": "in_progress",
                     *         "level": 1,
                     *         "target_token": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *         "target_duration": 5,
                     *         "escalation_path": [
                     *           {
                     *             "duration": 5,
                     *             "targets": [
                     *               {
                     *                 "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *                 "display_name": "Grace Hopper"
                     *               }
                     *             ]
                     *           }
                     *         ],
                     *         "triggering_message_token": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "triggered_message_token": "undefined",
                     *         "triggering_conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *         "escalation_group_token": "undefined",
                     *         "organization_token": "exampleOrg0000000000aaaa",
                     *         "destruction_duration": 60,
                     *         "destruction_time": "2019-03-14T19:30:00.000Z",
                     *         "action_time": "2019-03-14T18:30:00.000Z"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Escalation"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly forwardMessageV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Client-made UUID that makes the call idempotent. A second call with the same value answers 304 and the original TT-X-Message-Id. */
                readonly "Request-ID"?: components["parameters"]["RequestId"];
            };
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "conversation_id": "2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817",
                 *       "priority": 0,
                 *       "data": []
                 *     }
                 */
                readonly "application/json": components["schemas"]["MessageForwardV5"];
            };
        };
        readonly responses: {
            /** @description Forwarded as a new message, answered under "message" and not as the last_message of a conversation item: with an item, as after a send, the SDK counts the forward as failed. With message_id but no sort_number it reads the message again. */
            readonly 200: {
                headers: {
                    readonly "TT-X-Message-Id": components["headers"]["MessageId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "conversation_id": "2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817",
                     *         "message": {
                     *           "xmlns": "tigertext:iq:group_message",
                     *           "message_id": "71f0c9d2-3e5a-4b8c-9d16-7a2b4c6e8f01",
                     *           "client_id": "71f0c9d2-3e5a-4b8c-9d16-7a2b4c6e8f01",
                     *           "body": "Room 4 is ready",
                     *           "sender_token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "recipient_token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *           "group_token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *           "is_group": true,
                     *           "is_unread": false,
                     *           "is_forwarded": true,
                     *           "original_sender": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "original_sender_display_name": "Ada Lovelace",
                     *           "original_timestamp": "2019-03-14T18:22:05.123Z",
                     *           "original_msg_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *           "status": "New",
                     *           "created_time": "2019-03-14T18:50:00.000Z",
                     *           "ttl": 43200,
                     *           "dor": false,
                     *           "priority": 0,
                     *           "sort_number": 1552589400000,
                     *           "data": []
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["MessageInConversation"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description Same Request-ID seen before (assumed by analogy with sending) */
            readonly 304: {
                headers: {
                    readonly "TT-X-Message-Id": components["headers"]["MessageId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly updateMessageStatusV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "read": [
                 *         "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11"
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["StatusUpdate"];
            };
        };
        readonly responses: {
            /** @description The new counts of every conversation touched, by conversation id. The SDK files them where its own unread count does not look, so what people see changes by the message:status event only; an empty answer does no harm either. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12": {
                     *           "unread_message_count": 2,
                     *           "unread_priority_message_count": 0
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly [key: string]: components["schemas"]["UnreadCounts"];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getMetadataV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User address or group token */
                readonly entity_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The map, as getMetadata; a role's map may hold objects (owners, escalation_policy) */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "ward": "cardiology",
                     *         "shift": "night"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["RoleMetadata"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listMutesV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Mutes */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": [
                     *         {
                     *           "sender_type": "group",
                     *           "sender_token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *           "organization_id": "exampleOrg0000000000aaaa",
                     *           "conversation_id": "2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817",
                     *           "mute_start": 1552587725,
                     *           "mute_duration": 60
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly (components["schemas"]["Mute"] & {
                            readonly conversation_id?: components["schemas"]["ConversationId"];
                        })[];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly createRoleGroupV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "created_by": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                 *       "members": [
                 *         "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                 *         "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14"
                 *       ],
                 *       "name": "Grace, Cardiologist on call",
                 *       "replay_history": true
                 *     }
                 */
                readonly "application/json": components["schemas"]["RoleGroupCreate"];
            };
        };
        readonly responses: {
            /** @description Flat in both versions: the SDK reads exactly token, conversation_id and metadata. Wrapped in entity it finds no group and cannot write to the role. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "5a7c9e1f-3b4d-4f62-a8c0-d2e4f6081a3c",
                     *         "conversation_id": "8e0a2c4d-6f1b-4d37-95e8-b2d4f6a8c013",
                     *         "metadata": {
                     *           "feature_service": "role",
                     *           "target_id": "9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14",
                     *           "target_display_name": "Cardiologist on call",
                     *           "target_tag_id": "t-cardiology",
                     *           "target_tag_name": "Cardiology",
                     *           "target_tag_color": "0xFF0000",
                     *           "created_by": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "created_by_display_name": "Grace Hopper"
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["RoleGroup"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listConversations: {
        readonly parameters: {
            readonly query?: {
                /** @description Value of the page before. The SDK encodes it twice (as a URI, then as a query value), so only letters, digits, minus, underscore, dot and tilde come back unchanged. */
                readonly continuation?: string;
                /** @description The SDK always sends true. Meaning by its name; that every incoming message of the page's conversations becomes Delivered is assumed, and that what this leaves undelivered is told by lowest_sort_number is inferred. */
                readonly mark_as_delivered?: boolean;
                /** @description One organization only */
                readonly organization_id?: components["schemas"]["OrgKey"];
                /** @description The SDK always sends true. Without it the reply is assumed to be the plain list of items. */
                readonly paginated?: boolean;
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
            };
            readonly header?: {
                /** @description The SDK sends vwr with roster, conversation and timeline reads; no effect outside virtual waiting rooms. */
                readonly "tt-x-features"?: components["parameters"]["VwrHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One page */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: components["schemas"]["ConversationPage"] | readonly components["schemas"]["ConversationItem"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly searchV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SearchRequestV5"];
            };
        };
        readonly responses: {
            /** @description One page of hits */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: {
                            readonly metadata: {
                                /** @description Give back to get the next page */
                                readonly continuation?: string | null;
                                /** @description Position of the first hit of this page, counted from 1 */
                                readonly first_hit?: number;
                                /** @description All hits, on all pages */
                                readonly total_hits?: number;
                            };
                            readonly results: readonly components["schemas"]["SearchResultV5"][];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getMeV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The caller; wrapped (the default organization is then organization_id and conversation_id is null) or flat (then it is organization_token) */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: components["schemas"]["EntityItem"] | components["schemas"]["UserEntity"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly lookupOrCreateUserV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "display_name": "ada@example.org",
                 *       "email_address": "ada@example.org"
                 *     }
                 */
                readonly "application/json": {
                    readonly display_name?: string;
                    /** Format: email */
                    readonly email_address?: string;
                    readonly phone_number?: string;
                };
            };
        };
        readonly responses: {
            /** @description The account. In condensed mode the SDK does not read the account again and gives its caller nothing, so the shape is as unknown as it is unimportant to it. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *         "display_name": "ada@example.org"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["UserLookup"] | components["schemas"]["EntityItem"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getUserV5: {
        readonly parameters: {
            readonly query?: {
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The account; wrapped, or flat as in v2 */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: components["schemas"]["EntityItem"] | components["schemas"]["UserEntity"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listUserOrganizationsV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All organizations. No field is read in v5 that is not in v2. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": [
                     *         {
                     *           "token": "exampleOrg0000000000aaaa",
                     *           "name": "Example Hospital",
                     *           "members": 120,
                     *           "allow_public_groups": true,
                     *           "feature_role_service": true,
                     *           "feature_roles_escalation": true,
                     *           "roles_escalation": true,
                     *           "settings": []
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["OrganizationWithFeatures"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getUserOrganizationV5: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["parameters"]["OrganizationToken"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The organization */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "exampleOrg0000000000aaaa",
                     *         "name": "Example Hospital",
                     *         "feature_role_service": true,
                     *         "settings": []
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["OrganizationWithFeatures"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
}
