import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SendWindow } from '../../src/server/subscription/send-window.ts';
import { waitUntil } from '../support/wait.ts';

/** Takes every write a moment later, as a slow connection does. */
const slow = () => new Writable({ write: (_chunk, _encoding, done) => void setTimeout(done, 1) });

describe('the send window of a connection', () => {
  it('serves waiting senders in turn, however much one of them sends', async () => {
    const writable = slow();
    const sendWindow = new SendWindow({ writable, connection: writable, isOpen: () => true });
    const sent: string[] = [];
    const sender = (name: string, bytes: number) => {
      const send = () => {
        if (sendWindow.availableBytes > 0) {
          sendWindow.send(Buffer.alloc(bytes), () => {});
          sent.push(name);
        }
        sendWindow.onceWritable(send);
      };
      return send;
    };
    // The first one fills the whole window each time.
    sender('flood', 65_536)();
    sendWindow.onceWritable(sender('drop', 100));
    await waitUntil(() => sent.length >= 20);
    expect(sent.filter((name) => name === 'drop').length).toBeGreaterThanOrEqual(9);
    writable.destroy();
  });
});
