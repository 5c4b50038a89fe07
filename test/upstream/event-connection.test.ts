import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ConnectionLoss, EventConnection } from '../../src/upstream/event-stream/connection.ts';
import { createConnector } from '../../src/upstream/transport/http/connector.ts';
import { waitUntil } from '../support/wait.ts';

describe('a connection to the event stream', () => {
  it('that was paused while it was opened is watched for silence once, not also for its opening', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const beat = setInterval(() => response.write('data: {}\n\n'), 50);
      response.on('close', () => clearInterval(beat));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const losses: ConnectionLoss[] = [];
    let frames = 0;
    const connection = new EventConnection(
      {
        origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        connector: createConnector({ tls: undefined, timeoutMs: 10_000, proxy: undefined }),
        headers: {},
        openTimeoutMs: 1_500,
        idleTimeoutMs: 60_000,
        maxFrameLength: 1_000,
      },
      { onFrame: () => void frames++, onSkipped: () => {}, onLoss: (loss) => losses.push(loss) },
    );
    connection.pause();
    connection.open();
    connection.resume();
    // Beats of more than the bound of opening.
    await waitUntil(() => frames > 40 || losses.length > 0);
    expect(losses).toEqual([]);
    connection.end('replaced');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
