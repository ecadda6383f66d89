import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openProber, type Prober } from '../../../../src/core/measure/execute/prober.ts';
import type { ServiceProtocol } from '../../../../src/core/model/workload/scenario.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

function prober(): Prober {
  const made = openProber(null);
  opened.push(made);
  return made;
}

/** A server on a free port of the loopback device; resolves with the port. */
async function serve(onConnection: (socket: Socket) => void, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  opened.push({
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const port = await serve(() => undefined);
  opened.pop()?.close();
  return port;
}

const service = (port: number, protocol: ServiceProtocol) => ({ host: '127.0.0.1', port, protocol });
const never = () => new AbortController().signal;

/** Answers the first bytes of every connection. */
const answering = (text: string) => (socket: Socket) => socket.once('data', () => socket.write(text));

test.each([
  ['tcp', () => undefined],
  ['http', answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')],
  ['http', answering('HTTP/1.0 302 Found\r\n\r\n')],
  ['redis', answering('+PONG\r\n')],
] as const)('%s: the answer has an instant of the host’s monotonic clock', async (protocol, server) => {
  const port = await serve(server);
  const ask = prober();
  await ask.ready();
  const before = process.hrtime.bigint();
  const at = await ask.ask(service(port, protocol), never());
  expect(at).toBeGreaterThan(before);
  expect(at).toBeLessThan(process.hrtime.bigint());
});

test('a server that is not there yet is asked again until it is', async () => {
  const port = await freePort();
  const answer = prober().ask(service(port, 'redis'), never());
  let settled = false;
  void answer.finally(() => {
    settled = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(settled).toBe(false);
  const began = process.hrtime.bigint();
  await serve(answering('+PONG\r\n'), port);
  expect(await answer).toBeGreaterThan(began);
});

test.each([
  ['http', 'HTTP/1.1 503 Service Unavailable\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['redis', '-LOADING Redis is loading the dataset in memory\r\n', '+PONG\r\n'],
  ['redis', '\u0000\u001b[31m'.repeat(50_000), '+PONG\r\n'],
] as const)('%s: an answer that does not mean ready is no answer', async (protocol, wrong, right) => {
  let connections = 0;
  const port = await serve((socket) => {
    connections += 1;
    answering(connections < 5 ? wrong : right)(socket);
  });
  await prober().ask(service(port, protocol), never());
  expect(connections).toBe(5);
});

test('an answer may arrive in pieces', async () => {
  // Every answer comes in pieces, so that one that is late under load is asked for again, and only whole ones count.
  const port = await serve((socket) => {
    socket.once('data', () => {
      socket.write('+PO');
      setTimeout(() => socket.write('NG\r\n'), 20);
    });
  });
  await expect(prober().ask(service(port, 'redis'), never())).resolves.toBeGreaterThan(0n);
});

test.each(['http', 'redis'] as const)(
  '%s: a server that accepts and says nothing never serves',
  async (protocol) => {
    const port = await serve(() => undefined);
    await expect(prober().ask(service(port, protocol), AbortSignal.timeout(150))).rejects.toThrow(
      'did not answer in time',
    );
  },
);

test('one that was given up is not asked any more, and another question is still answered', async () => {
  let connections = 0;
  const patience = new AbortController();
  const silent = await serve((socket) => {
    connections += 1;
    socket.destroy();
    if (connections === 3) patience.abort();
  });
  const open = await serve(() => undefined);
  const ask = prober();
  await expect(ask.ask(service(silent, 'http'), patience.signal)).rejects.toThrow();
  // Its answer comes behind the word that the first was given up, so that no connection is under way any more but one.
  await ask.ask(service(open, 'tcp'), never());
  const until = connections;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(until).toBeGreaterThanOrEqual(3);
  expect(connections).toBeLessThanOrEqual(until + 1);
});

test('a prober that cannot start rejects, and does not hang', async () => {
  const broken = openProber('/nonexistent/network-namespace');
  opened.push(broken);
  await expect(broken.ready()).rejects.toThrow(/prober|nsenter/);
});

test('a question whose time is over before it is asked is given up at once', async () => {
  const port = await serve(() => undefined);
  await expect(prober().ask(service(port, 'http'), AbortSignal.abort())).rejects.toThrow('in time');
});
