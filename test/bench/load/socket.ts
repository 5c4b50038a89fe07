/** A WebSocket client that only counts: frames are stepped over, not decoded, so that it can take what two servers send. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface SocketOptions {
  readonly url: string;
  readonly authorization: string;
  /** Undefined: a bare bridge, which needs no protocol beyond the connection. */
  readonly query: string | undefined;
  /** Look into one delivery in so many for the moment it left; 0 for none. */
  readonly sampleEvery: number;
}

const marker = Buffer.from('"at:');
const acknowledged = Buffer.from('connection_ack');
const empty = Buffer.alloc(0);

function nowMicros(): number {
  return Math.floor(Number(process.hrtime.bigint()) / 1000);
}

/** RFC 6455, 5.2: clients mask what they send; a mask of zeros leaves it as it is. */
function textFrame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

export class CountingSocket {
  deliveries = 0;
  readonly latenciesMs: number[] = [];
  readonly #options: SocketOptions;
  readonly #socket: Socket;
  readonly #ready: Promise<void>;
  #settle: { resolve(): void; reject(error: Error): void } | undefined;
  #pending: Buffer = empty;
  #state: 'handshake' | 'greeting' | 'open' = 'handshake';
  /** The last thing that was not a delivery, for complaints. */
  #isClosing = false;

  constructor(options: SocketOptions) {
    this.#options = options;
    const { hostname, port, pathname } = new URL(options.url);
    this.#ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#socket = connect({ host: hostname, port: Number(port) }, () => {
      this.#socket.write(
        [
          `GET ${pathname} HTTP/1.1`,
          `Host: ${hostname}:${port}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
          ...(options.query === undefined ? [] : ['Sec-WebSocket-Protocol: graphql-transport-ws']),
          `Authorization: ${options.authorization}`,
          '\r\n',
        ].join('\r\n'),
      );
    });
    this.#socket.setNoDelay(true);
    // No encoding is set: it is never text.
    this.#socket.on('data', (data) => this.#take(data as Buffer));
    this.#socket.on('error', (error) => this.#settle?.reject(error));
    this.#socket.on('close', () => {
      this.#settle?.reject(new Error('the server closed the socket'));
      if (!this.#isClosing && this.#state === 'open') process.stderr.write('a subscriber was cut off\n');
    });
  }

  /** Settles when the subscription was sent, or the bare connection is open. */
  ready(): Promise<void> {
    return this.#ready;
  }

  close(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    let bytes = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
    if (this.#state === 'handshake') {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#pending = bytes;
        return;
      }
      if (!bytes.toString('latin1', 0, 12).endsWith('101')) {
        this.#settle?.reject(new Error('no upgrade'));
        return;
      }
      bytes = bytes.subarray(end + 4);
      this.#upgraded();
    }
    let position = 0;
    for (;;) {
      const left = bytes.length - position;
      if (left < 2) break;
      const opcode = (bytes[position] ?? 0) & 15;
      let length = (bytes[position + 1] ?? 0) & 127;
      let head = 2;
      if (length === 126) {
        if (left < 4) break;
        length = bytes.readUInt16BE(position + 2);
        head = 4;
      } else if (length === 127) {
        if (left < 10) break;
        length = Number(bytes.readBigUInt64BE(position + 2));
        head = 10;
      }
      if (left < head + length) break;
      this.#frame(opcode, bytes.subarray(position + head, position + head + length));
      position += head + length;
    }
    this.#pending = position === bytes.length ? empty : bytes.subarray(position);
  }

  #upgraded(): void {
    const { query } = this.#options;
    if (query === undefined) {
      this.#state = 'open';
      this.#settle?.resolve();
      return;
    }
    this.#state = 'greeting';
    this.#send({ type: 'connection_init', payload: { authorization: this.#options.authorization } });
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === 9) {
      this.#socket.write(textFrame(10, payload));
      return;
    }
    if (opcode !== 1) return;
    if (this.#state === 'greeting') {
      if (!payload.includes(acknowledged)) throw new Error(`no greeting: ${payload.toString()}`);
      this.#state = 'open';
      this.#send({ id: '1', type: 'subscribe', payload: { query: this.#options.query } });
      this.#settle?.resolve();
      return;
    }
    const { sampleEvery } = this.#options;
    if (this.deliveries === 0 && payload.includes('"errors"')) process.stderr.write(`${payload.toString()}\n`);
    this.deliveries += 1;
    if (sampleEvery > 0 && this.deliveries % sampleEvery === 0) {
      const start = payload.indexOf(marker);
      if (start >= 0)
        this.latenciesMs.push(
          (nowMicros() - Number.parseInt(payload.toString('latin1', start + 4, start + 24), 10)) / 1000,
        );
    }
  }

  #send(message: object): void {
    this.#socket.write(textFrame(1, Buffer.from(JSON.stringify(message))));
  }
}
