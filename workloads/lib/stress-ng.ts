import { notices } from '../../src/core/messages/define.ts';
import { lookup } from '../../src/core/model/nearest.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

/**
 * Wait until the container's own clock shows a second of uptime. Two reasons. A gVisor sandbox calibrates its clock in
 * its first second; until then, reading it is a system call instead of a few ns in the vDSO (pkg/sentry/time).
 * stress-ng treats the first reading of a clock at second 0 as missing, which would spoil its durations. On a host with
 * a longer uptime, runtimes that share its clock do not wait.
 */
const readSeconds = 'IFS=. read -r up _ </proc/uptime';
const waitForClock = `${readSeconds}; while [ "$up" -lt 1 ]; do sleep 0.05; ${readSeconds}; done; exec "$@"`;

/**
 * A command that starts after the container's clock has settled; the image must have `/bin/sh`. Its exit code is the command's.
 */
export function afterClockSettled(command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', waitForClock, 'sh', ...command];
}

const operationSays = notices('tool.operation', {
  impossibleTime: 'the tool reports {timeNs} ns an operation, which cannot be',
  impossibleRate: 'the tool reports {rate} operations a second, which cannot be',
});

/** Time and rate of one operation, independent of the measuring tool; shown in the map of system calls. */
export const operationMetrics: readonly [MetricDefinition, MetricDefinition] = [
  {
    id: 'op.time',
    unit: 'ns/op',
    better: 'lower',
    description: 'time of one operation, as the tool measured it; what one operation is depends on `op`',
  },
  {
    id: 'op.rate',
    unit: 'ops/s',
    better: 'higher',
    description:
      'operations per second over the whole time that the tool worked, what lies between them included',
  },
];

/** Bounds, ns: reading the clock through the vDSO takes some ns; no measured operation takes a minute. */
const plausibleNs = [0.5, 60e9] as const;

/**
 * The values of {@link operationMetrics}; the default rate is that of sequential operations. ParseError where the time
 * is impossible.
 */
export function operationValues(
  timeNs: number,
  rate: number = 1e9 / timeNs,
): readonly [ParsedValue, ParsedValue] {
  if (!(timeNs >= plausibleNs[0] && timeNs <= plausibleNs[1]))
    throw new ParseError(operationSays.impossibleTime({ timeNs }));
  if (!(rate > 0 && rate <= 1e9 / plausibleNs[0]))
    throw new ParseError(operationSays.impossibleRate({ rate }));
  return [
    { metric: 'op.time', unit: 'ns/op', better: 'lower', value: timeNs },
    { metric: 'op.rate', unit: 'ops/s', better: 'higher', value: rate },
  ];
}

/** The entry of a workload's table of operations that its parameter `op` names. RangeError where it has none. */
export function operationNamed<T>(
  workload: string,
  operations: Readonly<Record<string, T>>,
  op: string | number | undefined,
): T {
  const found = typeof op === 'string' ? lookup(operations, op) : undefined;
  if (found === undefined) throw new RangeError(`${workload} has no operation '${op}'`);
  return found;
}

const says = notices('tool.stressNg', {
  lineCount: "stress-ng's output has {found} lines of {what}, not one",
  failed: 'stress-ng: {failed}',
  twice: "stress-ng reports ''{name}'' twice",
  otherCount: 'stress-ng did {ops} operations of {stressor}, not {wanted}',
  impossibleRate: 'stress-ng reports {rate} operations of {stressor} a second',
  noMeasure: "stress-ng's output has no ''{measure}''",
});

/** One stressor with a fixed number of bogo operations, and the source of the time of one operation in its report. */
export interface StressorRun {
  readonly stressor: string;
  /** Bogo operations after which it ends. */
  readonly ops: number;
  readonly options?: readonly string[];
  /**
   * The stressor's own measure, as in its line of the miscellaneous metrics (`nanosecs per page fault`). Without it,
   * the time is real time over bogo operations.
   */
  readonly measure?: string;
}

/** Timeout of stress-ng for a stressor, s. A stressor with unfinished operations is not a data point. */
const timeoutSeconds = 30;

/**
 * stress-ng begins by filling a buffer of the size of the last-level cache, which few stressors use. On a large server that
 * takes hundreds of MB, tenths of a second, and half the container's memory. With a fixed size it starts immediately.
 */
