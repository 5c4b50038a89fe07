/** The stand-in's process: serves the contract on a free port, tells its parent where, and takes its orders. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { serveConnection } from './connection.ts';
import type { Order, OrderMessage, OrderReply } from './orders.ts';
import { Routes, wantsBody } from './routes.ts';
import { Streams } from './streams.ts';

const streams = new Streams();
const routes = new Routes(streams);
const server = createServer((socket) =>
  serveConnection(socket, { wantsBody, answer: (request) => routes.answer(request) }),
);

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'counts':
      return routes.takeCounts();
    case 'bulk':
      routes.isBulkOffered = order.isOffered;
      return undefined;
    case 'roster':
      return routes.resizeRoster(order.entries);
    case 'history':
      return routes.offerHistory(order.items);
    case 'emit':
      return streams.emit(order.emission);
    case 'streams':
      return streams.size;
  }
}

process.on('message', ({ number, order }: OrderMessage) => {
  void obey(order).then((value) => process.send?.({ number, value } satisfies OrderReply));
});
process.on('disconnect', () => process.exit(0));

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  process.send?.({ number: 0, value: `http://127.0.0.1:${port}` } satisfies OrderReply);
});
