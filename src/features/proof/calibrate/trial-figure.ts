import { processMemory, startupPhases } from '../../../core/analyze/values/derive.ts';
import { notices } from '../../../core/messages/define.ts';
import { absent } from '../../../core/metrics/figure.ts';
import type { Figure, Reading, TrialRecord } from '../../../core/model/trial/trial.ts';
import { parseProbe } from './probe.ts';

const text = notices('calibration', {
  noPhase: '{metric}: a mark is missing, or two are out of order',
  noReading: 'the time series does not have this reading',
  notRead: '{metric} was not read',
  noProcessMemory: '{metric}: PSS, pages or shared memory of the sandbox could not be read',
});

/** A number from a trial's record and its time series, or the reason for its absence. */
export type TrialFigure = (
  trial: TrialRecord,
  readings: readonly Reading[],
) => number | Extract<Figure, { absent: string }>;

/** A phase of the container's life, ns, as runs report it. */
export function startupFigure(metric: string): TrialFigure {
  return ({ marks }) =>
    startupPhases(marks).find((phase) => phase.metric === metric)?.value ?? absent(text.noPhase({ metric }));
}

/**
 * Time from the end of the start call to the first output, ns: `startup.first_output` without `startup.start`. The start call
 * returns once the program runs, so what the program does before its output is all in here, and the scatter of starting is not
 * (20 to 50 ms on a quiet virtual machine, beside 2 to 4 ms of this).
 */
export const outputAfterStart: TrialFigure = ({ marks }) => {
  const at = (wanted: string) => marks.find(({ name }) => name === wanted)?.atNs;
  const [started, output] = [at('start-end'), at('first-output')];
  if (started === undefined || output === undefined)
    return absent(text.noPhase({ metric: 'startup.first_output' }));
  return output - started;
};

/**
 * `startup.to_output` without the time from the program's first instruction to its output by its own clock, ns: what programs
 * that do different things have in common.
 */
export const outputWithoutProgram: TrialFigure = (trial) => {
  const whole = startupFigure('startup.to_output')(trial, []);
  const report = parseProbe(trial.output.stdout);
  return typeof whole !== 'number' || report === null ? whole : whole - report.readyNs;
};

/** Length of the plateau before the end: the program sleeps 400 ms after its first output, and 250 ms before its end. */
const plateauNs = 250e6;

/** Increase of `cpu.usage` in the time series from the plateau after the first output to the last reading, ns. */
export const cpuInSeries: TrialFigure = ({ marks }, readings) => {
  const output = marks.find((mark) => mark.name === 'first-output')?.atNs;
  const first = readings.find(({ atNs }) => output !== undefined && atNs >= output + plateauNs);
  const [begin, end] = [first, readings.at(-1)].map((reading) => reading?.figures['cpu.usage']);
  if (begin === undefined || end === undefined) return absent(text.noReading);
  return end - begin;
};

/** Sum of figures of the trial's cgroup; absent if any of them is. */
export function cgroupFigure(...metrics: readonly string[]): TrialFigure {
  return ({ cgroup }) => {
    let sum = 0;
    for (const metric of metrics) {
      const figure = cgroup?.figures[metric];
      if (figure === undefined) return absent(text.notRead({ metric }));
      if ('absent' in figure) return figure;
      sum += figure.value;
    }
    return sum;
  };
}

/** CPU time of the processes in the trial's cgroup from /proc/<pid>/stat, ns; NaN if no snapshot was taken. */
export function processCpu({ processes }: TrialRecord): number {
  const own = processes.filter(({ inCgroup }) => inCgroup);
  return own.length === 0 ? Number.NaN : own.reduce((sum, { cpuNs }) => sum + (cpuNs ?? Number.NaN), 0);
}

/** Memory of a sandbox, bytes: with every page counted once, or by PSS. */
export function processFigure(metric: 'memory.resident' | 'memory.footprint'): TrialFigure {
  return (trial) => {
    const found = processMemory(trial);
    const value = found.find((each) => each.metric === metric)?.value;
    return value ?? absent(text.noProcessMemory({ metric }));
  };
}
