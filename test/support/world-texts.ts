/** Ids and addresses of the demo world, valid and invalid, for arguments of random operations. */
import { basic } from './stack.ts';

export interface WorldTexts {
  readonly texts: readonly string[];
  readonly groupTokens: readonly string[];
}

export async function worldTexts(sandboxUrl: string): Promise<WorldTexts> {
  const read = async (path: string): Promise<string> => {
    const response = await fetch(`${sandboxUrl}${path}`, { headers: { authorization: basic('ada') } });
    return response.text();
  };
  const [roster, me] = await Promise.all([read('/v2/roster'), read('/v2/user')]);
  const tokens = [...new Set(`${roster}${me}`.match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g))];
  const groupTokens: string[] = [];
  for (const token of tokens) {
    const response = await fetch(`${sandboxUrl}/v2/group/${token}`, { headers: { authorization: basic('ada') } });
    if (response.ok) groupTokens.push(token);
  }
  const some = [...groupTokens, ...tokens.filter((token) => !groupTokens.includes(token)).slice(0, 8)];
  return {
    groupTokens,
    texts: [
      ...some,
      ...some.map((token) => `Group:${token}`),
      ...some.map((token) => `User:${token}`),
      ...some.slice(0, 3).map((token) => `Message:${token}`),
      'grace@example.org',
      'nobody@example.org',
      '+15550100',
      'ada',
      'care',
      '',
      'Group:',
      'x'.repeat(300),
      'Ünïcode \u{1f600}',
      '00000000-0000-4000-8000-000000000000',
    ],
  };
}