export const smallCache: readonly string[] = ['--cache-size', '64K'];

/** The command of a stamped container that runs the stressor once, in one instance, with its files in `/scratch`. */
export function stressNgCommand({ stressor, ops, options = [] }: StressorRun): readonly string[] {
  return afterClockSettled(
    stamped([
      '/usr/bin/stress-ng',
      '--temp-path',
      '/scratch',
      ...smallCache,
      `--${stressor}`,
      '1',
      `--${stressor}-ops`,
      String(ops),
      ...options,
      '--metrics',
      '--timeout',
      String(timeoutSeconds),
    ]),
  );
}

/**
 * `stress-ng: metrc: [9] fork  100  0.07  0.01  0.01  1394.93  4258.22 …`: stressor, bogo ops, real, user and system
 * time in s, bogo ops per s of real time. The rate has more digits than the real time, so it is used for computing.
 */
const metrics =
  /^stress-ng: metrc: +\[\d+\] ([a-z0-9-]+) +(\d+) +(\d+\.\d+) +\d+\.\d+ +\d+\.\d+ +(\d+\.\d+) /;
/** `stress-ng: metrc: [9] fault   968.16 nanosecs per page fault (harmonic mean of 1 instance)`. */
const measures =
  /^stress-ng: metrc: +\[\d+\] ([a-z0-9-]+) +(\d+\.\d+) (.{1,120}) \([a-z]+ (?:mean )?of 1 instance\)$/;
const failure = /^stress-ng: (?:fail|error): +\[\d+\] (.*)$/m;

/** The part of the line that names skipped stressors, or null where none was. */
export function skippedLine(stdout: string): string | null {
  return (
    /^stress-ng: info: +\[\d+\] (.{0,200}skip(?:ped|ping).*)$/m
      .exec(withoutSummary(stdout))?.[1]
      ?.slice(0, 200) ?? null
  );
}

/** Remove the line with the number of skipped stressors, which every report has. */
function withoutSummary(stdout: string): string {
  return stdout.replace(/^stress-ng: info: +\[\d+\] skipped: .*$/gm, '');
}

function only<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new ParseError(says.lineCount({ found: found.length, what }));
  return first;
}

/**
 * Parse stress-ng's report of one stressor: finished bogo operations, their rate, and the stressor's own measures.
 * ParseError if there is none.
 */
export function parseStressor(
  stdout: string,
  stressor: string,
): { readonly ops: number; readonly rate: number; readonly measures: ReadonlyMap<string, number> } {
  const lines = stdout.split('\n').map((line) => line.trimEnd());
  const failed = failure.exec(stdout)?.[1];
  if (failed !== undefined) throw new ParseError(says.failed({ failed: failed.slice(0, 200) }));
  const row = only(
    lines.flatMap((line) => {
      const found = metrics.exec(line);
      return found?.[1] === stressor ? [found] : [];
    }),
    stressor,
  );
  const own = new Map<string, number>();
  for (const line of lines) {
    const found = measures.exec(line);
    const [, name, value, text = ''] = found ?? [];
    if (name !== stressor) continue;
    if (own.has(text)) throw new ParseError(says.twice({ name: text }));
    own.set(text, Number(value));
  }
  return { ops: Number(row[2]), rate: Number(row[4]), measures: own };
}

/**
 * Time and rate of one operation of a stressor. ParseError where it failed, did not finish its operations, or has
 * impossible figures.
 */
export function stressorValues(stdout: string, run: StressorRun): readonly ParsedValue[] {
  const { ops, rate, measures: own } = parseStressor(stdout, run.stressor);
  if (!(ops >= run.ops))
    throw new ParseError(says.otherCount({ ops, stressor: run.stressor, wanted: run.ops }));
  if (!(rate > 0)) throw new ParseError(says.impossibleRate({ rate, stressor: run.stressor }));
  if (run.measure === undefined) return operationValues(1e9 / rate, rate);
  const time = own.get(run.measure);
  if (time === undefined) throw new ParseError(says.noMeasure({ measure: run.measure }));
  return operationValues(time, rate);
}

/** The specific part of a workload with one stressor per operation; the rest is common. */
interface StressorWorkload extends Pick<Workload, 'title' | 'description' | 'refused'> {
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
    image: 'tools',
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
