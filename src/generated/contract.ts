// Generated from schema/upstream.yaml by `npm run generate`; do not edit.
export interface paths {
    readonly "/v2/dist_list/{list_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly list_token: components["parameters"]["ListToken"];
            };
            readonly cookie?: never;
        };
        /**
         * Read one distribution list
         * @description Also the last step of the JavaScript SDK when it has to find out what an unknown token is (after user and group), so tokens that are no list, and even e-mail addresses, occur here and want a 404.
         */
        readonly get: operations["getDistributionList"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/dist_list/{list_token}/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly list_token: components["parameters"]["ListToken"];
            };
            readonly cookie?: never;
        };
        /** List the members of a distribution list */
        readonly get: operations["listDistributionListMembers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/entities_bulk": {
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
         * @description The JavaScript SDK calls the v2 path as long as the login did not switch it to condensed replays, and /v5/entities_bulk with the same body otherwise. Groups cannot be asked for.
         */
        readonly post: operations["getEntitiesBulk"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Open the event stream
         * @description Long-lived server-sent event stream with everything addressed to the caller. Queued (never acknowledged) events come first, live ones after. See EVENTS.md for the envelope, the life cycle and every event type.
         */
        readonly get: operations["createEvents"];
        readonly put?: never;
        readonly post?: never;
        /** Close the caller's event stream from the server side */
        readonly delete: operations["dropConnect"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/events/ack": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Acknowledge events so that they are not sent again */
        readonly post: operations["ackEvents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/get_bulk_message_status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Per-recipient delivery states of several messages */
        readonly post: operations["getBulkMessageStatus"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/group": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Create a group
         * @description Creates a group in the organization named by TT-X-Organization-Key. The caller becomes creator and member unless exclude_creator is true; clients list the creator among the members anyway. Members are notified by a friends/add event and an added notice (bang event).
         */
        readonly post: operations["createNewGroup"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/group/{group_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        /** Read one group */
        readonly get: operations["getGroup"];
        readonly put?: never;
        /**
         * Change a group's name, members, history flag or picture
         * @description Members sent here replace the member list (inferred from a single client that sends the full list).
         */
        readonly post: operations["updateGroup"];
        /** Delete a group; deleting it again is not an error */
        readonly delete: operations["deleteGroup"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/group/{group_token}/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        /**
         * List the members of a (large or public) group
         * @description Without options the reply is a plain list of tokens. With return_user_objects=true it is an object holding user objects and a continuation for the next page. Used for public groups, whose group object does not carry members.
         */
        readonly get: operations["listGroupMembers"];
        readonly put?: never;
        /** Add members to a group */
        readonly post: operations["addGroupMember"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/group/{group_token}/members/remove": {
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
         * Remove members from a group, or leave it
         * @description The JavaScript SDK leaves a group by removing the caller's own token here.
         */
        readonly post: operations["removeMemberFromGroup"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/login": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Exchange user credentials for an API key pair (.NET and Android SDKs) */
        readonly post: operations["loginV2"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/logout": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Invalidate the key pair in use */
        readonly post: operations["logout"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a message to a user, a group or a distribution list
         * @description One recipient per call. An address (e-mail or phone) that matches no account makes the server create an account and deliver the message to that address outside the app. At most one attachment.
         */
        readonly post: operations["sendMessage"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        /** Read one message */
        readonly get: operations["getMessage"];
        readonly put?: never;
        readonly post?: never;
        /** Recall a message; recalling it again is not an error */
        readonly delete: operations["deleteMessage"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}/attachment/1": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        /** Download the message's only attachment */
        readonly get: operations["getMessageAttachment"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}/forward": {
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
        /** Forward a message to a user or a group */
        readonly post: operations["forwardMessage"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/{message_token}/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        /** Per-recipient delivery state of one message */
        readonly get: operations["getMessageStatus"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Mark messages delivered or read (verb from the listing)
         * @description The listing says PUT; every known client uses POST on the same path. Serve both alike.
         */
        readonly put: operations["updateMessageStatus"];
        /**
         * Mark messages delivered or read (verb used by the clients)
         * @description Only the recipient's own status changes. Senders are told through message:status (or group:message:status) events. A status never moves backwards (client rule).
         */
        readonly post: operations["updateMessageStatusPost"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/typing": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Announce typing (verb from the listing) */
        readonly get: operations["typingMessage"];
        readonly put?: never;
        /**
         * Announce typing (verb used by the clients)
         * @description Recipients whose stream asked for is-typing get a message:is_typing event. The JavaScript SDK repeats at most every 2 seconds and sends the stop itself after 8 seconds of silence. Recipients are users, groups and distribution lists alike.
         */
        readonly post: operations["typingMessagePost"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/typing/{recipient_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description User or group address */
                readonly recipient_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Announce that typing stopped */
        readonly delete: operations["deleteMessageTyping"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/message/typing/{recipient_address}/{proxy_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Role that stops typing, or the caller's own token */
                readonly proxy_token: components["schemas"]["Uuid"];
                readonly recipient_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Announce that typing stopped, naming who typed
         * @description The second token is a role, or simply the caller: after every send and forward the JavaScript SDK calls this form with its own token, without an organization header, for whatever the message went to, distribution lists included. It does not catch a failure of this call; in node an answer of 4xx or 5xx ends the process. Answer 204 for every recipient the caller may write to.
         */
        readonly delete: operations["deleteMessageTypingAs"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/metadata/{entity_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User address or group token (the listing calls this group_token) */
                readonly entity_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        /**
         * Read the metadata of a user or a group
         * @description Here the JavaScript SDK passes 403 and 404 on as errors; nothing set is an empty object, not a 404.
         */
        readonly get: operations["getMetadata"];
        readonly put?: never;
        /**
         * Replace the metadata of a user or a group
         * @description The whole map is replaced (the JavaScript SDK always sends the complete map). Values are strings; the SDK rejects more than 11 keys, and its notes say values that are not strings are dropped by the platform.
         */
        readonly post: operations["addMetadata"];
        /** Clear the metadata of a user or a group */
        readonly delete: operations["deleteMetadata"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/mute": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Everything the caller has muted */
        readonly get: operations["listMutes"];
        readonly put?: never;
        readonly post?: never;
        /** Unmute everything */
        readonly delete: operations["clearMutes"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/mute/group/{group_token}": {
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
        /** Mute a group */
        readonly post: operations["muteGroup"];
        /** Unmute a group */
        readonly delete: operations["unmuteGroup"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/mute/organization/{organization_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Mute a whole organization */
        readonly post: operations["muteOrganization"];
        /** Unmute an organization */
        readonly delete: operations["unmuteOrganization"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/mute/p2p": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Mute a direct conversation */
        readonly post: operations["muteUser"];
        /** Unmute a direct conversation */
        readonly delete: operations["unmuteUser"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/presence/{status}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly status: "online" | "away";
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Announce the caller's presence while a stream is open */
        readonly put: operations["updatePresence"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/roster": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Recent conversation list of the caller
         * @description Not paginated on v2 (the v5 form is). New traffic adds and refreshes entries.
         */
        readonly get: operations["getRoster"];
        readonly put?: never;
        /** Put a user or a distribution list on the roster without sending anything */
        readonly post: operations["addRosterEntry"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/roster/{user_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description User address, group token or distribution list token */
                readonly user_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove a conversation from the roster
         * @description With a user: the whole conversation with that user is erased for the caller. With a group: the caller leaves the group and gets nothing from it any more. Organization and type are headers in all clients and query values in the listing; accept both. The JavaScript SDK also sends a JSON body with the type.
         */
        readonly delete: operations["removeRoster"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/search": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Search the directory of one or more organizations */
        readonly post: operations["search"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Server reachability probe */
        readonly get: operations["getServerStatus"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The caller's own account
         * @description The JavaScript SDK calls this right after login. organization_token names the default organization.
         */
        readonly get: operations["getMe"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user_lookup_bulk": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Read several accounts at once
         * @description The one true bulk account read on v2. Both official Android generations use it (2.1.1 with a trailing slash, 4.1.0 without). Accounts are looked up in the organization of the header.
         */
        readonly post: operations["lookupUsersBulk"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user_lookup/{user_address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /** Resolve an e-mail, phone or token to an account */
        readonly get: operations["lookupUser"];
        readonly put?: never;
        /** Resolve an address, creating the account when the address is new */
        readonly post: operations["lookupOrCreateUser"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}": {
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
         * Read one account
         * @description The organization decides which organization-bound fields come back (title, department, status, do not disturb and similar). Roles and bots are accounts too. An address that is no account, a group token for instance, is a 404, never another error.
         */
        readonly get: operations["getUser"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/organization": {
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
        readonly get: operations["listUserOrganizations"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/organization/{organization_token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /** One organization with the caller's settings in it */
        readonly get: operations["getUserOrganization"];
        readonly put?: never;
        /** Change settings bound to one organization (do not disturb, auto forward, licence acceptance) */
        readonly post: operations["updateUserOrganization"];
        /** Leave an organization */
        readonly delete: operations["leaveOrganization"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/organization/{organization_token}/{setting_name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
                readonly setting_name: string;
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Clear one organization-bound setting, such as the auto-forward receiver */
        readonly delete: operations["deleteUserOrganizationSetting"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/organization/{organization_token}/roles": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Any organization of the caller. The JavaScript SDK sends the literal word placeholder while it knows none; answer that like the others. */
                readonly organization_token: string;
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        /**
         * Administrative rights of the caller, for all organizations at once
         * @description Nothing to do with role accounts. Every organization read of the JavaScript SDK (all, or one) calls this as well, and fails as a whole when the answer is an error or has no roles list; an empty list is fine.
         */
        readonly get: operations["listUserOrganizationRoles"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/user/{user_address}/settings": {
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
        /** Change the caller's own profile, do-not-disturb and picture */
        readonly post: operations["updateUserSettings"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v2/wipe": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign a user out of every device
         * @description Streams of that user get a remote_wipe event.
         */
        readonly post: operations["wipeUser"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v5/attachment_tokens_bulk": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Reserve short-lived attachment download tokens
         * @description Has no v2 form. The JavaScript SDK asks for 20 at a time when it first needs an attachment link.
         */
        readonly post: operations["createAttachmentTokens"];
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
         * Exchange user credentials for an API key pair (current JavaScript SDK)
         * @description The credentials travel in the Authorization header, in one of the forms listed under the security schemes. Answering condensed_replays false keeps the JavaScript SDK on the v2 paths for everything that has a v2 form.
         */
        readonly post: operations["loginV5"];
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
        /**
         * @description account is a user, a role or a bot; list is a distribution list. Search results also know the suffixes distribution_list, tag and organization; public_group is a word of search requests only.
         * @enum {string}
         */
        readonly EntityType: "tigertext:entity:account" | "tigertext:entity:group" | "tigertext:entity:list" | "tigertext:entity:team";
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
        readonly EventFrame: {
            /** @description One key, the event name, whose value is the payload. Unknown names must be ignored. */
            readonly event: {
                readonly [key: string]: Record<string, never>;
            };
            /** @description 00000000-0000-0000-0000-000000000001 is reused for frames that are never stored */
            readonly event_id: components["schemas"]["Uuid"];
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
        readonly GroupUpdate: {
            readonly members?: components["schemas"]["MemberList"];
            readonly name?: string;
            readonly replay_history?: components["schemas"]["BoolOrString"];
        };
        readonly LoginReply: {
            readonly auth: {
                readonly key: string;
                /** @description Name of this device session */
                readonly resource?: string;
                readonly secret: string;
            };
            readonly pending?: {
                readonly messages?: number;
            };
            readonly settings?: {
                /** @description true moves the JavaScript SDK to the v5 variants */
                readonly condensed_replays?: boolean;
                readonly processing_events?: boolean;
            };
            readonly user: components["schemas"]["User"];
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
            /** @description File name */
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
        readonly MessageForward: {
            readonly data?: readonly components["schemas"]["MessageDatum"][];
            readonly priority?: number;
            /** @description Name used by the clients */
            readonly recipient?: components["schemas"]["Address"];
            readonly recipient_organization?: components["schemas"]["OrgKey"];
            /** @description Name used by the listing */
            readonly recipient_token?: components["schemas"]["Address"];
            readonly sender_organization?: components["schemas"]["OrgKey"];
        };
        readonly MessageSend: {
            readonly body?: string;
            readonly data?: readonly components["schemas"]["MessageDatum"][];
            /** @description Delete on read */
            readonly dor?: components["schemas"]["BoolOrString"];
            readonly escalate?: components["schemas"]["BoolOrString"];
            /** @description -1 low, 0 normal, 1 high */
            readonly priority?: (-1 | 0 | 1) | string;
            readonly recipient?: components["schemas"]["Address"];
            /** @description Clients repeat sender_organization when not given */
            readonly recipient_organization?: components["schemas"]["OrgKey"];
            /** @description Speak as a role */
            readonly sender?: components["schemas"]["Uuid"];
            readonly sender_organization?: components["schemas"]["OrgKey"];
            /** @description Only vwr_call is ever sent */
            readonly sub_type?: string;
            /** @description Minutes until the message expires; -1 means never (.NET, Android) */
            readonly ttl?: number | string;
        };
        /** @description The Android SDK fails to parse an entry that lacks any of the three. */
        readonly MessageStatusReply: {
            readonly client_id: components["schemas"]["Uuid"];
            readonly is_recalled: boolean;
            readonly statuses: readonly components["schemas"]["RecipientStatus"][];
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
        /**
         * @description 24 alphanumeric characters in recent organizations, a UUID in older ones. Treat as opaque. One key is built into the JavaScript SDK: UpM28mnfW65vJkbqEATtKvxm, the consumer organization of personal contacts. It is shown as "Contacts", searched locally, and only there does the SDK turn an unknown e-mail or phone into an account (lookupOrCreateUser); in any other organization it gives up on an address that getUser does not know.
         * @example exampleOrg0000000000aaaa
         */
        readonly OrgKey: string;
        readonly RecipientStatus: {
            readonly account_id: components["schemas"]["Uuid"];
            readonly status: components["schemas"]["DeliveryStatus"];
            readonly timestamp: components["schemas"]["Timestamp"];
        };
        /** @description The entity itself, flattened, plus its type. User entries carry the user fields, group entries the group fields, list entries the list fields. One entry without a type, or with a type it does not know, makes the JavaScript SDK fail the whole roster read (seen by running it). */
        readonly RosterEntry: {
            /** Format: uri */
            readonly avatar?: string | null;
            /** @description Groups */
            readonly created_by?: components["schemas"]["Uuid"];
            readonly department?: string;
            readonly display_name?: string;
            readonly dnd?: boolean;
            readonly dnd_auto_forward_receiver?: string | null;
            readonly dnd_text?: string;
            /** @description Groups */
            readonly is_public?: boolean;
            /** @description Groups */
            readonly members?: readonly components["schemas"]["Uuid"][];
            /** @description With render_metadata only */
            readonly metadata?: components["schemas"]["Metadata"];
            readonly name?: string;
            /** @description Groups and lists */
            readonly num_members?: number;
            /** @description The JavaScript SDK files the conversation under it; an entry without it is kept but belongs to no organization */
            readonly organization_key?: components["schemas"]["OrgKey"];
            readonly status?: string;
            readonly title?: string;
            readonly token: components["schemas"]["Uuid"];
            readonly type: components["schemas"]["EntityType"];
        };
        readonly SearchRequest: {
            readonly bool?: {
                /** @description Field to text, for example display_name. A key can name several fields joined by commas (first_name,last_name), of which one has to match; an empty text matches everything */
                readonly must?: {
                    readonly [key: string]: unknown;
                };
                readonly must_not?: {
                    readonly [key: string]: unknown;
                };
            };
            /** @description With type tag */
            readonly color?: readonly string[];
            readonly continuation?: string | null;
            /** @description Organizations to look in */
            readonly directory?: readonly components["schemas"]["OrgKey"][];
            readonly display_name?: string;
            readonly enabled_capabilities?: readonly string[];
            readonly exclude_tokens?: readonly components["schemas"]["Uuid"][];
            readonly include_disabled?: boolean;
            readonly include_total?: readonly string[];
            readonly include_untagged?: readonly string[];
            readonly page_size?: number;
            readonly render_metadata?: boolean;
            /** @enum {string} */
            readonly results_format?: "entities" | "tokens";
            readonly return_fields?: readonly string[];
            readonly sort?: readonly unknown[];
            readonly tags?: readonly string[];
            readonly type?: readonly ("account" | "group" | "public_group" | "distribution_list" | "tag" | "team" | "organization")[];
        };
        readonly SearchResult: {
            readonly account_status?: string;
            readonly conversation_id?: string;
            /** @description User or group or list object limited to return_fields */
            readonly entity?: {
                readonly [key: string]: unknown;
            };
            readonly in_roster?: boolean;
            readonly organization_id?: components["schemas"]["OrgKey"];
            readonly token?: components["schemas"]["Uuid"];
            /** @description Entity type name. A public group is found by asking for public_group but comes back as tigertext:entity:group (with is_public true in the entity); the JavaScript SDK fails on a name it does not know, public_group among them */
            readonly type?: string;
        };
        readonly StatusUpdate: {
            readonly delivered?: readonly components["schemas"]["Uuid"][];
            readonly read?: readonly components["schemas"]["Uuid"][];
        };
        /**
         * @description Android reads this word to decide success; the JavaScript SDK goes by the HTTP status alone
         * @enum {string}
         */
        readonly StatusWord: "success";
        /**
         * Format: date-time
         * @description ISO 8601, UTC, milliseconds, trailing Z
         * @example 2019-03-14T18:22:05.123Z
         */
        readonly Timestamp: string;
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
        readonly UserLookup: {
            readonly display_name?: string;
            readonly token: components["schemas"]["Uuid"];
        };
        readonly UserSettings: {
            readonly display_name?: string;
            readonly dnd?: boolean;
            readonly dnd_text?: string;
            readonly first_name?: string;
            readonly incoming_call_notification?: boolean;
            readonly incoming_call_sound?: string;
            readonly last_name?: string;
            readonly status?: string;
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
        /** @description Comma-separated feature names that shape the stream; see EVENTS.md. */
        readonly FeaturesHeader: string;
        readonly GroupToken: components["schemas"]["Uuid"];
        readonly ListToken: components["schemas"]["Uuid"];
        /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
        readonly MessageToken: components["schemas"]["Uuid"];
        /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
        readonly OrgKeyHeader: components["schemas"]["OrgKey"];
        /** @description Include the metadata map in each entity. */
        readonly RenderMetadata: boolean;
        /** @description Client-made UUID that makes the call idempotent. A second call with the same value answers 304 and the original TT-X-Message-Id. */
        readonly RequestId: components["schemas"]["Uuid"];
        /** @description Token, e-mail address, phone number or login name; percent-encoded */
        readonly UserAddress: components["schemas"]["Address"];
    };
    requestBodies: {
        readonly Members: {
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
                readonly "application/x-www-form-urlencoded": {
                    /** @description Comma-separated addresses */
                    readonly members?: string;
                };
            };
        };
        readonly MuteRequest: {
            readonly content: {
                /**
                 * @example {
                 *       "duration": "60",
                 *       "receiver_organization": "exampleOrg0000000000aaaa"
                 *     }
                 */
                readonly "application/json": {
                    /** @description Minutes, as a string, 1 to 525600 (limits from the JavaScript SDK) */
                    readonly duration: string;
                    readonly receiver_organization?: components["schemas"]["OrgKey"];
                    readonly sender_organization?: components["schemas"]["OrgKey"];
                    readonly sender_token?: components["schemas"]["Uuid"];
                };
            };
        };
        readonly StatusUpdate: {
            readonly content: {
                /**
                 * @example {
                 *       "read": [
                 *         "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11"
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["StatusUpdate"];
                readonly "application/x-www-form-urlencoded": {
                    /** @description Comma-separated ids (separator assumed) */
                    readonly delivered?: string;
                    /** @description Comma-separated ids (separator assumed) */
                    readonly read?: string;
                };
            };
        };
    };
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
    readonly getDistributionList: {
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
            /** @description The list */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "0c8e5a3d-2b64-4f0e-9d51-7a1f3c5b9e20",
                     *         "display_name": "Cardiology everyone",
                     *         "organization_key": "exampleOrg0000000000aaaa",
                     *         "num_members": 40
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["DistributionList"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listDistributionListMembers: {
        readonly parameters: {
            readonly query?: {
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
    readonly getEntitiesBulk: {
        readonly parameters: {
            readonly query?: {
                /** @description Role accounts come with their owners' objects. */
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
                    /** @description Empty in calls for metadata alone */
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
                     *               "display_name": "Ada Lovelace"
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
                                readonly [key: string]: components["schemas"]["Metadata"] | null;
                            }[];
                            readonly users?: readonly {
                                readonly [key: string]: components["schemas"]["User"] | null;
                            }[];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly createEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description The JavaScript SDK always appends this, and always empty, also after frames with id lines, and sends no Last-Event-ID header. No source shows the server using it; replay is driven by acknowledgement, not by this value. */
                readonly lastEventId?: string;
            };
            readonly header?: {
                /** @description Presence the caller announces with this stream. */
                readonly "tt-presence-status"?: "online" | "away";
                /** @description Debug routing switch of official clients; ignore it. */
                readonly "TT-Route-Xmpp"?: "true";
                /** @description Comma-separated feature names that shape the stream; see EVENTS.md. */
                readonly "TT-X-Features"?: components["parameters"]["FeaturesHeader"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Stream opened. The JavaScript SDK insists on status 200 and on a Content-Type that is exactly text/event-stream (letter case aside); a value with a semicolon and a charset parameter makes it drop the connection and try again, forever. A 204 counts as a failed attempt. A redirect within the host is followed by its node build with the credentials on it; a server should send none. */
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
    readonly dropConnect: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Number of streams that were closed. The JavaScript and Android clients ignore the body. */
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
    readonly ackEvents: {
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
                    /** @description Event ids. An array everywhere except the Java client, which sends one comma-separated string. */
                    readonly events: readonly components["schemas"]["Uuid"][] | string;
                };
                readonly "application/x-www-form-urlencoded": {
                    /** @description Comma-separated ids */
                    readonly events?: string;
                };
            };
        };
        readonly responses: {
            /** @description Acknowledged. Unknown or already acknowledged ids are no error (assumed). The id of never-stored frames is acknowledged too: the JavaScript SDK does so for every advisory, often several times in one call. The node client takes every code but 204 for a failure. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getBulkMessageStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The Android SDK sends can-confirm. */
                readonly "TT-X-Features"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "messages": [
                 *         "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    readonly messages: readonly components["schemas"]["Uuid"][];
                };
            };
        };
        readonly responses: {
            /** @description One entry per known message; order not promised, match on client_id */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "bulk_message_statuses": [
                     *           {
                     *             "client_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *             "is_recalled": false,
                     *             "statuses": [
                     *               {
                     *                 "account_id": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *                 "status": "Delivered",
                     *                 "timestamp": "2019-03-14T18:22:06.000Z"
                     *               }
                     *             ]
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly bulk_message_statuses: readonly components["schemas"]["MessageStatusReply"][];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly createNewGroup: {
        readonly parameters: {
            readonly query?: {
                /** @description Keep the caller out of the member list. */
                readonly exclude_creator?: boolean;
                /** @description When true the reply carries the new group object. */
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
                 *       "replay_history": true,
                 *       "metadata": {}
                 *     }
                 */
                readonly "application/json": components["schemas"]["GroupCreate"];
                readonly "application/x-www-form-urlencoded": components["schemas"]["GroupCreate"] & {
                    /** @description The listing puts the organization here as a form field; clients use the header. */
                    readonly "TT-X-Organization-Key"?: string;
                };
                readonly "multipart/form-data": components["schemas"]["GroupCreate"] & {
                    /** @description Picture file */
                    readonly avatar?: string;
                };
            };
        };
        readonly responses: {
            /** @description Created, with the group in the reply (render_entity=true). */
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
                     *         "token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *         "name": "Cardiology night shift",
                     *         "organization_key": "exampleOrg0000000000aaaa",
                     *         "is_public": false,
                     *         "replay_history": true,
                     *         "members": [
                     *           "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10"
                     *         ],
                     *         "num_members": 2,
                     *         "created_by": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *         "created_time": "2019-03-14T18:20:00.000Z",
                     *         "metadata": {}
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Group"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description Created without render_entity; the token is only in the header. */
            readonly 204: {
                headers: {
                    readonly "TT-X-Group-Avatar": components["headers"]["GroupAvatar"];
                    readonly "TT-X-Group-Token": components["headers"]["GroupToken"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly getGroup: {
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
            /** @description The group */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *         "name": "Cardiology night shift",
                     *         "organization_key": "exampleOrg0000000000aaaa",
                     *         "is_public": false,
                     *         "replay_history": true,
                     *         "members": [
                     *           "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                     *         ],
                     *         "num_members": 1,
                     *         "metadata": {}
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Group"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            /** @description Unknown or deleted. Also the answer for an address that is no group: to find out what an unknown token is, the JavaScript SDK asks for a user, then a group, then a distribution list, and goes on only after 404. */
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly updateGroup: {
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
            /** @description Changed. Members receive an update event for the group. */
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
    readonly deleteGroup: {
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
            /** @description Deleted, or was deleted before. Members receive a friends/del event (inferred). */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly listGroupMembers: {
        readonly parameters: {
            readonly query?: {
                readonly continuation?: string;
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
                readonly return_user_objects?: boolean;
            };
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Members */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["Uuid"][] | {
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
    readonly addGroupMember: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["Members"];
        readonly responses: {
            /** @description Added. Everyone in the group gets an added notice (bang) and an update of the group; the new members get friends/add. Adding a member twice is no error (assumed). The JavaScript SDK changes its member list from the update only; the notice alone changes nothing (seen by running it). */
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
    readonly removeMemberFromGroup: {
        readonly parameters: {
            readonly query?: {
                /** @description false suppresses the removed notice to the group. */
                readonly bang_notification?: boolean;
            };
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["Members"];
        readonly responses: {
            /** @description Removed. Remaining members get a removed notice (bang); removed ones get friends/del. */
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
    readonly loginV2: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["LoginRequest"];
            };
        };
        readonly responses: {
            /** @description Logged in; pending.messages tells how many messages wait */
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
                     *           "resource": "win_1"
                     *         },
                     *         "pending": {
                     *           "messages": 3
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["LoginReply"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly logout: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Logged out; single sign-on accounts may get a URL to visit */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {}
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply?: {
                            /** Format: uri */
                            readonly external_logout_url?: string;
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly sendMessage: {
        readonly parameters: {
            readonly query?: {
                /** @description The listing places the recipient here; every client sends it in the body. Accept both, body first. */
                readonly recipient?: components["schemas"]["Address"];
                /** @description The value "message" asks for the stored message in the reply. */
                readonly response_format?: "message";
            };
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
                 *       "body": "Room 4 is ready",
                 *       "recipient": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                 *       "sender_organization": "exampleOrg0000000000aaaa",
                 *       "recipient_organization": "exampleOrg0000000000aaaa",
                 *       "ttl": 1440,
                 *       "dor": false,
                 *       "priority": 0,
                 *       "data": [
                 *         {
                 *           "mimetype": "application/json",
                 *           "namespace": "acme:bed",
                 *           "payload": "{\"bed\":4}"
                 *         }
                 *       ]
                 *     }
                 */
                readonly "application/json": components["schemas"]["MessageSend"];
                readonly "application/x-www-form-urlencoded": components["schemas"]["MessageSend"];
                readonly "multipart/form-data": components["schemas"]["MessageSend"] & {
                    /** @description The single file. The Android client refuses files of 20 MB and more; no server limit is known. */
                    readonly attachment?: string;
                };
            };
        };
        readonly responses: {
            /** @description Sent, with the stored message (response_format=message). 200 was seen by an older client; a third-party fixture uses 201. The SDKs accept any 2xx. The JavaScript SDK needs message_id in the reply (a send without it counts as failed) and reads the message again when sort_number is missing. */
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
                     *         "message_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "body": "Room 4 is ready",
                     *         "sender_token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *         "recipient_token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *         "sender_organization": "exampleOrg0000000000aaaa",
                     *         "recipient_organization": "exampleOrg0000000000aaaa",
                     *         "status": "New",
                     *         "created_time": "2019-03-14T18:22:05.123Z",
                     *         "ttl": 1440,
                     *         "dor": false,
                     *         "priority": 0,
                     *         "sort_number": 1552587725123,
                     *         "attachments": [],
                     *         "data": []
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Message"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description Sent (no response_format given). The node client takes every other code for a failure. */
            readonly 204: {
                headers: {
                    readonly "TT-X-Message-Id": components["headers"]["MessageId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description This Request-ID was already processed; nothing new was sent. The header names the original message. The JavaScript SDK treats this as success. It repeats a send with the same Request-ID, up to three times, after a 5xx or a broken connection (never after 429), so this answer occurs in practice. */
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
    readonly getMessage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The Android SDK sends can-confirm here, so that Confirmed may be reported as such. */
                readonly "TT-X-Features"?: string;
            };
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The message */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "message_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "body": "Scan attached",
                     *         "sender_token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *         "recipient_token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *         "sender_organization": "exampleOrg0000000000aaaa",
                     *         "recipient_organization": "exampleOrg0000000000aaaa",
                     *         "status": "Delivered",
                     *         "created_time": "2019-03-14T18:22:05.123Z",
                     *         "ttl": 1440,
                     *         "dor": false,
                     *         "attachments": [
                     *           {
                     *             "content-type": "image/png",
                     *             "size": 48213
                     *           }
                     *         ],
                     *         "attachment_name": "scan.png"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Message"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            /** @description Unknown, expired or recalled message (the last two are assumed). The JavaScript SDK reads 403 and 404 alike as "no message". */
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly deleteMessage: {
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
            /** @description Recalled, or was recalled before. Every party receives a status event with is_recalled true. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            /** @description Caller is not the sender (assumed; official clients check before calling) */
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly getMessageAttachment: {
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
                    readonly "Content-Length"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "*/*": string;
                };
            };
            /** @description Attachment not ready yet; try again */
            readonly 202: {
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
    readonly forwardMessage: {
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
                 *       "recipient": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                 *       "sender_organization": "exampleOrg0000000000aaaa",
                 *       "recipient_organization": "exampleOrg0000000000aaaa"
                 *     }
                 */
                readonly "application/json": components["schemas"]["MessageForward"];
                readonly "application/x-www-form-urlencoded": components["schemas"]["MessageForward"];
            };
        };
        readonly responses: {
            /** @description Forwarded as a new message */
            readonly 204: {
                headers: {
                    readonly "TT-X-Message-Id": components["headers"]["MessageId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
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
    readonly getMessageStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The Android SDK sends can-confirm. */
                readonly "TT-X-Features"?: string;
            };
            readonly path: {
                /** @description Server message id, the value of TT-X-Message-Id and of client_id in events */
                readonly message_token: components["parameters"]["MessageToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Statuses; one entry per recipient */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "client_id": "5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11",
                     *         "is_recalled": false,
                     *         "statuses": [
                     *           {
                     *             "account_id": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *             "status": "Read",
                     *             "timestamp": "2019-03-14T18:23:11.000Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["MessageStatusReply"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly updateMessageStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["StatusUpdate"];
        readonly responses: {
            /** @description Statuses recorded */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly updateMessageStatusPost: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["StatusUpdate"];
        readonly responses: {
            /** @description Statuses recorded. Ids the caller may not mark are ignored (assumed). */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly typingMessage: {
        readonly parameters: {
            readonly query: {
                readonly recipient: components["schemas"]["Address"];
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
            /** @description Announced */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly typingMessagePost: {
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
                 *       "recipient": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *     }
                 */
                readonly "application/json": {
                    /** @description Role on whose behalf the caller types; left out when typing as oneself. */
                    readonly proxy_token?: components["schemas"]["Uuid"];
                    readonly recipient: components["schemas"]["Address"];
                };
            };
        };
        readonly responses: {
            /** @description Announced */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly deleteMessageTyping: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User or group address */
                readonly recipient_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Announced */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly deleteMessageTypingAs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Role that stops typing, or the caller's own token */
                readonly proxy_token: components["schemas"]["Uuid"];
                readonly recipient_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Announced */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getMetadata: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User address or group token (the listing calls this group_token) */
                readonly entity_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The map; an empty object when nothing was ever set */
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
                        readonly reply: components["schemas"]["Metadata"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly addMetadata: {
        readonly parameters: {
            readonly query?: {
                /** @description The listing documents the organization as a query value here; clients send the header. */
                readonly "TT-X-Organization-Key"?: components["schemas"]["OrgKey"];
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User address or group token (the listing calls this group_token) */
                readonly entity_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "ward": "cardiology",
                 *       "shift": "night"
                 *     }
                 */
                readonly "application/json": components["schemas"]["Metadata"];
            };
        };
        readonly responses: {
            /** @description Stored. Streams that asked for render_metadata get an update event (inferred). */
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
    readonly deleteMetadata: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
            };
            readonly path: {
                /** @description User address or group token (the listing calls this group_token) */
                readonly entity_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cleared (also when it was empty) */
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
    readonly listMutes: {
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
                     *           "mute_start": 1552587725,
                     *           "mute_duration": 60
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["Mute"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly clearMutes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cleared; the caller's streams get conversation_mute with action clear */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly muteGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["MuteRequest"];
        readonly responses: {
            /** @description Muted */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly unmuteGroup: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "TT-X-Receiver-Organization"?: components["schemas"]["OrgKey"];
            };
            readonly path: {
                readonly group_token: components["parameters"]["GroupToken"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Unmuted */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly muteOrganization: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["MuteRequest"];
        readonly responses: {
            /** @description Muted */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly unmuteOrganization: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "TT-X-Receiver-Organization"?: components["schemas"]["OrgKey"];
            };
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Unmuted */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly muteUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: components["requestBodies"]["MuteRequest"];
        readonly responses: {
            /** @description Muted */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly unmuteUser: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                readonly "TT-X-Receiver-Organization"?: components["schemas"]["OrgKey"];
                readonly "TT-X-Sender-Organization"?: components["schemas"]["OrgKey"];
                readonly "TT-X-Sender-Token": components["schemas"]["Uuid"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Unmuted */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly updatePresence: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly status: "online" | "away";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Announced; others get presence events */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getRoster: {
        readonly parameters: {
            readonly query?: {
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
            };
            readonly header?: {
                /** @description The JavaScript SDK sends vwr here; it has no effect outside virtual waiting rooms. */
                readonly "TT-X-Features"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All entries, most recent first (order assumed) */
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
                     *           "type": "tigertext:entity:account",
                     *           "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "organization_key": "exampleOrg0000000000aaaa",
                     *           "display_name": "Ada Lovelace",
                     *           "status": "",
                     *           "dnd": false,
                     *           "metadata": {}
                     *         },
                     *         {
                     *           "type": "tigertext:entity:group",
                     *           "token": "3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70",
                     *           "organization_key": "exampleOrg0000000000aaaa",
                     *           "name": "Cardiology night shift",
                     *           "is_public": false,
                     *           "members": [
                     *             "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *             "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10"
                     *           ],
                     *           "num_members": 2,
                     *           "metadata": {}
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["RosterEntry"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly addRosterEntry: {
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
                 *       "entity": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                 *       "type": "tigertext:entity:account"
                 *     }
                 */
                readonly "application/json": {
                    readonly entity: components["schemas"]["Uuid"];
                    /** @enum {string} */
                    readonly type: "tigertext:entity:account" | "tigertext:entity:list";
                };
            };
        };
        readonly responses: {
            /** @description Added */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly removeRoster: {
        readonly parameters: {
            readonly query?: {
                readonly "TT-X-Organization-Key"?: components["schemas"]["OrgKey"];
                readonly "TT-X-Type"?: components["schemas"]["EntityType"];
            };
            readonly header?: {
                /** @description Organization the call acts in. Left out, the caller's default organization is used (inferred). */
                readonly "TT-X-Organization-Key"?: components["parameters"]["OrgKeyHeader"];
                readonly "TT-X-Type"?: components["schemas"]["EntityType"];
            };
            readonly path: {
                /** @description User address, group token or distribution list token */
                readonly user_address: components["schemas"]["Address"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly type?: components["schemas"]["EntityType"];
                };
            };
        };
        readonly responses: {
            /** @description Removed (also when it was not there). The caller's other streams get friends/del (inferred). */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly search: {
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
                 *       "type": [
                 *         "account",
                 *         "group"
                 *       ],
                 *       "directory": [
                 *         "exampleOrg0000000000aaaa"
                 *       ],
                 *       "bool": {
                 *         "must": {
                 *           "display_name": "ada"
                 *         }
                 *       },
                 *       "results_format": "entities",
                 *       "page_size": 25
                 *     }
                 */
                readonly "application/json": components["schemas"]["SearchRequest"];
            };
        };
        readonly responses: {
            /** @description One page of hits */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "results": [
                     *           {
                     *             "type": "tigertext:entity:account",
                     *             "organization_id": "exampleOrg0000000000aaaa",
                     *             "entity": {
                     *               "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *               "display_name": "Ada Lovelace"
                     *             }
                     *           }
                     *         ],
                     *         "metadata": {
                     *           "continuation": null,
                     *           "first_hit": 1,
                     *           "total_hits": 1
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly metadata?: {
                                /** @description Give back to get the next page */
                                readonly continuation?: string | null;
                                readonly first_hit?: number;
                                readonly total_hits?: number;
                            };
                            readonly results?: readonly components["schemas"]["SearchResult"][];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getServerStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Reachable; the shape of the body is unknown */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getMe: {
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
            /** @description The caller */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *         "display_name": "Grace Hopper",
                     *         "first_name": "Grace",
                     *         "last_name": "Hopper",
                     *         "username": "ghopper",
                     *         "status": "",
                     *         "dnd": false,
                     *         "organization_token": "exampleOrg0000000000aaaa",
                     *         "emails": [
                     *           {
                     *             "address": "grace@example.org",
                     *             "verified": true
                     *           }
                     *         ],
                     *         "phones": [
                     *           {
                     *             "number": "+13105550100",
                     *             "verified": true
                     *           }
                     *         ],
                     *         "metadata": {}
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["User"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly lookupUsersBulk: {
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
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "users": [
                 *         "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                 *         "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /**
                     * @description Sent in the body as well as in the query by 2.1.1
                     * @enum {string}
                     */
                    readonly render_metadata?: "true";
                    /** @description Tokens in every use seen; other addresses untested */
                    readonly users: readonly components["schemas"]["Address"][];
                };
            };
        };
        readonly responses: {
            /** @description A flat list of full account objects; match by token. Unknown tokens are left out (assumed). */
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
                     *           "token": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21",
                     *           "display_name": "Ada Lovelace",
                     *           "organization_key": "exampleOrg0000000000aaaa"
                     *         },
                     *         {
                     *           "token": "8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10",
                     *           "display_name": "Grace Hopper",
                     *           "organization_key": "exampleOrg0000000000aaaa"
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["User"][];
                        readonly status: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly lookupUser: {
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
            /** @description The account, short form */
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
                     *         "display_name": "Ada Lovelace"
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["UserLookup"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            /** @description Address does not resolve */
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly lookupOrCreateUser: {
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
                    /** @description Name for a new account; the SDK repeats the address */
                    readonly display_name?: string;
                    /** Format: email */
                    readonly email_address?: string;
                    readonly phone_number?: string;
                };
            };
        };
        readonly responses: {
            /** @description The account. That a missing account is created is inferred from the body fields. */
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
                        readonly reply: components["schemas"]["UserLookup"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description Not a usable address. The JavaScript SDK turns exactly this code into "no user"; 404 is an error to it (seen by running it). */
            readonly 400: components["responses"]["BadRequest"];
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getUser: {
        readonly parameters: {
            readonly query?: {
                /** @description Include the metadata map in each entity. */
                readonly render_metadata?: components["parameters"]["RenderMetadata"];
                readonly "TT-X-Organization-Key"?: components["schemas"]["OrgKey"];
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
            /** @description The account */
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
                     *         "display_name": "Ada Lovelace",
                     *         "first_name": "Ada",
                     *         "last_name": "Lovelace",
                     *         "status": "On call",
                     *         "title": "MD",
                     *         "department": "Cardiology",
                     *         "dnd": false,
                     *         "organization_key": "exampleOrg0000000000aaaa",
                     *         "avatar": "https://cdn.example.org/a.png",
                     *         "metadata": {}
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["User"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly listUserOrganizations: {
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
            /** @description All organizations */
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
                     *           "paid": true,
                     *           "pending": false,
                     *           "settings": [
                     *             {
                     *               "name": "ttl",
                     *               "value": 43200,
                     *               "source": "organization",
                     *               "locked": false
                     *             },
                     *             {
                     *               "name": "dor",
                     *               "value": false,
                     *               "source": "organization",
                     *               "locked": false
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: readonly components["schemas"]["Organization"][];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly getUserOrganization: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
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
                    readonly "application/json": {
                        readonly reply: components["schemas"]["Organization"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 404: components["responses"]["NotFound"];
        };
    };
    readonly updateUserOrganization: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "dnd": true,
                 *       "dnd_auto_forward_receiver": "f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21"
                 *     }
                 */
                readonly "application/json": {
                    readonly dnd?: boolean;
                    /** @description Token of the user who gets forwarded messages */
                    readonly dnd_auto_forward_receiver?: string;
                    readonly eula?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly leaveOrganization: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Left */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly deleteUserOrganizationSetting: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly organization_token: components["schemas"]["OrgKey"];
                readonly setting_name: string;
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cleared */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly listUserOrganizationRoles: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Any organization of the caller. The JavaScript SDK sends the literal word placeholder while it knows none; answer that like the others. */
                readonly organization_token: string;
                /** @description Token, e-mail address, phone number or login name; percent-encoded */
                readonly user_address: components["parameters"]["UserAddress"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Rights, one entry per organization or per product */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "roles": [
                     *           {
                     *             "organization": {
                     *               "organization_id": "exampleOrg0000000000aaaa",
                     *               "roles": [
                     *                 "admin"
                     *               ]
                     *             }
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly roles: readonly {
                                readonly organization?: {
                                    readonly organization_id?: components["schemas"]["OrgKey"];
                                    /** @description Words the SDK knows include admin, help_desk, feature_role_admin, team_admin, reporting */
                                    readonly roles?: readonly string[];
                                };
                                readonly product?: {
                                    readonly product_id?: string;
                                    readonly roles?: readonly string[];
                                };
                            }[];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly updateUserSettings: {
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
                 *       "dnd": true,
                 *       "dnd_text": "Back at six"
                 *     }
                 */
                readonly "application/json": components["schemas"]["UserSettings"];
                readonly "multipart/form-data": {
                    readonly avatar?: string;
                };
            };
        };
        readonly responses: {
            /** @description Changed; other streams of the user get account:settings and others an update event */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly wipeUser: {
        readonly parameters: {
            readonly query: {
                readonly token: components["schemas"]["Uuid"];
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                /** @example {} */
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthorized"];
            readonly 403: components["responses"]["Forbidden"];
        };
    };
    readonly createAttachmentTokens: {
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
                 *       "count": 20,
                 *       "expire_after_sec": 43200,
                 *       "expire_after_used_sec": 5
                 *     }
                 */
                readonly "application/json": {
                    readonly count?: number;
                    readonly expire_after_sec?: number;
                    readonly expire_after_used_sec?: number;
                };
            };
        };
        readonly responses: {
            /** @description Tokens */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "reply": {
                     *         "attachment_tokens": [
                     *           "t-0001"
                     *         ]
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: {
                            readonly attachment_tokens?: readonly string[];
                        };
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthorized"];
        };
    };
    readonly loginV5: {
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
            /** @description Logged in */
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
                     *           "condensed_replays": false,
                     *           "processing_events": false
                     *         }
                     *       }
                     *     }
                     */
                    readonly "application/json": {
                        readonly reply: components["schemas"]["LoginReply"];
                        readonly status?: components["schemas"]["StatusWord"];
                    };
                };
            };
            /** @description Bad credentials */
            readonly 401: {
                headers: {
                    /** @description How many tries are left before the account is locked */
                    readonly tt_login_attempts_left?: number;
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
    };
}
