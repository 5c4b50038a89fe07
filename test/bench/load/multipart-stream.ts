/** A client with one subscription over multipart HTTP that only receives. */
import { connect, type Socket } from 'node:net';

export class MultipartStream {
  readonly #socket: Socket;
  readonly #ready: Promise<void>;

  constructor({ url, authorization, query }: { url: string; authorization: string; query: string }) {
    const { hostname, port, pathname } = new URL(url);
    const body = JSON.stringify({ query });
    this.#socket = connect({ host: hostname, port: Number(port) });
    this.#socket.write(
      [
        `POST ${pathname} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        'Accept: multipart/mixed;subscriptionSpec=1.0, application/json',
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `Authorization: ${authorization}`,
        '',
        body,
      ].join('\r\n'),
    );
    this.#ready = new Promise((resolve, reject) => {
      this.#socket.once('data', (data) => {
        const [status = ''] = data.toString('latin1').split('\r\n', 1);
        if (status.includes(' 200 ')) resolve();
        else reject(new Error(status));
      });
      this.#socket.once('error', reject);
      this.#socket.once('close', () => reject(new Error('the server closed the connection')));
    });
  }

  /** Settles when the response has begun. */
  ready(): Promise<void> {
    return this.#ready;
  }

  close(): void {
    this.#socket.destroy();
  }
}
