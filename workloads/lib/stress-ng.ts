import { notices } from '../../src/core/messages/define.ts';
import type { ParsedValue } from '../../src/core/model/metric.ts';
import { stamped } from '../../src/core/model/stamped.ts';
import { ParseError } from '../../src/core/model/workload.ts';
import { operationValues } from './operation.ts';
import { afterClockSettled } from './settled-clock.ts';

const says = notices('tool.stressNg', {
  lineCount: "stress-ng's output has {found} lines of {what}, not one",
  failed: 'stress-ng: {failed}',
  twice: "stress-ng reports ''{name}'' twice",
  otherCount: 'stress-ng did {ops} operations of {stressor}, not {wanted}',
  impossibleRate: 'stress-ng reports {rate} operations of {stressor} a second',
  noMeasure: "stress-ng's output has no ''{measure}''",
});

/** One stressor with a fixed number of bogo operations, and how its report gives the time of one operation. */
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
 * stress-ng begins by filling a buffer of the size of the last-level cache, which few stressors use. On a large server
 * that takes hundreds of MB, tenths of a second, and half the container's memory. With a fixed size it starts at once.
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
