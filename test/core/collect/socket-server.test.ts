import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dockerdOfConnection } from '../../../src/core/collect/engine-daemons.ts';
import { connectionServers } from '../../../src/core/collect/socket-server.ts';
import { put } from './cgroup/fake-hierarchy.ts';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'ocibench-sockets-'));
});
afterEach(() => rmSync(proc, { recursive: true }));

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, remote: string, inode: number, state = '01') =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 20 4 30 10 -1\n`;
const holds = (pid: number | 'self', inode: number) => {
  mkdirSync(join(proc, `${pid}/fd`), { recursive: true });
  symlinkSync(`socket:[${inode}]`, join(proc, `${pid}/fd/3`));
};
/** 127.0.0.1:50000 to 127.0.0.1:2376. */
const [client, server] = ['0100007F:C350', '0100007F:0948'];
const ports = { local: 50_000, remote: 2376 };
const tables = (tcp: string, tcp6 = '') => {
  put(join(proc, 'self/net/tcp'), head + tcp);
  put(join(proc, 'self/net/tcp6'), head + tcp6);
};
beforeEach(() => holds('self', 500));

test('who accepted a connection is found by both of its ends', () => {
  holds(10, 501);
  holds(11, 502);
  tables(row(client, server, 500) + row(server, client, 501) + row(server, '0100007F:C351', 502));
  expect(connectionServers(proc, [10, 11], ports)).toEqual([10]);
  // A server that listens on IPv6 too has its end in the other table.
  const mapped = (end: string) => `0000000000000000FFFF0000${end}`;
  tables(row(client, server, 500), row(mapped(server), mapped(client), 502));
  expect(connectionServers(proc, [10, 11], ports)).toEqual([11]);
});

test('nobody, where the connection leads away, is not accepted yet, or another program accepted it', () => {
  holds(10, 501);
  // A rule of the firewall sent it to a container, whose end is in another network namespace; the listener is not its end.
  tables(row(client, server, 500) + row(server, '00000000:0000', 501, '0A'));
  expect(connectionServers(proc, [10], ports)).toBeNull();
  tables(row(client, server, 500) + row(server, client, 0));
  expect(connectionServers(proc, [10], ports)).toBeNull();
  tables(row(client, server, 500) + row(server, client, 777));
  expect(connectionServers(proc, [10], ports)).toEqual([]);
  // An end at another address of this machine with the same ports.
  tables(row(client, server, 500) + row('0200007F:0948', client, 501));
  expect(connectionServers(proc, [10], ports)).toBeNull();
  // The connection of somebody else, whose ports are the same.
  tables(row(client, server, 9) + row(server, client, 501));
  expect(connectionServers(proc, [10], ports)).toBeNull();
  rmSync(join(proc, 'self'), { recursive: true });
  expect(connectionServers(proc, [10], ports)).toBeNull();
});

test('a dockerd of root that shares the namespaces of this process is of this host; in a container it is not', () => {
  const dockerd = (pid: number, { uid = 0, pids = 'pid:[1]', cgroups = 'cgroup:[1]' } = {}) => {
    put(join(proc, `${pid}/stat`), `${pid} (dockerd) S 1${' 0'.repeat(18)}\n`);
    put(join(proc, `${pid}/status`), `Uid:\t${Array(4).fill(uid).join('\t')}\n`);
    namespaces(pid, pids, cgroups);
    holds(pid, 501);
  };
  const namespaces = (who: number | 'self', pids: string, cgroups: string) => {
    mkdirSync(join(proc, `${who}/ns`), { recursive: true });
    symlinkSync(pids, join(proc, `${who}/ns/pid`));
    symlinkSync(cgroups, join(proc, `${who}/ns/cgroup`));
  };
  namespaces('self', 'pid:[1]', 'cgroup:[1]');
  tables(row(client, server, 500) + row(server, client, 501));
  expect(dockerdOfConnection(ports, proc)).toBeNull();
  // On the host's network, so that the connection ends at them.
  dockerd(10, { pids: 'pid:[2]' });
  dockerd(11, { cgroups: 'cgroup:[2]' });
  dockerd(12, { uid: 65534 });
  expect(dockerdOfConnection(ports, proc)).toBeNull();
  dockerd(13);
  expect(dockerdOfConnection(ports, proc)).toBe(13);
  tables(row(client, server, 500) + row(server, client, 0));
  expect(dockerdOfConnection(ports, proc)).toBe('pending');
});

test('of a real connection, by the files of this kernel', async () => {
  const accepted = Promise.withResolvers<Socket>();
  const listening = createServer(accepted.resolve).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    await accepted.promise;
    const own = { local: socket.localPort ?? 0, remote: port };
    expect(connectionServers('/proc', [process.pid], own)).toEqual([process.pid]);
    expect(connectionServers('/proc', [process.ppid], own)).toEqual([]);
  } finally {
    socket.destroy();
    (await accepted.promise).destroy();
    listening.close();
  }
});
