import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { RuntimeFamily } from '../../../core/model/runtime/runtime.ts';
import { type Cell, defaultLayer, formatParams } from '../../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { Unit } from '../../../core/model/workload/metric.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { CalibrationCheck } from './calibration.ts';
import { type ProbeKind, type ProbeReport, type ProbeTask, probes } from './probe.ts';
import {
  cgroupFigure,
  cpuInSeries,
  outputAfterStart,
  outputWithoutProgram,
  processCpu,
  processFigure,
  startupFigure,
  type TrialFigure,
} from './trial-figure.ts';

const titles = messages('calibrationCheck', {
  cpu10ms: '10 ms of CPU used',
  cpu100ms: '100 ms of CPU used',
  cpu1s: '1 s of CPU used',
  cpuInSeries: '300 ms of CPU, in the time series',
  cpuOfProcesses: '300 ms of CPU, by /proc/<pid>/stat',
  touchPeak: '128 MiB more touched: peak',
  touchAnon: '128 MiB more touched: anon and shmem',
  touchResident: '128 MiB more touched: resident',
  touchFootprint: '128 MiB more touched: footprint',
  write: '32 MiB written with O_DIRECT',
  forks: '32 more processes at once',
  delay: 'first output after 100 ms',
  life: 'alive for 150 ms more after it',
  sampler: 'sampler on and off: time to output',
});

/** One kind of trial: a probe with a task, under a runtime. */
export interface Arm {
  readonly runtime: string;
  readonly probe: ProbeKind;
  readonly task: ProbeTask;
}

/** A trial and its program's report. */
interface ProbedTrial {
  readonly trial: TrialRecord;
  readonly report: ProbeReport;
}

/** Two arms that differ in one known amount, and the figure that must show the difference. */
export interface ProbeComparison {
  readonly id: string;
  /** The runtime that the check is about. */
  readonly runtime: string;
  readonly metric: string;
  readonly title: Message;
  readonly scale: CalibrationCheck['scale'];
  readonly relation: CalibrationCheck['relation'];
  readonly unit: Unit;
  readonly treatment: Arm;
  readonly control: Arm;
  /**
   * Arms of other checks that show the same difference once their own known amounts are subtracted. Where a block has them, its
   * error is the mean over all of its treatments and controls: they cost nothing, and scatter cancels out.
   */
  readonly also?: { readonly treatments: readonly Arm[]; readonly controls: readonly Arm[] };
  readonly figure: TrialFigure;
  /** The known amount by which the treatment exceeds the control. */
  readonly truth: (treatment: ProbedTrial, control: ProbedTrial) => number;
  /** Largest error that passes; docs/accounting.md gives its reason. */
  readonly tolerance: (truth: number) => number;
}

const mebibyte = 2 ** 20;
const millisecond = 1e6;

/** The cell of this arm's trials. */
export function cellOf({ runtime, probe, task }: Arm): Cell {
  return {
    runtime,
    profile: 'default',
    layer: defaultLayer,
    workload: probes[probe].id,
    params: formatParams({ ...task }),
  };
}

