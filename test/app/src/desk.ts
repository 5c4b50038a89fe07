/** What is on the screen, kept in step with the live events of the signed-in person. It lives as long as the page. */
import * as documents from 'tigerconnect-graphql-documents';
import type { Client, OperationResult, OperationResultSource } from 'urql';
import { connect } from './client.ts';
import { Duty, type Escalation } from './duty.ts';
import { forget, type Session } from './session.ts';
import { type Entry, isUnread, type Message, noticeEntry, orderOf, Thread } from './thread.ts';

export type Counterpart = NonNullable<documents.ConversationRowFragment['counterpart']>;
type Event = documents.ConversationEventsSubscription['events'];
/** A conversation whose other side can be read. */
export type Row = documents.ConversationRowFragment & { readonly counterpart: Counterpart };
type Outgoing = Omit<documents.SendMessageInput, 'conversation' | 'idempotencyKey'>;

export class Desk {
  /** Whether events come as they happen. */
  isLive = false;
  #wasLive = false;
  /** The newest message, for people who hear the page. */
  announcement = '';
  readonly duty: Duty;
  readonly #client: Client;
  #rows = new Map<string, Row>();
  /** Of the conversations that were opened; without history, of all. */
  readonly #threads = new Map<string, Thread>();
  readonly #typingUntil = new Map<string, number>();
  /** What is to be read again: ids of conversations, '' for all. */
  readonly #stale = new Set<string>();
  /** Events and messages that arrived: they are named together soon, as a browser makes six requests at a time. */
  #arrived = { eventIds: [] as string[], delivered: [] as string[] };
  /** What was last marked as read, and until when that need not be repeated. */
  #marked = { through: '', until: 0 };

