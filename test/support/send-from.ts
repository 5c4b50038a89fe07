/** A request over a connection of its own from an address of this machine, such as 127.0.0.2. */
import { once } from 'node:events';
import { request } from 'node:http';

/** @returns The body of the response. */
export async function sendFrom(
  localAddress: string,
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<string> {
  const { method = 'GET', headers = {}, body } = options;
  const sent = request(url, { method, headers, localAddress, agent: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return Buffer.concat(await response.toArray()).toString();
}
