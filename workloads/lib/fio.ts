import * as z from 'zod';
import { notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { MountRequest } from '../../src/core/model/workload/workload.ts';

const says = notices('tool.fio', {
  noJson: "no JSON in fio's output: {output}",
  badReport: "fio's report: {path}: {message}",
  jobCount: 'fio reports {measured} jobs named {name}, not one',
  jobFailed: "fio's job ended with error {error}",
  impossible: 'fio reports {what} {value}, which cannot be',
});

/** Possible locations of a workload's files. */
export const ioTargets = ['rootfs', 'bind', 'volume', 'tmpfs'] as const;
export type IoTarget = (typeof ioTargets)[number];

/** The directory of the files of every target but the root file system. */
const ioDirectory = '/scratch';

/** The file system of each target; for a workload's `parameters`. */
export const ioTargetMeaning =
  'where the files are: rootfs (the container’s own file system), bind (a directory of the host), volume (an anonymous volume of the engine) or tmpfs (memory inside the container)';

/** Check a target; RangeError where a parameter set names another. */
export function ioTarget(target: unknown): IoTarget {
  const found = ioTargets.find((candidate) => candidate === target);
  if (found === undefined) throw new RangeError(`there is no target '${target}'`);
  return found;
}

/** The mount that puts {@link ioDirectory} on the target; none for the root file system. */
export function ioMounts(target: IoTarget, tmpfsBytes: number): readonly MountRequest[] {
  if (target === 'rootfs') return [];
  return [{ type: target, target: ioDirectory, ...(target === 'tmpfs' ? { bytes: tmpfsBytes } : undefined) }];
}

/** The directory of a workload's files. */
export function ioDirectoryOf(target: IoTarget): string {
  return target === 'rootfs' ? '' : ioDirectory;
}

const latencySchema = z.object({
  mean: z.number(),
  percentile: z.record(z.string(), z.number()).optional(),
});

/** One direction of a job; the rest of fio's report is kept in the record but not read. */
const sideSchema = z.object({
  io_bytes: z.number(),
  bw_bytes: z.number(),
  iops: z.number(),
  total_ios: z.number(),
  runtime: z.number(),
  clat_ns: latencySchema,
});

const jobSchema = z.object({
  jobname: z.string(),
  error: z.number(),
  read: sideSchema,
  write: sideSchema,
  sync: z.object({ total_ios: z.number(), lat_ns: latencySchema }),
});
export type FioJob = z.infer<typeof jobSchema>;

const reportSchema = z.object({ jobs: z.array(jobSchema) });

/** Extract fio's JSON from the warnings before and after it. */
function jsonOf(stdout: string): unknown {
  const begin = stdout.indexOf('{');
  const end = stdout.lastIndexOf('}');
  try {
    return JSON.parse(stdout.slice(begin, end + 1));
  } catch {
    throw new ParseError(says.noJson({ output: JSON.stringify(stdout.slice(0, 120)) }));
  }
}

/** The one job of that name in fio's output with `--output-format=json`. ParseError where it failed or is missing. */
export function fioJob(stdout: string, name: string): FioJob {
  const measured = jobsIn(stdout).filter((candidate) => candidate.jobname === name);
  const [only] = measured;
  if (only === undefined || measured.length > 1)
    throw new ParseError(says.jobCount({ measured: measured.length, name }));
  if (only.error !== 0) throw new ParseError(says.jobFailed({ error: only.error }));
  return only;
}

function jobsIn(stdout: string): readonly FioJob[] {
  const parsed = reportSchema.safeParse(jsonOf(stdout));
  if (parsed.success) return parsed.data.jobs;
  const issue = parsed.error.issues[0];
  throw new ParseError(
    says.badReport({ path: String(issue?.path.join('.')), message: String(issue?.message) }),
  );
}

/**
 * Operations of all jobs of a report in JSON, and their latency where one side of one job did all; null for any other text.
 */
export function fioTotals(stdout: string): {
  readonly rate: number;
  readonly requests: number;
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
} | null {
  if (!/"fio version"/.test(stdout)) return null;
  const sides = jobsIn(stdout)
    .flatMap(({ read, write }) => [read, write])
    .filter((side) => side.total_ios > 0);
  const [only, ...others] = sides;
  if (only === undefined) return null;
  const at = (percentile: string) =>
    others.length > 0 ? undefined : only.clat_ns.percentile?.[`${percentile}.000000`];
  return {
    rate: sides.reduce((sum, { iops }) => sum + iops, 0),
    requests: sides.reduce((sum, { total_ios: ios }) => sum + ios, 0),
    p50: at('50'),
    p95: at('95'),
    p99: at('99'),
  };
}

/**
 * Plausible ranges: faster than any memory of today, slower than any disk. Outside, the tool or its clock is broken.
 */
export const plausible = {
  bandwidth: [1e3, 1e12],
  iops: [0.1, 1e9],
  latencyNs: [10, 60e9],
  count: [1, 1e9],
} as const;

/** The value if it lies in the range; ParseError otherwise. */
export function inRange(
  what: Message | string,
  value: number | undefined,
  [low, high]: readonly [number, number],
): number {
  if (value === undefined || !(value >= low && value <= high))
    throw new ParseError(says.impossible({ what, value: String(value) }));
  return value;
}
