/** What is on the screen, kept in step with the live events of the signed-in person. It lives as long as the page. */
import * as documents from 'tigerconnect-graphql/documents';
import type { Client, OperationResult, OperationResultSource } from 'urql';
import { connect } from './client.ts';
import { forget, rememberMessage, type Session, storedMessageIds } from './session.ts';

type Message = documents.MessageBubbleFragment;
type Status = documents.DeliveryStatus;
export type Counterpart = documents.CounterpartCardFragment;

export interface Entry {
  /** Whole once the service has it. */
  readonly message: Pick<Message, 'id' | 'body' | 'createdAt'> & Partial<Message>;
  /** Global id of who or what the conversation is with. */
  readonly conversation: string;
  readonly isMine: boolean;
  /** How far one of mine got, by recipient. */
  readonly progress: Readonly<Record<string, Status>>;
  /** On its way, or what sends it again; undefined once the service has it. */
  readonly outgoing?: 'SENDING' | (() => void);
  /** When it was opened here, in milliseconds; what deletes on read goes a minute later. */
  readonly readAt?: number | undefined;
}

const rankOf = (status: Status | null | undefined) =>
  ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'].indexOf(status ?? 'NEW');
export const isUnread = ({ isMine, message }: Entry) => !isMine && rankOf(message.status) < rankOf('READ');
export const orderOf = ({ message }: Entry) => message.sortNumber ?? Date.parse(message.createdAt ?? '');

export class Desk {
  /** Whether events come as they happen. */
  isLive = false;
  counterparts: readonly Counterpart[] = [];
  /** What the people of the roster are in its organization, by their global id. */
  memberships: ReadonlyMap<string | undefined, documents.MembershipCardFragment | null> = new Map();
  readonly #client: Client;
  readonly #entries = new Map<string, Entry>();
  readonly #typingUntil = new Map<string, number>();

