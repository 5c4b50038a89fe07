import { describe, expect, it } from 'vitest';
import { keeping, startStack } from '../support/stack.ts';

const everything = `{
  me { id displayName emails { address } organizations { name } }
  roster { entries { totalCount nodes { mutedUntil counterpart {
    ... on User { id displayName } ... on Group { id name members { nodes { displayName } } } ... on DistributionList { id }
  } } } }
}`;

describe('isolation', () => {
  it('answers the same operation of two credentials at the same time as if each were alone', async () => {
    await using stack = await startStack({ config: keeping });
    const people = ['ada', 'grace', 'alan', 'florence'];
    const alone = new Map<string, string>();
    for (const person of people) alone.set(person, (await stack.query(everything, {}, person)).text);
    expect(new Set(alone.values()).size).toBe(people.length);
    const asked = Array.from({ length: 80 }, (_, index) => people[index % people.length] ?? '');
    const answers = await Promise.all(asked.map(async (person) => (await stack.query(everything, {}, person)).text));
    for (const [index, person] of asked.entries()) expect(answers[index]).toBe(alone.get(person));
  });

  it('logs neither bodies, names, addresses nor credentials', async () => {
    await using stack = await startStack({ config: keeping });
    await stack.query(
      'mutation { sendMessage(input: { recipient: "grace@example.org", body: "canary-body-1" }) { message { id } } }',
    );
    await stack.query(
      'mutation { sendMessage(input: { recipient: "canary@", body: "canary-body-2" }) { message { id } } }',
    );
    await stack.query('{ user(id: "canary-user") { id } }');
    await stack.query(everything, {}, 'canary-key');
    const log = stack.logLines.join('');
    expect(log).not.toBe('');
    for (const secret of ['canary', 'Grace', 'Hopper', 'grace@example.org', 'YWRh', 'demo'])
      expect(log).not.toContain(secret);
  });
});
