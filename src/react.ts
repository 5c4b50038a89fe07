/** The package's `./react`: hooks over the store. React 18 or later. */
import { useEffect, useSyncExternalStore } from 'react';
import type { ConversationId } from './documents.ts';
import type { ConversationStore, ConversationView, StoreSnapshot, TimelineView } from './store/store.ts';

/**
 * A part of the store's snapshot; the component renders again when that part is another value.
 * @param select Selects an existing part of the snapshot. A value that is created on each call renders without end.
 */
export function useStore<Part>(store: ConversationStore, select: (snapshot: StoreSnapshot) => Part): Part {
  const get = () => select(store.getSnapshot());
  return useSyncExternalStore(store.subscribe, get, get);
}

/** The list of conversations, the one with the latest traffic first. */
export function useConversations(store: ConversationStore): readonly ConversationView[] {
  return useStore(store, ({ conversations }) => conversations);
}

/** One conversation of the list; undefined while it is not read, and when there is none. */
export function useConversation(store: ConversationStore, id: ConversationId): ConversationView | undefined {
  return useStore(store, ({ conversations }) => conversations.find((conversation) => conversation.id === id));
}

/** The items of a conversation, which stays open while the component is mounted. */
export function useTimeline(store: ConversationStore, id: ConversationId): TimelineView | undefined {
  useEffect(() => {
    store.open(id);
    return () => store.close(id);
  }, [store, id]);
  return useStore(store, ({ timelines }) => timelines[id]);
}
