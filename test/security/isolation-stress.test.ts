import { describe, expect, it } from 'vitest';
import { addAccount, createMembership } from '../../src/sandbox/state/account.ts';
import { createPortalSession } from '../../src/sandbox/state/sessions.ts';
import type { World } from '../../src/sandbox/state/world.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { present } from '../support/present.ts';
import { randomNumbers } from '../support/random-operation.ts';
import { openAcknowledged, type RawSocket } from '../support/raw-socket.ts';
import { keeping, post, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const callers = 100;
const operations = fuzzRuns(6_000);
const house = 'house';
const nameOf = (caller: number) => `caller${caller}`;
const tokenOf = (caller: number) => `00000000-0000-4000-8000-${String(caller).padStart(12, '0')}`;

/** A hundred people, each with a secret of their own, who all see each other. */
function seed(world: World): void {
  world.organizations.set(house, { key: house, name: 'House', ttl: 1440, deleteOnRead: false, allowForward: true });
  for (let caller = 0; caller < callers; caller++) {
    const membership = createMembership(house, { metadata: { secret: `secret-${caller}-` } });
    const account = addAccount(world, {
      token: tokenOf(caller),
      displayName: nameOf(caller),
      firstName: nameOf(caller),
      lastName: '',
      username: nameOf(caller),
      emails: [`${nameOf(caller)}@example.org`],
      phones: [],
      avatar: null,
      status: '',
      defaultOrganization: house,
      memberships: new Map([[house, membership]]),
      kind: 'person',
      owners: [],
      failedLogins: 0,
    });
    createPortalSession(world, account);
  }
}

/** Every text in it that belongs to another user. A message belongs to its sender and its recipient. */
function foreign(text: string, caller: number): string[] {
  const secrets = [...text.matchAll(/secret-(\d+)-/g)].filter(([, owner]) => Number(owner) !== caller);
  const bodies = [...text.matchAll(/body-(\d+)-(\d+)-\d+-/g)].filter(
    ([, sender, recipient]) => Number(sender) !== caller && Number(recipient) !== caller,
  );
  return [...secrets, ...bodies].map(([found]) => found);
}

describe('a hundred callers at once', () => {
  it(
    'never see a byte of one another, in thousands of operations and events over every transport',
    async () => {
      await using stack = await startStack({
        sandbox: { seed },
        config: {
          ...keeping,
          logLevel: 'silent',
          upstreamConnections: 64,
          streamLingerMs: 50,
          shutdownTimeoutMs: 5_000,
          // A busy machine makes the first operations of a hundred callers last longer than a call may by default.
          upstreamTimeoutMs: 120_000,
          operationTimeoutMs: 120_000,
        },
      });
      const { url } = stack.gateway;
      const random = randomNumbers(fuzzSeed(20261122));
      const anyone = () => Math.floor(random() * callers);
      const messages: string[] = [];
      const leaks: string[] = [];
      let answered = 0;
      let events = 0;
      let sent = 0;
      const see = (text: string, caller: number) =>
        leaks.push(...foreign(text, caller).map((found) => `${caller}: ${found}`));

      // The same texts from everyone, so that whatever is kept by text would be found here.
      const read =
        '{ me { token displayName metadata { value } } roster { entries(first: 20) { nodes { counterpart { ... on User { displayName } } } } } }';
      const readMessages =
        'query ($ids: [ID!]!) { me { token } messages(ids: $ids) { body sender { displayName } recipientStatuses { status } } }';
      const send =
        'mutation ($to: ID!, $body: String!) { sendMessage(input: { recipient: $to, body: $body }) { message { id body } } }';
      const subscribe =
        'subscription { events { __typename ... on MessageReceived { message { body sender { displayName } } } ... on MessageStatusChanged { message { id body } } } }';

      const sockets = new Map<number, RawSocket>();
      async function listen(caller: number): Promise<void> {
        const socket = await openAcknowledged(url, nameOf(caller));
        let seen = 0;
        socket.socket.on('message', () => {
          for (; seen < socket.messages.length; seen++) {
            const message = socket.messages[seen];
            if (message?.type === 'next') events++;
            see(JSON.stringify(message), caller);
          }
        });
        socket.send({ type: 'subscribe', id: 'events', payload: { query: subscribe } });
        sockets.set(caller, socket);
      }

      async function act(): Promise<void> {
        const caller = anyone();
        const roll = random();
        if (roll < 0.04) {
          const socket = sockets.get(caller);
          sockets.delete(caller);
          if (socket === undefined) await listen(caller);
          else socket.socket.terminate();
          return;
        }
        const ids = Array.from({ length: 3 }, () => messages[Math.floor(random() * messages.length)]).filter(
          (id) => id !== undefined,
        );
        const recipient = anyone();
        const operation =
          roll < 0.4
            ? { query: read }
            : roll < 0.6
              ? { query: readMessages, variables: { ids } }
              : { query: send, variables: { to: tokenOf(recipient), body: `body-${caller}-${recipient}-${sent++}-` } };
        const socket = sockets.get(caller);
        if (socket !== undefined && roll > 0.5 && roll < 0.55) {
          const id = `q${answered}-${roll}`;
          socket.send({ type: 'subscribe', id, payload: operation });
          answered++;
          return;
        }
        const { text, data, errors } = await post(url, operation, nameOf(caller));
        see(text, caller);
        if (operation.query !== readMessages) expect(errors, text).toBeUndefined();
        if (operation.query !== send) expect(present(data).me?.token, text).toBe(tokenOf(caller));
        else messages.push(present(data).sendMessage.message.id);
        answered++;
      }

      for (let caller = 0; caller < callers; caller += 2) await listen(caller);
      let begun = 0;
      const work = async () => {
        while (begun++ < operations) await act();
      };
      await Promise.all(Array.from({ length: 48 }, work));
      await waitUntil(() => events > operations / 4);

      expect(leaks).toEqual([]);
      expect(answered + events).toBeGreaterThan((operations / 6_000) * 9_999);
      expect(answered).toBeGreaterThan(operations * 0.9);
      expect(messages.length).toBeGreaterThan(operations / 6);
      for (const socket of sockets.values()) socket.socket.terminate();
    },
    Math.max(300_000, 20 * operations),
  );

  it('would be detected if they did', () => {
    expect(foreign('{"value":"secret-4-"} body-1-2-77- body-3-4-5-', 4)).toEqual(['body-1-2-77-']);
    expect(foreign('secret-4-', 5)).toEqual(['secret-4-']);
  });
});