  constructor(
    readonly session: Session,
    private readonly onChange: () => void,
  ) {
    const { client, socket } = connect(session.authorization);
    this.#client = client;
    this.duty = new Duty(client, onChange);
    this.#follow(
      () => client.subscription(documents.ConversationEventsDocument, { acknowledge: 'MANUAL' }),
      ({ events }) => this.#apply(events),
    );
    this.#follow(
      () => client.subscription(documents.ConnectionStatusDocument, {}),
      ({ connectionStatus }) => this.#setLive(connectionStatus.state === 'LIVE'),
    );
    // Subscriptions outlive a lost connection and say nothing of it.
    socket.on('closed', () => this.#setLive(false));
    void this.#readRows();
    setInterval(() => this.#letGo(), 1_000);
  }

  /** The conversations, that with the latest traffic first. */
  get rows(): Row[] {
    const orderIn = (row: Row) => orderOf(this.lastIn(row) ?? {}) || 0;
    return [...this.#rows.values()].toSorted((one, other) => orderIn(other) - orderIn(one));
  }

  /** The newest message, which the roster shows. */
  lastIn({ id, lastMessage }: Row): Partial<Omit<Message, 'attachments' | 'id'>> | undefined {
    const entries = this.#threads.get(id)?.sorted();
    const known = entries?.findLast(({ kind }) => kind !== 'NOTICE')?.message;
    const isGone = lastMessage?.expiresAt != null && Date.parse(lastMessage.expiresAt) <= Date.now();
    return known ?? (isGone ? undefined : (lastMessage ?? undefined));
  }

  /** Over all devices; without history, of what came since the page was loaded. */
  unreadIn({ id, unreadCount }: Row): number {
    return unreadCount ?? this.threadOf(id).sorted().filter(isUnread).length;
  }

  threadOf(id: string): Thread {
    const thread = this.#threads.get(id) ?? new Thread(id, this.session.me);
    this.#threads.set(id, thread);
    return thread;
  }

  isTypingIn({ id }: Row): boolean {
    return (this.#typingUntil.get(id) ?? 0) > Date.now();
  }

  /** Reads the history of the conversation in view, when it has one and has not been read; or the page before it. */
  async read(row: Row, isOlder = false): Promise<void> {
    const thread = this.threadOf(row.id);
    if (row.isHistoryAvailable !== true || !(isOlder ? thread.hasOlder : thread.isStale)) return;
    await thread.read(this.#client, this.unreadIn(row), isOlder);
    this.onChange();
  }

  tellTyping({ counterpart, organizationKey: organization }: Row, isTyping: boolean): void {
    const document = isTyping ? documents.StartTypingDocument : documents.StopTypingDocument;
    void this.#client.mutation(document, { input: { recipient: counterpart.id, organization } }).toPromise();
  }

  /** Shown at once, and safe to repeat: the same key is stored once, whatever got lost on the way. */
  async send(conversation: string, input: Outgoing, id: string = crypto.randomUUID()): Promise<void> {
    const thread = this.threadOf(conversation);
    const message = { id, body: input.body ?? 'Attachment', createdAt: new Date().toISOString() };
    const show = (outgoing: Entry['outgoing'] & {}) => thread.put({ message, kind: 'MINE', progress: {}, outgoing });
    show('SENDING');
    this.onChange();
    const variables = { input: { ...input, conversation, idempotencyKey: id } };
    const stored = (await this.#client.mutation(documents.SendMessageDocument, variables)).data?.sendMessage?.message;
    if (stored != null) thread.receive(stored);
    // Unless it has come back by itself.
    else if (thread.entries.has(id)) show(() => void this.send(conversation, input, id));
    this.onChange();
  }

  async recall(message: string): Promise<void> {
    const { error } = await this.#client.mutation(documents.RecallMessageDocument, { input: { message } });
    if (error === undefined) this.#letGo(message);
  }

  /** Marks what is in view as read: the conversation up to its newest message; without history, each message. */
  async markRead(row: Row): Promise<void> {
    const thread = this.threadOf(row.id);
    if (row.isHistoryAvailable !== false && !thread.isRead) return;
    const entries = thread.sorted();
    const unread = entries.filter(isUnread);
    const newest = entries.findLast(({ message }) => message.sortNumber != null)?.message;
    const through = `${newest?.sortNumber}`;
    const isMarked = this.#marked.through === row.id + through && Date.now() < this.#marked.until;
    if (newest === undefined || (unread.length === 0 && !row.unreadCount) || isMarked) return;
    this.#marked = { through: row.id + through, until: Date.now() + 5_000 };
    for (const entry of unread)
      thread.put({ ...entry, readAt: Date.now(), message: { ...entry.message, status: 'READ', isUnread: false } });
    if (row.isHistoryAvailable === false) return this.#mark({ read: unread.map(({ message }) => message.id) });
    const input = { conversation: row.id, status: 'READ', through } as const;
    const { data } = await this.#client.mutation(documents.MarkConversationDocument, { input });
    this.#change(data?.markConversation?.conversation);
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

  #apply(event: Event): void {
    const conversation = 'conversation' in event ? event.conversation?.id : undefined;
    switch (event.__typename) {
      case 'MessageReceived':
        if (event.message !== null) this.#receive(event.message, event);
        break;
      case 'MessageStatusChanged':
        this.#progress(event, conversation);
        break;
      case 'MessageRecalled':
        this.#letGo(event.recalledMessageId);
        if (conversation !== undefined) this.#readAgain(conversation);
        break;
      case 'ConversationNotice':
        if (conversation !== undefined) this.threadOf(conversation).put(noticeEntry(event));
        break;
      case 'TypingChanged':
        if (event.user?.id === this.session.me || conversation === undefined) break;
        this.#typingUntil.set(conversation, event.isTyping ? Date.now() + 8_000 : 0);
        break;
      case 'RosterChanged':
      case 'SubscriptionGap':
        // The history of each, or of all, may have changed unseen.
        for (const [id, thread] of this.#threads) thread.isStale ||= id === (conversation ?? id);
        this.#readAgain(conversation);
        break;
      case 'EscalationChanged':
        this.#escalated(event.changedEscalation);
        break;
      case 'UserPreferencesChanged':
      case 'OrganizationPreferencesChanged':
        if (this.duty.quickReplies !== undefined) void this.duty.readQuickReplies();
        break;
      case 'EntityChanged':
        if (this.duty.roles !== undefined) void this.duty.readRoles(); // one may have changed hands
        this.#readAgain(conversation);
        break;
      case 'MuteChanged':
        this.#readAgain(conversation);
    }
    this.onChange();
    // Only now: had the page gone before, the event would come again.
    const count = this.#arrived.eventIds.push(event.id);
    if (count === 1 || count === 500) setTimeout(() => this.#acknowledge(), count === 1 ? 200 : 0);
    if (event.__typename === 'RemoteWiped') void this.#acknowledge().then(forget);
  }

  async #acknowledge(): Promise<void> {
    const { eventIds, delivered } = this.#arrived;
    this.#arrived = { eventIds: [], delivered: [] };
    if (delivered.length > 0) void this.#mark({ delivered });
    await this.#client.mutation(documents.AcknowledgeEventsDocument, { input: { eventIds } });
  }

  #receive(message: documents.HistoryMessageFragment, event: Extract<Event, { __typename: 'MessageReceived' }>): void {
    const id = event.conversation?.id ?? '';
    const row = this.#rows.get(id);
    const { kind } = this.threadOf(id).receive(message, event.recipientStatuses);
    if (row === undefined) this.#readAgain(id);
    else this.#change({ ...event.conversation, id: row.id, lastMessage: message });
    if (kind === 'MINE') return;
    this.#typingUntil.delete(id);
    this.announcement = `${message.senderName ?? 'New message'}: ${message.body ?? 'Attachment'}`;
    if (message.status === 'NEW') this.#arrived.delivered.push(message.id);
  }

  /** On the message, and on its copy for the back-ups. */
  #escalated(escalation: Escalation | null): void {
    if (escalation === null) return;
    for (const thread of this.#threads.values()) {
      for (const entry of thread.sorted()) {
        const { message } = entry;
        const isAbout = message.id === escalation.message?.id;
        if (isAbout || message.escalation?.escalationId === escalation.escalationId)
          thread.put({ ...entry, message: { ...message, escalation } });
      }
    }
  }

  #progress(event: Extract<Event, { __typename: 'MessageStatusChanged' }>, conversation = ''): void {
    const { message, user, status } = event;
    if (message === null || user === null) return;
    // Read on another device of mine: the counts have changed.
    if (user.id === this.session.me) this.#readAgain(conversation);
    for (const thread of this.#threads.values()) if (thread.progress(message.id, user.id, status)) return;
  }

  #change(change: (Partial<documents.ConversationRowFragment> & { readonly id: string }) | null | undefined): void {
    const row = this.#rows.get(change?.id ?? '');
    if (row !== undefined) this.#rows.set(row.id, { ...row, ...change, counterpart: row.counterpart });
    this.onChange();
  }

  #letGo(recalled?: string): void {
    for (const thread of this.#threads.values()) thread.letGo(recalled);
    for (const { id, firstExpiringUnread: first } of this.#rows.values()) {
      if (first === null || Date.parse(first.expiresAt) > Date.now()) continue;
      this.#change({ id, firstExpiringUnread: null });
      this.#readAgain(id);
    }
    this.onChange();
  }

  #setLive(isLive: boolean): void {
    if (isLive && !this.isLive && this.#wasLive) this.#readAgain();
    this.isLive = isLive;
    this.#wasLive ||= isLive;
    this.onChange();
  }

  async #mark(input: documents.UpdateMessageStatusInput): Promise<void> {
    await this.#client.mutation(documents.UpdateMessageStatusDocument, { input });
  }

  /** Soon, so that many events cost one read. */
  #readAgain(id = ''): void {
    if (this.#stale.size === 0) setTimeout(() => this.#readStale(), 200);
    this.#stale.add(id);
  }

  async #readStale(): Promise<void> {
    const [id = '', ...others] = this.#stale;
    this.#stale.clear();
    if (id === '' || others.length > 0) return this.#readRows();
    const { data } = await this.#client.query(documents.ConversationDocument, { id });
    if (data?.conversation === null) this.#rows.delete(id);
    else this.#file(this.#rows, data?.conversation);
    this.onChange();
  }

  async #readRows(): Promise<void> {
    const found = new Map<string, Row>();
    for (let after: string | null | undefined = null; after !== undefined; ) {
      const variables: documents.ConversationsQueryVariables = { after };
      const { data } = await this.#client.query(documents.ConversationsDocument, variables);
      if (data?.conversations == null) return void setTimeout(() => this.#readAgain(), 3_000);
      const { nodes, pageInfo } = data.conversations;
      for (const node of nodes) this.#file(found, node);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
      // The first page is shown while others are read.
      this.#rows = after === undefined ? found : new Map([...this.#rows, ...found]);
      this.onChange();
    }
  }

  #file(rows: Map<string, Row>, row: documents.ConversationRowFragment | null | undefined): void {
    if (row?.counterpart != null) rows.set(row.id, { ...row, counterpart: row.counterpart });
  }
}

export type ConversationProps = { readonly desk: Desk; readonly row: Row };