/** Every comparison for the runtime named `runtime` of `family`. */
export function runtimeComparisons(runtime: string, family: RuntimeFamily): readonly ProbeComparison[] {
  const { accounting } = familyOf(family);
  const arm = (probe: ProbeKind, task: ProbeTask): Arm => ({ runtime, probe, task });
  const plus = (absolute: number, relative: number) => (truth: number) => absolute + relative * truth;
  const quiet = arm('quiet', {});
  // Several checks share arms. They differ in two amounts, but each figure counts only one of the two.
  const timed = arm('quiet', { delay_ms: 100, cpu_ms: 10, life_ms: 150 });
  const living = arm('quiet', { cpu_ms: 100, life_ms: 300 });
  const light = [timed, living];
  const sampled = [arm('sampled', { late_cpu_ms: 0 }), arm('sampled', { late_cpu_ms: 300 })];
  const idle = arm('held', { touch: 64 * mebibyte });
  const busy = arm('held', { touch: 192 * mebibyte, cpu_ms: 300 });
  // A sandbox uses CPU time that its programs do not see, so the cgroup must count at least what they report.
  // `cpu-of-processes` checks that it counts no more than the host's processes used.
  const cpuRelation = accounting === undefined ? 'equal' : 'at-least';
  const { ns, share } = accounting?.cpuError ?? { ns: 5 * millisecond, share: 0.01 };
  const cpuTolerance = plus(ns, share);
  const cpu = (id: string, title: Message, task: ProbeTask): ProbeComparison => ({
    id,
    runtime,
    metric: 'cpu.usage',
    title,
    scale: 'difference',
    relation: cpuRelation,
    unit: 'ns',
    treatment: arm('quiet', task),
    control: quiet,
    // Only of far smaller amounts: an error that grows with the amount would else be in the control as well.
    also: {
      treatments: [],
      controls: light.filter((other) => 5 * (other.task.cpu_ms ?? 0) < (task.cpu_ms ?? 0)),
    },
    figure: cgroupFigure('cpu.usage'),
    truth: (treatment, control) => treatment.report.cpuNs - control.report.cpuNs,
    tolerance: cpuTolerance,
  });
  const touched = (metric: string, title: Message, figure: TrialFigure): ProbeComparison => ({
    id: `touch-${metric}`,
    runtime,
    metric,
    title,
    scale: 'difference',
    relation: 'equal',
    unit: 'bytes',
    treatment: busy,
    control: idle,
    figure,
    truth: (treatment, control) => treatment.report.touched - control.report.touched,
    tolerance: plus(2 * mebibyte, 0.01),
  });
  return [
    cpu('cpu-10ms', titles.cpu10ms, timed.task),
    cpu('cpu-100ms', titles.cpu100ms, living.task),
    cpu('cpu-1s', titles.cpu1s, { cpu_ms: 1000 }),
    {
      id: 'cpu-in-series',
      runtime,
      metric: 'cpu.usage',
      title: titles.cpuInSeries,
      scale: 'difference',
      relation: cpuRelation,
      unit: 'ns',
      treatment: arm('sampled', { late_cpu_ms: 300 }),
      control: arm('sampled', { late_cpu_ms: 0 }),
      figure: cpuInSeries,
      truth: (treatment, control) =>
        (treatment.report.lateCpuNs ?? Number.NaN) - (control.report.lateCpuNs ?? Number.NaN),
      tolerance: cpuTolerance,
    },
    {
      id: 'cpu-of-processes',
      runtime,
      metric: 'cpu.usage',
      title: titles.cpuOfProcesses,
      scale: 'difference',
      relation: 'equal',
      unit: 'ns',
      treatment: busy,
      control: idle,
      figure: cgroupFigure('cpu.usage'),
      truth: (treatment, control) => processCpu(treatment.trial) - processCpu(control.trial),
      tolerance: plus(20 * millisecond, 0.02),
    },
    touched('memory.peak', titles.touchPeak, cgroupFigure('memory.peak')),
    touched('memory.anon+shmem', titles.touchAnon, cgroupFigure('memory.anon', 'memory.shmem')),
    touched('memory.resident', titles.touchResident, processFigure('memory.resident')),
    touched('memory.footprint', titles.touchFootprint, processFigure('memory.footprint')),
    {
      id: 'write',
      runtime,
      metric: 'io.write_bytes',
      title: titles.write,
      scale: 'difference',
      relation: 'equal',
      unit: 'bytes',
      treatment: arm('quiet', { write: 32 * mebibyte }),
      control: quiet,
      figure: cgroupFigure('io.write_bytes'),
      truth: (treatment, control) => treatment.report.written - control.report.written,
      tolerance: plus(mebibyte, 0.01),
    },
    {
      id: 'forks',
      runtime,
      metric: 'pids.peak',
      title: titles.forks,
      scale: 'difference',
      relation: accounting?.extraProcesses ? 'at-least' : 'equal',
      unit: 'count',
      treatment: arm('quiet', { forks: 48 }),
      control: arm('quiet', { forks: 16 }),
      figure: cgroupFigure('pids.peak'),
      truth: (treatment, control) => treatment.report.forked - control.report.forked,
      tolerance: () => 0,
    },
    {
      id: 'delay',
      runtime,
      metric: 'startup.first_output',
      title: titles.delay,
      scale: 'difference',
      relation: 'equal',
      unit: 'ns',
      treatment: timed,
      control: quiet,
      figure: outputAfterStart,
      truth: (treatment, control) => treatment.report.readyNs - control.report.readyNs,
      tolerance: plus(10 * millisecond, 0.01),
    },
    {
      id: 'life',
      runtime,
      metric: 'startup.run',
      title: titles.life,
      scale: 'difference',
      relation: 'equal',
      unit: 'ns',
      // Not against a container that ends at once: the engine is still busy with its start then, and its exit waits for that.
      treatment: living,
      control: timed,
      figure: startupFigure('startup.run'),
      truth: (treatment, control) =>
        (treatment.report.lifeNs ?? Number.NaN) - (control.report.lifeNs ?? Number.NaN),
      tolerance: plus(10 * millisecond, 0.01),
    },
    {
      id: 'sampler',
      runtime,
      metric: 'startup.to_output',
      title: titles.sampler,
      scale: 'ratio',
      relation: 'equal',
      unit: 'ns',
      treatment: arm('sampled', {}),
      control: quiet,
      also: { treatments: sampled, controls: light },
      figure: outputWithoutProgram,
      truth: () => 1,
      tolerance: () => 0.05,
    },
  ];
}
