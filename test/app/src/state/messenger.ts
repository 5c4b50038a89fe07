/** State of the signed-in person: the store of conversations, and values that only this page needs. */

import {
  type ConversationStore,
  type ConversationView,
  createStore,
  type Outgoing,
  type StoreEvent,
} from 'tigerconnect-graphql/store';
import type { ConversationRowFragment } from 'tigerconnect-graphql-documents';
import { t } from '../texts.ts';
import { connect } from './client.ts';
import { Duty } from './duty.ts';
import { People } from './people.ts';
import { forget, type Session } from './session.ts';
import { Value } from './value.ts';

/** A conversation whose other side can be read. */
export type Row = ConversationView & { readonly counterpart: NonNullable<ConversationRowFragment['counterpart']> };

export const isReadable = (row: ConversationView): row is Row => row.counterpart !== null;

export class Messenger {
  readonly store: ConversationStore;
  /** Runs a document as the person. */
  readonly run: ConversationStore['run'] = (document, variables) => this.store.run(document, variables);
  readonly duty = new Duty(this.run);
  readonly people = new People(this.run);
  /** What is written and not sent, by conversation; never stored. */
  readonly drafts = new Value<Readonly<Record<string, Outgoing>>>({});
  /** Parts of files that are on their way, 0 to 1, by the key of their message. */
  readonly uploads = new Value<Readonly<Record<string, number>>>({});
  /** What happened last, for people who hear the page. */
  readonly announcement = new Value('');

  constructor(readonly session: Session) {
    this.store = createStore({
      me: session.me,
      client: connect(session.authorization, (key, part) => this.uploads.set({ ...this.uploads.current, [key]: part })),
      storage: sessionStorage,
      // What is beyond is dropped, and read again on the way back.
      bounds: { maxItems: 3_000 },
      onEvent: (event) => this.#heard(event),
    });
    this.store.subscribe(() => this.store.getSnapshot().connection === 'SIGNED_OUT' && forget());
  }

  #heard(event: StoreEvent): void {
    const { duty, session } = this;
    switch (event.__typename) {
      case 'MessageReceived': {
        const { sender = null, senderName = null, body = null } = event.message ?? {};
        if (sender?.id !== session.me)
          this.announcement.set(t.arrived(senderName ?? t.newMessage, body ?? t.attachment));
        break;
      }
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