  constructor(
    readonly session: Session,
    private readonly onChange: () => void,
  ) {
    const { client, socket } = connect(session.authorization);
    this.#client = client;
    this.#follow(
      () => client.subscription(documents.EventsDocument, { acknowledge: 'MANUAL' }),
      ({ events }) => this.#apply(events),
    );
    this.#follow(
      () => client.subscription(documents.ConnectionStatusDocument, {}),
      ({ connectionStatus }) => this.#setLive(connectionStatus.state === 'LIVE'),
    );
    // Subscriptions outlive a lost connection and say nothing of it.
    socket.on('closed', () => this.#setLive(false));
    void this.#readMessages();
    setInterval(() => this.#letGo(), 1_000);
  }

  entriesWith({ id }: Counterpart): Entry[] {
    const entries = [...this.#entries.values()].filter(({ conversation }) => conversation === id);
    return entries.sort((one, other) => orderOf(one) - orderOf(other));
  }

  isTypingIn({ id }: Counterpart): boolean {
    return (this.#typingUntil.get(id) ?? 0) > Date.now();
  }

  tellTyping(recipient: string, isTyping: boolean): void {
    const document = isTyping ? documents.StartTypingDocument : documents.StopTypingDocument;
    void this.#client.mutation(document, { input: { recipient } }).toPromise();
  }

  /** Shown at once, and safe to repeat: the same key is stored once, whatever got lost on the way. */
  async send(input: documents.SendMessageInput, id: string = crypto.randomUUID()): Promise<void> {
    const message = { id, body: input.body ?? 'Attachment', createdAt: new Date().toISOString() };
    const entry = { message, conversation: input.recipient, isMine: true, progress: {} };
    this.#put({ ...entry, outgoing: 'SENDING' });
    const sending = this.#client.mutation(documents.SendMessageDocument, { input: { ...input, idempotencyKey: id } });
    const stored = (await sending).data?.sendMessage?.message;
    if (stored != null) this.#receive(stored);
    // Unless it has come back by itself meanwhile.
    else if (this.#entries.has(id)) this.#put({ ...entry, outgoing: () => void this.send(input, id) });
  }

  async recall(message: string): Promise<void> {
    const { error } = await this.#client.mutation(documents.RecallMessageDocument, { input: { message } });
    if (error === undefined) this.#letGo(message);
  }

  read(unread: readonly Entry[]): void {
    const readAt = Date.now();
    for (const entry of unread) this.#put({ ...entry, readAt, message: { ...entry.message, status: 'READ' } });
    this.#mark({ read: unread.map(({ message }) => message.id) });
  }

  async signOut(): Promise<void> {
    await this.#client.mutation(documents.SignOutDocument, {});
    forget();
  }

  /** Subscribes, and again whenever the subscription has ended. */
  #follow<Data>(subscription: () => OperationResultSource<OperationResult<Data>>, use: (data: Data) => void): void {
    subscription().subscribe(({ data, error, hasNext }) => {
      if (hasNext && data !== undefined) use(data);
      if (error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) forget();
      else if (!hasNext) setTimeout(() => this.#follow(subscription, use), 1_000);
    });
  }

  #apply(event: documents.EventDetailsFragment): void {
    const { me } = this.session;
    if (event.__typename === 'MessageReceived' && event.message !== null) {
      const { id, sender, status } = event.message;
      this.#receive(event.message, event.recipientStatuses);
      if (sender?.id !== me && status === 'NEW') this.#mark({ delivered: [id] });
    } else if (event.__typename === 'MessageStatusChanged' && event.message !== null && event.user !== null) {
      this.#progress(event.message.id, event.user.id, event.status);
    } else if (event.__typename === 'MessageRecalled') {
      this.#letGo(event.recalledMessageId);
    } else if (event.__typename === 'TypingChanged' && event.user !== null && event.user.id !== me) {
      this.#typingUntil.set(event.group?.id ?? event.user.id, event.isTyping ? Date.now() + 8_000 : 0);
      this.onChange();
    } else if (event.__typename === 'RosterChanged' || event.__typename === 'EntityChanged') {
      void this.#readRoster();
    }
    // Only now: had the page gone before, the event would come again.
    const input = { eventIds: [event.id] };
    const acknowledged = this.#client.mutation(documents.AcknowledgeEventsDocument, { input }).toPromise();
    if (event.__typename === 'RemoteWiped') void acknowledged.then(forget);
  }

  #receive(message: Message, statuses: documents.MessageProgressFragment['recipientStatuses'] = []): void {
    const known = this.#entries.get(message.id);
    const isMine = message.sender?.id === this.session.me;
    const conversation = message.group?.id ?? (isMine ? message.recipient?.id : message.sender?.id) ?? '';
    // One of mine may come back by itself before the answer to its sending, or without one.
    if (isMine) this.#entries.delete(message.idempotencyKey ?? '');
    else this.#typingUntil.delete(conversation);
    const readAt = known?.readAt ?? (message.status === 'READ' ? Date.now() : undefined);
    const progress = Object.fromEntries((statuses ?? []).map(({ user, status }) => [user?.id ?? '', status]));
    this.#put({ message, conversation, isMine, progress: { ...progress, ...known?.progress }, readAt });
    rememberMessage(message.id);
  }

  #progress(id: string, user: string, status: Status): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || rankOf(status) <= rankOf(entry.progress[user])) return;
    this.#put({ ...entry, progress: { ...entry.progress, [user]: status } });
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.message.id, entry);
    this.onChange();
  }

  /** Messages leave: recalled, expired, or read a minute ago and meant for one reading. */
  #letGo(recalled?: string): void {
    const now = Date.now();
    for (const [id, { message, isMine, readAt = now }] of this.#entries) {
      const isExpired = message.expiresAt != null && Date.parse(message.expiresAt) <= now;
      const isSpent = message.deleteOnRead === true && !isMine && readAt + 60_000 <= now;
      if (id === recalled || isExpired || isSpent) this.#entries.delete(id);
    }
    this.onChange();
  }

  #setLive(isLive: boolean): void {
    this.isLive = isLive;
    if (isLive) void this.#readRoster();
    this.onChange();
  }

  #mark(input: documents.UpdateMessageStatusInput): void {
    void this.#client.mutation(documents.UpdateMessageStatusDocument, { input }).toPromise();
  }

  async #readRoster(): Promise<void> {
    const { data } = await this.#client.query(documents.RosterDocument, {});
    const rows = data?.roster.entries?.nodes.flatMap((row) => row ?? []);
    if (rows !== undefined) {
      this.counterparts = rows.flatMap(({ counterpart }) => counterpart ?? []);
      this.memberships = new Map(rows.map(({ counterpart, membership }) => [counterpart?.id, membership]));
    }
    this.onChange();
  }

  /** After a reload: what was in view; what is gone by now stays away. */
  async #readMessages(): Promise<void> {
    const { data } = await this.#client.query(documents.MessagesDocument, { ids: storedMessageIds() });
    for (const message of data?.messages ?? []) if (message !== null) this.#receive(message, message.recipientStatuses);
  }
}

export type ConversationProps = { readonly desk: Desk; readonly counterpart: Counterpart };
