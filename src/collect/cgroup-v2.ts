import type { Figure } from '../model/trial.ts';
import { countedDevices, keyedValue, parseCount, singleValue, textOf, throttling } from './cgroup-text.ts';
import { absent, type CgroupFiles, type Figures, present } from './figure.ts';

/** The files of a cgroup v2 directory that {@link figuresFromV2} understands. */
export const v2Files = [
  'cpu.stat',
  'memory.peak',
  'memory.current',
  'memory.stat',
  'memory.events',
  'io.stat',
  'pids.peak',
  'pids.current',
  'cpu.pressure',
  'memory.pressure',
  'io.pressure',
] as const;

/** Device numbers (`254:0`) named in an `io.stat`. */
export function ioStatDevices(text: string): readonly string[] {
  return [...text.matchAll(/^(\d+:\d+)(?= |$)/gm)].map((match) => match[1] ?? '');
}

/** `some`/`full` line of a pressure file: total stall time in ns (the file has µs). */
export function pressureTotal(text: string, line: 'some' | 'full'): number | null {
  const total = new RegExp(`^${line} .*\\btotal=(\\d{1,20})$`, 'm').exec(text)?.[1];
  return total === undefined ? null : Number(total) * 1000;
}

function pressure(files: CgroupFiles, name: string, line: 'some' | 'full'): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const total = pressureTotal(file.text, line);
  return total === null ? absent(`${name} has no "${line}" line`) : present(total, `${name} ${line}`);
}

/** Sum of one key over the counted devices. An empty `io.stat` says that no I/O was charged: zero. */
function ioSum(files: CgroupFiles, key: string, stacked: ReadonlySet<string>): Figure {
  const file = textOf(files, 'io.stat');
  if ('absent' in file) return absent(file.absent);
  const counted = countedDevices(ioStatDevices(file.text), stacked);
  let sum = 0;
  for (const line of file.text.split('\n')) {
    if (line.trim() === '') continue;
    const [device = '', ...fields] = line.trim().split(' ');
    if (!/^\d+:\d+$/.test(device))
      return absent(`io.stat: a line without a device: ${JSON.stringify(line.slice(0, 40))}`);
    if (!counted.has(device) || fields.length === 0) continue;
    const text = fields.find((field) => field.startsWith(`${key}=`));
    const value = text === undefined ? null : parseCount(text.slice(key.length + 1));
    if (value === null) return absent(`io.stat: no ${key} for ${device}`);
    sum += value;
  }
  return present(sum, `io.stat ${key}`);
}

/**
 * The figures of one cgroup v2 directory. All counters but throttling include the cgroups below it, also
 * those that are gone (Documentation/admin-guide/cgroup-v2.rst). `stacked` names the block devices that lie
 * on others. `throttlePeers` are `cpu.stat` texts of cgroups below, where CPU quotas may sit. Bad text gives
 * an absent figure, never an exception.
 */
export function figuresFromV2(
  files: CgroupFiles,
  stacked: ReadonlySet<string> = new Set(),
  throttlePeers: readonly string[] = [],
): Figures {
  const cpu = textOf(files, 'cpu.stat');
  const throttled = 'absent' in cpu ? null : throttling([cpu.text, ...throttlePeers], 'throttled_usec');
  const noCpu = absent('absent' in cpu ? cpu.absent : '');
  const micro = { scale: 1000 };
  const old = { hint: 'Linux ≥ 5.18 has it' };
  return {
    'cpu.usage': keyedValue(files, 'cpu.stat', 'usage_usec', micro),
    'cpu.user': keyedValue(files, 'cpu.stat', 'user_usec', micro),
    'cpu.system': keyedValue(files, 'cpu.stat', 'system_usec', micro),
    'cpu.throttled': throttled?.time ?? noCpu,
    'cpu.throttled_periods': throttled?.periods ?? noCpu,
    'memory.peak': singleValue(files, 'memory.peak'),
    'memory.current': singleValue(files, 'memory.current'),
    'memory.anon': keyedValue(files, 'memory.stat', 'anon'),
    'memory.file': keyedValue(files, 'memory.stat', 'file'),
    'memory.shmem': keyedValue(files, 'memory.stat', 'shmem'),
    'memory.kernel': keyedValue(files, 'memory.stat', 'kernel', old),
    'memory.oom_kills': keyedValue(files, 'memory.events', 'oom_kill'),
    'io.read_bytes': ioSum(files, 'rbytes', stacked),
    'io.write_bytes': ioSum(files, 'wbytes', stacked),
    'io.read_ops': ioSum(files, 'rios', stacked),
    'io.write_ops': ioSum(files, 'wios', stacked),
    'pids.peak': singleValue(files, 'pids.peak'),
    'pids.current': singleValue(files, 'pids.current'),
    'pressure.cpu.some': pressure(files, 'cpu.pressure', 'some'),
    'pressure.cpu.full': pressure(files, 'cpu.pressure', 'full'),
    'pressure.memory.some': pressure(files, 'memory.pressure', 'some'),
    'pressure.memory.full': pressure(files, 'memory.pressure', 'full'),
    'pressure.io.some': pressure(files, 'io.pressure', 'some'),
    'pressure.io.full': pressure(files, 'io.pressure', 'full'),
  };
}
