/** Names of people known by id only: typing people, and readers of messages. */

import type { ConversationStore } from 'tigerconnect-graphql/store';
import { type UserId, UsersDocument } from 'tigerconnect-graphql-documents';
import { Value } from './value.ts';

/** People that one call reads. */
const most = 50;

export class People {
  readonly names = new Value<Readonly<Record<string, string>>>({});
  readonly #requested = new Set<UserId>();

  constructor(private readonly run: ConversationStore['run']) {}

  /** Reads the names that were not requested before. */
  async want(people: readonly UserId[]): Promise<void> {
    const ids = people.filter((id) => !this.#requested.has(id)).slice(0, most);
    for (const id of ids) this.#requested.add(id);
    if (ids.length === 0) return;
    const { users } = await this.run(UsersDocument, { ids }).catch(() => ({ users: [] }));
    const found = users?.flatMap((user) => (user?.displayName == null ? [] : [[user.id, user.displayName]])) ?? [];
    this.names.set({ ...this.names.current, ...Object.fromEntries(found) });
  }
}
