/** Messages of the Model Context Protocol on the wire, without its client. */
import { type PostAnswer, postText } from './http-post.ts';
import { basic } from './stack.ts';

/** @param body A message, or a text that is sent unchanged. */
export async function postMcp(url: string, body: unknown, headers: Record<string, string> = {}): Promise<PostAnswer> {
  const all = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    authorization: basic('ada'),
    ...headers,
  };
  return postText(`${url}/mcp`, all, typeof body === 'string' ? body : JSON.stringify(body));
}

export function toolCall(name: string, args: Readonly<Record<string, unknown>>): object {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
}
