import { notices } from '../../messages/define.ts';
import type { Figure } from '../../model/trial/trial.ts';
import { absent, type CgroupFiles, present } from '../figure.ts';
import { cgroupMetric } from '../metric.ts';
import {
  type CgroupV1,
  countedDevices,
  notInV1,
  parseCount,
  textOf,
  type V1Source,
  type V2Source,
} from './source.ts';

const pressureText = notices('absent', {
  noPressure: 'cgroup v1 has no pressure files',
  noLine: '{file} has no "{line}" line',
});

/** Parse the total stall time of the `some` or `full` line of a pressure file, in ns (the file has µs). */
export function pressureTotal(text: string, line: 'some' | 'full'): number | null {
  const total = new RegExp(`^${line} .*\\btotal=(\\d{1,20})$`, 'm').exec(text)?.[1];
  return total === undefined ? null : Number(total) * 1000;
}

function pressure(files: CgroupFiles, name: string, line: 'some' | 'full'): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const total = pressureTotal(file.text, line);
  return total === null
    ? absent(pressureText.noLine({ file: name, line }))
    : present(total, `${name} ${line}`);
}

function v2Pressure(file: string, line: 'some' | 'full'): V2Source {
  return { file, read: ({ files }) => pressure(files, file, line) };
}

/** Resource → its name in labels. */
const resources = { cpu: 'CPU', memory: 'memory', io: 'I/O' } as const;

/** Time that tasks of a cgroup waited for a resource (Documentation/accounting/psi.rst). */
export const pressureMetrics = Object.entries(resources).flatMap(([resource, name]) => [
  cgroupMetric({
    id: `pressure.${resource}.some`,
    unit: 'ns',
    better: 'lower',
    label: `waiting for ${name}, some tasks`,
    description: `Time in which at least one task waited for ${resource}, some total of ${resource}.pressure. Other work on the host adds to it.`,
    v2: v2Pressure(`${resource}.pressure`, 'some'),
    v1: notInV1(pressureText.noPressure),
  }),
  cgroupMetric({
    id: `pressure.${resource}.full`,
    unit: 'ns',
    better: 'lower',
    label: `waiting for ${name}, all tasks`,
    description: `Time in which every task that was not idle waited for ${resource}, full total of ${resource}.pressure.`,
    v2: v2Pressure(`${resource}.pressure`, 'full'),
    v1: notInV1(pressureText.noPressure),
  }),
]);

const text = notices('absent', {
  noDevice: 'io.stat: a line without a device: {line}',
  noKeyForDevice: '{file}: no {key} for {device}',
  notCounted: '{file}: no device is listed, not even for the root cgroup, so this kernel does not count here',
  forgotten: '{file}: since Linux 5.5 the I/O of cgroups that were removed is not added up',
});

/** v1 file with bytes by device and operation, for a cgroup and its descendants. */
export const v1Bytes = 'blkio.throttle.io_service_bytes_recursive';
const v1Operations = 'blkio.throttle.io_serviced_recursive';

/** List the device numbers (`254:0`) of an `io.stat`. */
export function ioStatDevices(text: string): readonly string[] {
  return [...text.matchAll(/^(\d+:\d+)(?= |$)/gm)].map((match) => match[1] ?? '');
}

/** Sum one key over the counted devices. An empty `io.stat` means that no I/O was charged: zero. */
function ioSum(files: CgroupFiles, key: string, stacked: ReadonlySet<string>): Figure {
  const file = textOf(files, 'io.stat');
  if ('absent' in file) return absent(file.absent);
  const counted = countedDevices(ioStatDevices(file.text), stacked);
  let sum = 0;
  for (const line of file.text.split('\n')) {
    if (line.trim() === '') continue;
    const [device = '', ...fields] = line.trim().split(' ');
    if (!/^\d+:\d+$/.test(device)) return absent(text.noDevice({ line: JSON.stringify(line.slice(0, 40)) }));
    if (!counted.has(device) || fields.length === 0) continue;
    const field = fields.find((each) => each.startsWith(`${key}=`));
    const value = field === undefined ? null : parseCount(field.slice(key.length + 1));
    if (value === null) return absent(text.noKeyForDevice({ file: 'io.stat', key, device }));
    sum += value;
  }
  return present(sum, `io.stat ${key}`);
}

