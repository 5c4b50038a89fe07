import { describe, expect, it } from 'vitest';
import { overWebSocket } from '../support/live-subscription.ts';
import { startStack } from '../support/stack.ts';
import { countFromHere, waitUntil } from '../support/wait.ts';

const live = 'subscription { messageReceived { message { body sender { displayName department } } } }';

interface Received {
  readonly messageReceived: {
    readonly message: { readonly body: string; readonly sender: { readonly displayName: string } };
  };
}

describe('equal subscriptions of one credential', () => {
  it('share the reads each event needs, and nothing with another credential', async () => {
    await using stack = await startStack();
    await using first = overWebSocket<Received>(stack.gateway, live, { as: 'alan' });
    await using second = overWebSocket<Received>(stack.gateway, live, { as: 'alan' });
    await using other = overWebSocket<Received>(stack.gateway, live, { as: 'grace' });
    const bodies = async (subscription: typeof first, wanted: string) => {
      let result = await subscription.next();
      while (result.data?.messageReceived.message.body !== wanted) result = await subscription.next();
      return result;
    };
    const send = (recipient: string, body: string) =>
      stack.query(
        'mutation ($recipient: ID!, $body: String!) { sendMessage(input: { recipient: $recipient, body: $body }) { message { id } } }',
        { recipient, body },
      );
    await send('alan@example.org', 'warm');
    await send('grace@example.org', 'warm');
    await Promise.all([bodies(first, 'warm'), bodies(second, 'warm'), bodies(other, 'warm')]);
    await countFromHere(stack);

    await send('alan@example.org', 'for Alan');
    const [a, b] = await Promise.all([bodies(first, 'for Alan'), bodies(second, 'for Alan')]);
    expect(a).toEqual(b);
    expect(a.data?.messageReceived.message.sender.displayName).toBe('Ada Lovelace');
    await waitUntil(() => stack.sandbox.requests.count('getUser', 'alan') > 0);
    expect(stack.sandbox.requests.count('getUser', 'alan')).toBe(1);
    expect(stack.sandbox.requests.count('getUser', 'grace')).toBe(0);
  });

  it('still get the event when the subscriber whose execution they share disconnects', async () => {
    await using stack = await startStack();
    const first = overWebSocket<Received>(stack.gateway, live, { as: 'alan' });
    await using second = overWebSocket<Received>(stack.gateway, live, { as: 'alan' });
    await waitUntil(() => stack.sandbox.requests.count('createEvents', 'alan') === 1);
    const sent = stack.query(
      'mutation { sendMessage(input: { recipient: "alan@example.org", body: "stay" }) { message { id } } }',
    );
    await first.close();
    await sent;
    let result = await second.next();
    while (result.data?.messageReceived.message.body !== 'stay') result = await second.next();
    expect(result.errors).toBeUndefined();
    expect(result.data?.messageReceived.message.sender.displayName).toBe('Ada Lovelace');
  });
});
