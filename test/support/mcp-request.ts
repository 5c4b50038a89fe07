/** Messages of the Model Context Protocol on the wire, without its client. */
import { basic } from './stack.ts';

export interface McpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** @param body A message, or a text that is sent unchanged. */
export async function postMcp(url: string, body: unknown, headers: Record<string, string> = {}): Promise<McpAnswer> {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      authorization: basic('ada'),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export function toolCall(name: string, args: Readonly<Record<string, unknown>>): object {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
}
