/** The conversation of a message that was sent, forwarded, sent again, or written as a role: that of the roster, in each place that shows it. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson, stackWithAda } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';

const owner = 'tigertext:message:role:owner';

describe('the conversation of a sent message', () => {
  const started = stackWithAda();
  let grace: DemoPerson;
  /** Token of a role that Ada is on duty for. */
  let role: string;
  beforeAll(async () => {
    grace = await demoPerson(started.stack, 'grace');
    const { nodes } = (await started.ada.ask('{ roles { nodes { token name } } }')).roles;
    role = present(nodes.find(({ name }: { name: string }) => name === 'Rapid response')).token;
  });

  const idWith = (token: string) => `Conversation:${token}:${hospital}`;
  const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { wasAlreadyStored conversation { id } message { id conversation { id } } } }`;
  const conversationOf = async (reader: DemoPerson, id: string) =>
    (await reader.ask('query ($id: ID!) { message(id: $id) { conversation { id } } }', { id })).message.conversation.id;

  it('is there when an earlier request with its key stored it', async () => {
    const input = { recipient: grace.id, body: 'x', idempotencyKey: randomUUID() };
    const { sendMessage: first } = await started.ada.ask(send, { input });
    const { sendMessage: second } = await started.ada.ask(send, { input });
    expect(second).toEqual({ ...first, wasAlreadyStored: true });
    expect(second.conversation.id).toBe(idWith(grace.token));
  });

  it.each(['message { id } ', ''])('is there after a forward to a recipient, beside {%s}', async (beside) => {
    const { message } = (await started.ada.ask(send, { input: { recipient: grace.id, body: 'x' } })).sendMessage;
    const { group } = (
      await started.ada.ask(
        `mutation { createGroup(input: { name: "Ward 4", members: ["${grace.id}"] }) { group { id token } } }`,
      )
    ).createGroup;
    const forward = `mutation ($input: ForwardMessageInput!) { forwardMessage(input: $input) { ${beside}conversation { id } } }`;
    for (const { id: recipient, token } of [grace, group]) {
      const { forwardMessage } = await started.ada.ask(forward, { input: { message: message.id, recipient } });
      expect(forwardMessage.conversation).toEqual({ id: idWith(token) });
    }
  });

  it('is that with the recipient for a user who wrote it as a role, and that with the role for the recipient', async () => {
    const { sendMessage: sent } = await started.ada.ask(send, {
      input: { recipient: grace.id, body: 'x', speakAs: role },
    });
    expect(sent.conversation).toEqual({ id: idWith(grace.token) });
    expect(sent.message.conversation).toEqual({ id: idWith(grace.token) });
    expect(await conversationOf(started.ada, sent.message.id)).toBe(idWith(grace.token));
    expect(await conversationOf(grace, sent.message.id)).toBe(idWith(role));
  });

  it('is that with a person who names the reader as the person behind the message', async () => {
    const payload = { token: started.ada.token, display_name: 'Ada Lovelace' };
    for (const recipient of [started.ada.id, `User:${role}`]) {
      const { sendMessage: sent } = await grace.ask(send, {
        input: { recipient, body: 'x', data: [{ namespace: owner, payload }] },
      });
      expect(await conversationOf(started.ada, sent.message.id)).toBe(idWith(grace.token));
    }
  });
});
