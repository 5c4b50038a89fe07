/** What the page holds of the signed-in person: the store of conversations, and what only this page needs. */

import {
  type ConversationStore,
  type ConversationView,
  createStore,
  type StoreEvent,
} from 'tigerconnect-graphql/store';
import { type ConversationRowFragment, SignOutDocument } from 'tigerconnect-graphql-documents';
import { connect } from './client.ts';
import { Duty } from './duty.ts';
import { forget, type Session } from './session.ts';
import { Value } from './value.ts';

type Counterpart = NonNullable<ConversationRowFragment['counterpart']>;
/** A conversation whose other side can be read. */
export type Row = ConversationView & { readonly counterpart: Counterpart };

export const isReadable = (row: ConversationView): row is Row => row.counterpart !== null;

export class Messenger {
  readonly store: ConversationStore;
  readonly duty: Duty;
  /** The newest message, for people who hear the page. */
  readonly announcement = new Value('');

  constructor(readonly session: Session) {
    this.store = createStore({
      me: session.me,
      client: connect(session.authorization),
      storage: sessionStorage,
      // What is beyond is dropped, and read again on the way back.
      bounds: { maxItems: 3_000 },
      onEvent: (event) => this.#heard(event),
    });
    this.duty = new Duty((document, variables) => this.store.run(document, variables));
    this.store.subscribe(() => this.store.getSnapshot().connection === 'SIGNED_OUT' && forget());
  }

  async signOut(): Promise<void> {
    await this.store.run(SignOutDocument, {});
    forget();
  }

  #heard(event: StoreEvent): void {
    const { duty, session } = this;
    switch (event.__typename) {
      case 'MessageReceived':
        if (event.message === null || event.message.sender?.id === session.me) break;
        this.announcement.set(`${event.message.senderName ?? 'New message'}: ${event.message.body ?? 'Attachment'}`);
        break;
      case 'UserPreferencesChanged':
      case 'OrganizationPreferencesChanged':
        if (duty.quickReplies.current !== undefined) void duty.readQuickReplies();
        break;
      // A role may have changed hands.
      case 'EntityChanged':
        if (duty.roles.current !== undefined) void duty.readRoles();
    }
  }
}
