/** Files through the gateway and through a plain streaming proxy, in both directions. */
import { Pool } from 'undici';
import { Child, cores, script, subjectNode } from '../processes.ts';
import { authorizationOf } from '../queries.ts';
import { median } from '../statistics.ts';
import { startGateway } from '../subjects/gateway.ts';
import type { StandIn } from '../upstream/stand-in.ts';
import { messageTokens, otherTokens } from '../upstream/world.ts';

export interface Transfer {
  readonly direction: 'upload' | 'download';
  readonly through: 'gateway' | 'proxy';
  readonly mibPerSecond: number;
}

const fileBytes = 8 * 1024 * 1024;
const atOnce = 4;
const boundary = 'bench-7d1f';
const [messageToken = ''] = messageTokens;

function part(name: string, body: Buffer | string, more = ''): Buffer[] {
  return [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
    Buffer.from(body as string),
    Buffer.from('\r\n'),
  ];
}

const file = part('0', Buffer.alloc(fileBytes, 'x'), '; filename="scan.bin"\r\nContent-Type: application/octet-stream');
const end = Buffer.from(`--${boundary}--\r\n`);
const graphqlUpload = Buffer.concat([
  ...part(
    'operations',
    JSON.stringify({
      query: 'mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { token } } }',
      variables: { input: { recipient: otherTokens[0], body: 'scan', attachment: null } },
    }),
  ),
  ...part('map', JSON.stringify({ '0': ['variables.input.attachment'] })),
  ...file,
  end,
]);
const plainUpload = Buffer.concat([...part('recipient', otherTokens[0] ?? ''), ...file, end]);

interface Way {
  readonly through: Transfer['through'];
  readonly origin: string;
  readonly uploadPath: string;
  readonly uploadBody: Buffer;
  readonly downloadPath: string;
}

async function timed(files: number, move: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let begun = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (begun++ < files) await move();
    }),
  );
  return (files * fileBytes) / 2 ** 20 / ((performance.now() - startedAt) / 1000);
}

function movers(way: Way, pool: Pool): Record<Transfer['direction'], () => Promise<void>> {
  const authorization = authorizationOf(0);
  return {
    async upload() {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: way.uploadPath,
        headers: {
          authorization,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'apollo-require-preflight': 'true',
        },
        body: way.uploadBody,
      });
      const text = await body.text();
      if (statusCode !== 200 || !text.includes(messageToken)) throw new Error(`upload: ${statusCode} ${text}`);
    },
    async download() {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: way.downloadPath,
        headers: { authorization },
      });
      let bytes = 0;
      for await (const chunk of body) bytes += (chunk as Buffer).length;
      if (statusCode !== 200 || bytes !== fileBytes) throw new Error(`download: ${statusCode}, ${bytes} bytes`);
    },
  };
}

export async function measureTransfer(
  upstream: StandIn,
  options: { readonly rounds: number; readonly files: number },
): Promise<Transfer[]> {
  const gateway = await startGateway({ upstreamUrl: upstream.url });
  const proxy = new Child({
    core: cores.subject,
    ...script('./peers/proxy.ts', subjectNode()),
    env: { UPSTREAM_URL: upstream.url },
    channel: true,
  });
  const ways: Way[] = [
    {
      through: 'gateway',
      origin: gateway.origin,
      uploadPath: '/graphql',
      uploadBody: graphqlUpload,
      downloadPath: `/attachments/${messageToken}/1`,
    },
    {
      through: 'proxy',
      origin: String(await proxy.ready()),
      uploadPath: '/v2/message',
      uploadBody: plainUpload,
      downloadPath: `/v2/message/${messageToken}/attachment/1`,
    },
  ];
  const results: Transfer[] = [];
  for (const direction of ['upload', 'download'] as const) {
    const rates = new Map<Way, number[]>(ways.map((way) => [way, []]));
    for (let round = 0; round <= options.rounds; round++) {
      for (const way of ways) {
        const pool = new Pool(way.origin, { connections: atOnce });
        const rate = await timed(options.files, movers(way, pool)[direction]);
        // The first round only warms up.
        if (round > 0) rates.get(way)?.push(rate);
        await pool.close();
      }
    }
    for (const way of ways)
      results.push({ direction, through: way.through, mibPerSecond: median(rates.get(way) ?? []) });
  }
  await gateway.subject.stop();
  await proxy.stop();
  return results;
}
