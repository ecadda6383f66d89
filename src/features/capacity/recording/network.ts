import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { errorCode, missingReason } from '../../../core/collect/cgroup/files.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { absent, type Figures, present } from '../../../core/metrics/figure.ts';

const text = notices('recording.network', {
  shared: 'it shares the network of the host, so its traffic cannot be told from that of others',
  rootOnly: 'only root may read the network of another user’s process',
  unreadable: 'its network could not be read: {why}',
  noProcess: 'it has no process that shows its network',
});

/** Counters of all interfaces of a network namespace but the loopback. */
export const networkFigures = [
  'network.rx_bytes',
  'network.tx_bytes',
  'network.rx_packets',
  'network.tx_packets',
] as const;

/** Columns of /proc/PID/net/dev behind the name of the interface, in the order of {@link networkFigures}. */
const columns = [0, 8, 1, 9] as const;

/** Sums the interfaces of /proc/PID/net/dev, in the order of {@link networkFigures}. */
export function sumDevices(devices: string): readonly number[] {
  const sums = columns.map(() => 0);
  for (const line of devices.split('\n')) {
    const [, name, values = ''] = /^\s*([^\s:]+):\s*([\d\s]+)$/.exec(line) ?? [];
    if (name === undefined || name === 'lo') continue;
    const numbers = values.trim().split(/\s+/).map(Number);
    for (const [at, column] of columns.entries()) sums[at] = (sums[at] ?? 0) + (numbers[column] ?? 0);
  }
  return sums;
}

/** Counters of a network namespace. The open file keeps the namespace alive after its last process ends. */
export interface NetworkView extends Disposable {
  read(): Figures;
}

/** The network of a process. If it is the host's, there are no figures, since its counters include all programs. */
export function openNetwork(pid: number | undefined): NetworkView {
  if (pid === undefined) return withoutFigures(text.noProcess);
  try {
    const own = readlinkSync(`/proc/${pid}/ns/net`);
    if (['self', '1'].some((host) => own === readNamespace(host))) return withoutFigures(text.shared);
    const fd = openSync(`/proc/${pid}/net/dev`, 'r');
    return {
      read() {
        const sums = sumDevices(readWhole(fd));
        return Object.fromEntries(
          networkFigures.map((id, at) => [id, present(sums[at] ?? 0, '/proc/PID/net/dev')]),
        );
      },
      [Symbol.dispose]: () => closeSync(fd),
    };
  } catch (error) {
    const isForbidden = ['EACCES', 'EPERM'].includes(errorCode(error));
    return withoutFigures(isForbidden ? text.rootOnly : text.unreadable({ why: missingReason(error) }));
  }
}

function withoutFigures(reason: Message): NetworkView {
  return {
    read: () => Object.fromEntries(networkFigures.map((id) => [id, absent(reason)])),
    [Symbol.dispose]: () => undefined,
  };
}

/** Network namespace of a process; null if it may not be read. */
function readNamespace(process: string): string | null {
  try {
    return readlinkSync(`/proc/${process}/ns/net`);
  } catch {
    return null;
  }
}

/** Rereads a file of /proc from its start. */
function readWhole(fd: number): string {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const chunk = Buffer.alloc(65_536);
    const length = readSync(fd, chunk, 0, chunk.length, at);
    if (length === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(chunk.subarray(0, length));
    at += length;
  }
}
