import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { missingReason } from '../../../../core/collect/cgroup/files.ts';
import { absent, type Figures, present } from '../../../../core/metrics/figure.ts';
import { networkFigures } from '../figure-names.ts';
import { notes } from '../words.ts';

/** Sums the interfaces of /proc/<pid>/net/dev. Loopback traffic counts as both sent and received. */
export function parseDevices(text: string): Readonly<Record<string, number>> | null {
  const sums = { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 };
  let found = false;
  for (const line of text.split('\n')) {
    const [, values] = /^\s*[^\s:]+:\s*([\d\s]+)$/.exec(line) ?? [];
    if (values === undefined) continue;
    const numbers = values.trim().split(/\s+/).map(Number);
    if (numbers.length < 10) return null;
    sums.rxBytes += numbers[0] ?? 0;
    sums.rxPackets += numbers[1] ?? 0;
    sums.txBytes += numbers[8] ?? 0;
    sums.txPackets += numbers[9] ?? 0;
    found = true;
  }
  if (!found) return null;
  return {
    'network.rx_packets': sums.rxPackets,
    'network.tx_packets': sums.txPackets,
    'network.rx_bytes': sums.rxBytes,
    'network.tx_bytes': sums.txBytes,
  };
}

/** TCP connections of /proc/<pid>/net/snmp: a line of names, then one of values. */
export function parseConnections(text: string): Readonly<Record<string, number>> | null {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('Tcp: '))
    .map((line) => line.split(' '));
  const value = (name: string) => {
    const at = names.indexOf(name);
    const number = Number(values[at] ?? Number.NaN);
    return at > 0 && Number.isInteger(number) && number >= 0 ? number : null;
  };
  const [opened, accepted] = [value('ActiveOpens'), value('PassiveOpens')];
  if (opened === null || accepted === null) return null;
  return { 'network.connections_opened': opened, 'network.connections_accepted': accepted };
}

/** Counters of a network namespace. The open files keep the namespace alive after its last process ends. */
export interface NetworkView extends Disposable {
  read(): Figures;
}

/** The network of a process. If it is the host's, there are no figures, since its counters include all programs. */
export function openNetwork(pid: number): NetworkView {
  const files: number[] = [];
  const close = () => {
    for (const fd of files.splice(0)) closeSync(fd);
  };
  const nothing = (reason: Parameters<typeof absent>[0]): NetworkView => ({
    read: () => Object.fromEntries(networkFigures.map((id) => [id, absent(reason)])),
    [Symbol.dispose]: close,
  });
  try {
    const own = readlinkSync(`/proc/${pid}/ns/net`);
    if (['self', '1'].some((each) => own === namespaceOf(each))) return nothing(notes.sharedNetwork);
    files.push(openSync(`/proc/${pid}/net/dev`, 'r'), openSync(`/proc/${pid}/net/snmp`, 'r'));
  } catch (error) {
    close();
    return nothing(notes.noNetworkFile({ why: missingReason(error) }));
  }
  const [devices = -1, snmp = -1] = files;
  return {
    read() {
      const values = { ...parseDevices(wholeText(devices)), ...parseConnections(wholeText(snmp)) };
      return Object.fromEntries(
        networkFigures.map((id) => {
          const value = values[id];
          return [
            id,
            value === undefined
              ? absent(notes.noNetworkFile({ why: id }))
              : present(value, id.includes('connections') ? '/proc/PID/net/snmp Tcp' : '/proc/PID/net/dev'),
          ];
        }),
      );
    },
    [Symbol.dispose]: close,
  };
}

/** Network namespace of a process; null if it may not be read. */
function namespaceOf(process: string): string | null {
  try {
    return readlinkSync(`/proc/${process}/ns/net`);
  } catch {
    return null;
  }
}

/** Rereads a file of /proc from its start. */
function wholeText(fd: number): string {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const chunk = Buffer.alloc(65_536);
    const length = readSync(fd, chunk, 0, chunk.length, at);
    if (length === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(chunk.subarray(0, length));
    at += length;
  }
}
