/** Names of people who are known by id only: those who type, and those who read. */

import type { ConversationStore } from 'tigerconnect-graphql/store';
import { type UserId, UsersDocument } from 'tigerconnect-graphql-documents';
import { Value } from './value.ts';

/** People that one call reads. */
const most = 50;

export class People {
  readonly names = new Value<Readonly<Record<string, string>>>({});
  readonly #asked = new Set<UserId>();

  constructor(private readonly run: ConversationStore['run']) {}

  /** Reads the names of those who were not asked for before. */
  async want(people: readonly UserId[]): Promise<void> {
    const ids = people.filter((id) => !this.#asked.has(id)).slice(0, most);
    for (const id of ids) this.#asked.add(id);
    if (ids.length === 0) return;
    const { users } = await this.run(UsersDocument, { ids }).catch(() => ({ users: [] }));
    const found = users?.flatMap((user) => (user?.displayName == null ? [] : [[user.id, user.displayName]])) ?? [];
    this.names.set({ ...this.names.current, ...Object.fromEntries(found) });
  }
}