function ioStat(key: string): V2Source {
  return { file: 'io.stat', read: ({ files, stacked }) => ioSum(files, key, stacked) };
}

/** List the device numbers of a `blkio.throttle.*` file. */
export function blkioDevices(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/^(\d+:\d+) [A-Z]/gm)].map((match) => match[1] ?? ''))];
}

/** Sum `Read` or `Write` over the counted devices of a `blkio.throttle.*` file. */
function blkioSum(name: string, operation: 'Read' | 'Write', context: CgroupV1): Figure {
  const file = textOf(context.files, name);
  if ('absent' in file) return absent(file.absent);
  // Linux 6.18 was seen to list no device in any cgroup, the root included, despite direct I/O on a disk. "Total 0"
  // then does not mean that there was no I/O. A kernel that counts I/O lists the disks in the root cgroup.
  if (blkioDevices(file.text).length === 0 && blkioDevices(context.rootBlkio).length === 0)
    return absent(text.notCounted({ file: name }));
  // blkg_destroy() of block/blk-cgroup.c no longer adds them to the parent's. Whether zero or all is read is a matter of moments.
  const tasks = textOf(context.files, 'pids.current');
  if (context.forgetsRemoved && 'text' in tasks && tasks.text.trim() === '0')
    return absent(text.forgotten({ file: name }));
  const counted = countedDevices(blkioDevices(file.text), context.stacked);
  let sum = 0;
  for (const device of counted) {
    const count = new RegExp(`^${device} ${operation} (\\S+)$`, 'm').exec(file.text)?.[1];
    const value = count === undefined ? null : parseCount(count);
    if (value === null) return absent(text.noKeyForDevice({ file: name, key: operation, device }));
    sum += value;
  }
  return present(sum, `${name} ${operation}`);
}

function blkio(file: string, operation: 'Read' | 'Write'): V1Source {
  return { controller: 'blkio', files: [file], read: (cgroup) => blkioSum(file, operation, cgroup) };
}

/**
 * Input and output of a cgroup. v1 charges writeback of buffered writes to the root cgroup, so its `io.write_*` holds
 * only direct and synchronous writes. v2 holds all writes. Compare the figures within one host only.
 */
export const ioMetrics = [
  cgroupMetric({
    id: 'io.read_bytes',
    unit: 'bytes',
    better: 'lower',
    label: 'bytes read from devices',
    description:
      'Bytes read from block devices, rbytes of io.stat (v1: blkio.throttle.io_service_bytes_recursive). Reads from the page cache are not counted.',
    v2: ioStat('rbytes'),
    v1: blkio(v1Bytes, 'Read'),
  }),
  cgroupMetric({
    id: 'io.write_bytes',
    unit: 'bytes',
    better: 'lower',
    label: 'bytes written to devices',
    description:
      'Bytes written to block devices, wbytes of io.stat (v1: blkio.throttle.io_service_bytes_recursive, direct and synchronous writes only). What still waits in the page cache is not counted.',
    v2: ioStat('wbytes'),
    v1: blkio(v1Bytes, 'Write'),
  }),
  cgroupMetric({
    id: 'io.read_ops',
    unit: 'count',
    better: 'lower',
    label: 'read requests to devices',
    description:
      'Read requests to block devices, rios of io.stat (v1: blkio.throttle.io_serviced_recursive).',
    v2: ioStat('rios'),
    v1: blkio(v1Operations, 'Read'),
  }),
  cgroupMetric({
    id: 'io.write_ops',
    unit: 'count',
    better: 'lower',
    label: 'write requests to devices',
    description:
      'Write requests to block devices, wios of io.stat (v1: blkio.throttle.io_serviced_recursive, direct and synchronous writes only).',
    v2: ioStat('wios'),
    v1: blkio(v1Operations, 'Write'),
  }),
];
