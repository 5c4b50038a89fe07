/**
 * A device on v5 by the rules of EVENTS-v5.md: it reads the roster once and timelines when they are shown, and takes everything
 * else from its stream. Its state is compared with the sandbox's.
 */
import type { Sandbox } from '../../src/sandbox/server.ts';
import { type ConversationItem, type Device, rosterPages, signIn, timeline } from './sandbox-conversation.ts';
import { type EventPayload, openStream, type Stream } from './sandbox-stream.ts';

interface Known {
  unread: number;
  priority: number;
  last: string | null;
  muted: boolean;
  /** Ids of messages and notices, ascending; undefined until it is shown, and again after `friends` add. */
  items: string[] | undefined;
}

export interface CondensedClient extends AsyncDisposable {
  readonly device: Device;
  readonly conversations: ReadonlyMap<string, Known>;
  /** Opens the stream; what was missed comes first. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Reads the newest page of a timeline that is not known. */
  show(id: string): Promise<void>;
  /** Sends, and takes the message from the reply. @returns Its id. */
  send(id: string, body: string, more?: object): Promise<string>;
  /** Applies all events that came so far, and acknowledges them. */
  catchUp(): Promise<void>;
  /** The stream, to wait for a frame. */
  stream(): Stream;
}

const features = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata,vwr';

export const pageSize = 50;

export async function condensedClient(sandbox: Pick<Sandbox, 'url'>, name: string): Promise<CondensedClient> {
  const device = await signIn(sandbox, name);
  const conversations = new Map<string, Known>();
  let open: Stream | undefined;
  let applied = 0;

  const takeItem = (item: ConversationItem, items: string[] | undefined) => {
    conversations.set(item.conversation_id, {
      unread: item.unread_message_count,
      priority: item.unread_priority_message_count,
      last: item.last_message?.message_id ?? null,
      muted: item.muted !== null,
      items,
    });
  };
  const about = (payload: EventPayload): Known => {
    const known = conversations.get(payload.conversation_id);
    if (known === undefined) throw new Error(`an event about an unknown conversation: ${JSON.stringify(payload)}`);
    known.unread = payload.unread_message_count ?? known.unread;
    known.priority = payload.unread_priority_message_count ?? known.priority;
    return known;
  };
  const append = (known: Known, id: string) => {
    if (known.items?.includes(id) === true) throw new Error(`an item came twice: ${id}`);
    known.items?.push(id);
  };
  const apply: Record<string, (payload: EventPayload) => void> = {
    message: (payload) => {
      const known = about(payload);
      append(known, payload.client_id);
      known.last = payload.last_message?.message_id ?? null;
    },
    'message:status': (payload) => {
      const known = about(payload);
      if (payload.is_recalled !== true) return;
      known.items = known.items?.filter((id) => id !== payload.client_id);
      known.last = payload.last_message?.message_id ?? null;
    },
    // One about a group that the device has just made may come before the reply, and is lost.
    bang: (payload) => {
      if (conversations.has(payload.conversation_id)) append(about(payload), payload.bang_id);
    },
    friends: (payload) => {
      if (payload.action === 'del') conversations.delete(payload.conversation_id);
      // Content may be missing: the timeline is forgotten and read again when it is shown.
      else if (payload.action === 'add') takeItem(payload as unknown as ConversationItem, undefined);
      else takeItem(payload as unknown as ConversationItem, conversations.get(payload.conversation_id)?.items);
    },
    // The mute of a group that the caller has left can still be taken back.
    conversation_mute: (payload) => {
      if (conversations.has(payload.conversation_id)) about(payload).muted = payload.action === 'add';
    },
  };
  apply['group_message'] = (payload) => apply['message']?.(payload);
  apply['group:message:status'] = (payload) => apply['message:status']?.(payload);

  const stream = () => {
    if (open === undefined) throw new Error('not connected');
    return open;
  };
  const client: CondensedClient = {
    device,
    conversations,
    stream,
    connect: async () => {
      const { authorization } = device;
      open = await openStream(sandbox, name, { path: '/v5/events', features, authorization });
      applied = 0;
      await open.find('client_advisory', ({ advisory }) => advisory.name === 'replay_stop');
    },
    disconnect: async () => {
      await client.catchUp();
      await open?.[Symbol.asyncDispose]();
      open = undefined;
    },
    show: async (id) => {
      const known = conversations.get(id);
      if (known === undefined || known.items !== undefined) return;
      const { timeline: items } = await timeline(device, id, { max_items: pageSize });
      known.items = items.map(
        (item) => ('bang_id' in item ? item.bang_id : 'message_id' in item ? item.message_id : '') ?? '',
      );
    },
    send: async (id, body, more = {}) => {
      const answer = await device.post<ConversationItem>('/v5/message', { conversation_id: id, body, ...more });
      if (answer.status !== 200) throw new Error(`send: ${answer.status} ${answer.complaint}`);
      const sent = answer.reply.last_message?.message_id ?? '';
      await client.catchUp();
      const known = conversations.get(id);
      if (known === undefined) takeItem(answer.reply, undefined);
      else {
        append(known, sent);
        takeItem(answer.reply, known.items);
      }
      return sent;
    },
    catchUp: async () => {
      const frames = open?.frames.slice(applied) ?? [];
      applied += frames.length;
      for (const { type, payload } of frames) apply[type]?.(payload);
      const ids = frames.filter(({ type }) => type !== 'sse:heartbeat').map(({ id }) => id);
      if (ids.length > 0) await device.post('/v5/events/ack', { events: ids });
    },
    async [Symbol.asyncDispose]() {
      await open?.[Symbol.asyncDispose]();
    },
  };
  for (const page of await rosterPages(device)) for (const item of page) takeItem(item, undefined);
  return client;
}

/** What the sandbox answers now, in the same form; timelines only of those that the client has shown. */
export async function answered({ device, conversations }: CondensedClient): Promise<Map<string, Known>> {
  const now = new Map<string, Known>();
  for (const item of (await rosterPages(device)).flat()) {
    const known = conversations.get(item.conversation_id);
    const page =
      known?.items === undefined ? undefined : await timeline(device, item.conversation_id, { max_items: pageSize });
    now.set(item.conversation_id, {
      unread: item.unread_message_count,
      priority: item.unread_priority_message_count,
      last: item.last_message?.message_id ?? null,
      muted: item.muted !== null,
      items: page?.timeline.map(
        (each) => ('bang_id' in each ? each.bang_id : 'message_id' in each ? each.message_id : '') ?? '',
      ),
    });
  }
  return now;
}
