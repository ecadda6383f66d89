import { notices } from '../../messages/define.ts';
import type { Figure } from '../../model/trial.ts';
import { absent, type CgroupFiles, present } from '../figure.ts';
import { cgroupMetric } from '../metric.ts';
import { notInV1, type V2Source } from './source.ts';
import { textOf } from './text.ts';

const text = notices('absent', {
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
  return total === null ? absent(text.noLine({ file: name, line })) : present(total, `${name} ${line}`);
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
    v1: notInV1(text.noPressure),
  }),
  cgroupMetric({
    id: `pressure.${resource}.full`,
    unit: 'ns',
    better: 'lower',
    label: `waiting for ${name}, all tasks`,
    description: `Time in which every task that was not idle waited for ${resource}, full total of ${resource}.pressure.`,
    v2: v2Pressure(`${resource}.pressure`, 'full'),
    v1: notInV1(text.noPressure),
  }),
]);
