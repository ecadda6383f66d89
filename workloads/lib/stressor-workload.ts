import type { Workload } from '../../src/core/model/workload.ts';
import { operationMetrics, operationNamed } from './operation.ts';
import { type StressorRun, stressNgCommand, stressorValues } from './stress-ng.ts';

/** What a workload of one stressor per operation defines itself; the rest is common. */
export interface StressorWorkload extends Pick<Workload, 'title' | 'description' | 'refused'> {
  readonly id: `syscall/${string}`;
  readonly operations: Readonly<Record<string, StressorRun>>;
  /** Operations of the preset `standard`; `full` has all. */
  readonly standard: readonly string[];
}

/** A workload whose parameter `op` names a stressor of stress-ng with a fixed number of operations. */
export function stressorWorkload({ id, operations, standard, ...rest }: StressorWorkload): Workload {
  const names = Object.keys(operations);
  return {
    id,
    ...rest,
    category: 'syscall',
    image: 'syscalls',
    parameters: { op: `what is measured: ${names.join(', ')}` },
    presets: {
      quick: [],
      standard: standard.map((op) => ({ op })),
      full: names.map((op) => ({ op })),
    },
    metrics: operationMetrics,
    precision: 0.1,
    observe: { kind: 'series' },
    container: ({ op }) => ({
      command: stressNgCommand(operationNamed(id, operations, op)),
      stamped: true,
      mounts: [{ type: 'tmpfs', target: '/scratch' }],
      timeoutMs: 60_000,
    }),
    parse: ({ stdout }, { op }) => stressorValues(stdout, operationNamed(id, operations, op)),
  };
}
