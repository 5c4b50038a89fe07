/** Objects that are made for every request or every row share a hidden class. */
import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../src/schema/conversation/timeline.ts';
import { attachmentsOf } from '../../src/schema/message/attachment.ts';
import { anonymous } from '../../src/server/authentication/identity.ts';
import { identified } from '../../src/server/http/graphql/exchange.ts';
import { CancellationSource } from '../../src/upstream/cancellation.ts';
import { decodeConversation, withFlatMetadata } from '../../src/upstream/wire/conversation.ts';
import { decodeMessage } from '../../src/upstream/wire/message.ts';
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

const key = { organization: 'organization', counterpart: 'user-1' };

function messageRow(index: number) {
  return {
    client_id: `message-${index}`,
    body: 'text',
    is_unread: index % 2 === 0,
    conversation_id: 'conversation',
    attachment_name: `file-${index}`,
    attachments: [{ 'content-type': 'text/plain', size: index }],
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

  it('are shared by the messages of a timeline', () => {
    const [one, other] = lastTwo((index) => nodeOf(decodeMessage(messageRow(index)), { key }));
    expect(one).toMatchObject({ conversation: key, token: 'message-20', body: 'text' });
    expect(shareHiddenClass(one, other)).toBe(true);
  });

  it('are shared by the attachments of messages', () => {
    const [one, other] = lastTwo((index) => attachmentsOf(decodeMessage(messageRow(index)))[0] ?? {});
    expect(one).toEqual({ message: 'message-20', fileName: 'file-20', contentType: 'text/plain', size: 20 });
    expect(shareHiddenClass(one, other)).toBe(true);
  });

  it('are shared by the last messages of conversations', () => {
    const [one, other] = lastTwo((index) => decodeConversation(conversationRow(index)).lastMessage ?? {});
    expect(shareHiddenClass(one, other)).toBe(true);
  });
});
