import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buildConnector } from 'undici';
import { describe, expect, it } from 'vitest';
import { type ConnectionLoss, EventConnection } from '../../src/upstream/event-stream/connection.ts';

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
        connector: buildConnector({}),
        headers: {},
        openTimeoutMs: 300,
        idleTimeoutMs: 5_000,
        maxFrameLength: 1_000,
      },
      { onFrame: () => void frames++, onSkipped: () => {}, onLoss: (loss) => losses.push(loss) },
    );
    connection.pause();
    connection.open();
    connection.resume();
    await delay(600);
    expect(losses).toEqual([]);
    expect(frames).toBeGreaterThan(2);
    connection.end('replaced');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
