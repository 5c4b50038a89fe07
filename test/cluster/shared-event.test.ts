import { expect, it } from 'vitest';
import { createSharedEvent, decodeContent } from '../../src/cluster/log/shared-event.ts';
import { GatewayError } from '../../src/errors.ts';
import type { ReceivedEvent } from '../../src/upstream/event-stream/decode-frame.ts';
import { decodeGroup } from '../../src/upstream/wire/group.ts';
import { decodeMessage } from '../../src/upstream/wire/message.ts';
import { decodeUser } from '../../src/upstream/wire/user.ts';

/** An own change as another replica reads it. */
function passedOn(event: ReceivedEvent['event']): ReceivedEvent['event'] | undefined {
  const received: ReceivedEvent = { id: 'sent-1', isStored: true, event, violatesContract: false };
  return decodeContent('e', createSharedEvent({ received, length: 1, receivedAt: 0 }, undefined).text ?? '')?.event;
}

const escalation = { display_name: 7 };
const message = decodeMessage({ message_id: 'm1', body: 'x', escalation });
const received = { type: 'MESSAGE_RECEIVED', message, isHistory: false, recipientStatuses: [] } as const;

it('a value that breaks the contract is an error for the other replicas too', () => {
  const passed = passedOn(received);
  expect(passed).toEqual(received);
  const error = passed?.type === 'MESSAGE_RECEIVED' ? passed.message.escalation : undefined;
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ code: 'UPSTREAM_INVALID', message: expect.stringContaining('Escalation') });
  const metadata = { feature_service: 'role', owners: 7 };
  for (const counterpart of [
    decodeGroup({ token: 'g1', escalation }),
    decodeUser({ token: 'r1', display_name: 'Cardiology', metadata }),
  ]) {
    const added = { type: 'ROSTER_CHANGED', change: 'ADDED', counterpart, organization: 'o1' } as const;
    expect(passedOn(added)).toEqual(added);
  }
});

it('texts of users that look like an error stay texts', () => {
  const metadata = { code: 'INTERNAL', message: 'x', error: 'y' };
  const counterpart = decodeGroup({ token: 'g1', name: 'error', metadata });
  const added = { type: 'ROSTER_CHANGED', change: 'ADDED', counterpart, organization: 'o1' } as const;
  expect(passedOn(added)).toEqual(added);
});
