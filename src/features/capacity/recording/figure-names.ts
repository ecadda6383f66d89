import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { cgroupMetrics } from '../../../core/metrics/cgroup/index.ts';
import type { Unit } from '../../../core/model/metric.ts';
import { lookup } from '../../../core/model/nearest.ts';
import { metricName } from '../../../report/words/metric.ts';
import type { CallClass } from './recording.ts';

/** Names of the classes, for people. */
export const classNames: Readonly<Record<CallClass, Message>> = messages('recording.class', {
  trap: 'trap only',
  read: 'read',
  write: 'write',
  open: 'paths and files',
  socket: 'socket',
  wait: 'wait',
  futex: 'futex',
  memory: 'memory',
  process: 'processes',
  other: 'other',
});

const words = messages('recording.figure', {
  faults: 'page faults',
  major: 'of which from disk',
  switches: 'context switches',
  voluntary: 'of which voluntary',
  involuntary: 'of which preempted',
  forks: 'new tasks',
  processes: 'of which processes',
  vforks: 'of which by vfork',
  threads: 'of which threads',
  execs: 'programs executed',
  rxPackets: 'packets received',
  txPackets: 'packets sent',
  rxBytes: 'bytes received',
  txBytes: 'bytes sent',
  opened: 'TCP connections opened',
  accepted: 'TCP connections accepted',
});

const names: Readonly<Record<string, Message>> = {
  'faults.all': words.faults,
  'faults.major': words.major,
  'switches.all': words.switches,
  'switches.voluntary': words.voluntary,
  'switches.involuntary': words.involuntary,
  'tasks.forks': words.forks,
  'tasks.processes': words.processes,
  'tasks.vforks': words.vforks,
  'tasks.threads': words.threads,
  'tasks.execs': words.execs,
  'network.rx_packets': words.rxPackets,
  'network.tx_packets': words.txPackets,
  'network.rx_bytes': words.rxBytes,
  'network.tx_bytes': words.txBytes,
  'network.connections_opened': words.opened,
  'network.connections_accepted': words.accepted,
};

/** Figures counted per network namespace. */
export const networkFigures = [
  'network.rx_packets',
  'network.tx_packets',
  'network.rx_bytes',
  'network.tx_bytes',
  'network.connections_opened',
  'network.connections_accepted',
] as const;

/** Name of a figure of a recording. */
export function figureName(id: string, lang: Lang): string {
  const own = lookup(names, id);
  return own === undefined ? metricName(id, lang) : translate(own, lang);
}

/** Unit of a figure of a recording. */
export function figureUnit(id: string): Unit {
  const metric = cgroupMetrics.find((each) => each.id === id);
  return metric?.unit ?? (id.endsWith('_bytes') ? 'bytes' : 'count');
}
