/** Objects that are made for every request or every row share a hidden class. */
import { describe, expect, it } from 'vitest';
import { anonymous } from '../../src/server/authentication/identity.ts';
import { identified } from '../../src/server/http/graphql/exchange.ts';
import { CancellationSource } from '../../src/upstream/cancellation.ts';
import { decodeConversation, withFlatMetadata } from '../../src/upstream/wire/conversation.ts';
import { shareHiddenClass } from '../support/hidden-class.ts';

/** The last two of many: the first few may differ while V8 learns what is made. */
function lastTwo<Made>(make: (index: number) => Made): [Made, Made] {
  for (let index = 0; index < 20; index++) make(index);
  return [make(20), make(21)];
}

function conversationRow(index: number) {
  return {
    conversation_id: `conversation-${index}`,
    organization_id: 'organization',
    unread_message_count: 0,
    unread_priority_message_count: 0,
    entity: { type: 'account', token: `user-${index}`, metadata: { floor: String(index) } },
    last_message: { message_id: `message-${index}`, sort_number: index },
  };
}

describe('hidden classes', () => {
  it('are shared by exchanges with an identity', () => {
    const [one, other] = lastTwo((index) =>
      identified({ requestId: String(index), cancellation: new CancellationSource(), address: '' }, anonymous),
    );
    expect(shareHiddenClass(one, other)).toBe(true);
  });

  it('are shared by entities with flat metadata', () => {
    const [one, other] = lastTwo((index) => withFlatMetadata(conversationRow(index).entity, 'organization'));
    expect(shareHiddenClass(one, other)).toBe(true);
  });

  it('are shared by the last messages of conversations', () => {
    const [one, other] = lastTwo((index) => decodeConversation(conversationRow(index)).lastMessage ?? {});
    expect(shareHiddenClass(one, other)).toBe(true);
  });
});
