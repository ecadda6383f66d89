import * as z from 'zod';
import { seed } from './program.ts';

/** Number of values that a map has added up, and their sum. */
interface Sum {
  readonly count: number;
  readonly total: number;
}

/** Everything that the program counted. Keys are numbers of system calls. */
export interface BpfCounts {
  readonly calls: ReadonlyMap<number, number>;
  readonly times: ReadonlyMap<number, Sum>;
  readonly places: readonly (Sum & { readonly number: number; readonly process: string })[];
  readonly bytes: ReadonlyMap<number, number>;
  /** Timed calls of 32-bit programs, whose numbers are those of other calls. */
  readonly compat: number;
  readonly loopCalls: ReadonlyMap<number, number>;
  readonly loopBytes: ReadonlyMap<number, number>;
  readonly switches: { readonly voluntary: number; readonly involuntary: number };
  /** Page faults; also 0 if the program does not trace them. */
  readonly faults: number;
  /** `vforks`: processes that share their parent's memory until they execute a program. */
  readonly tasks: {
    readonly processes: number;
    readonly vforks: number;
    readonly threads: number;
    readonly execs: number;
  };
  /** Number of failed map updates and lost messages. */
  readonly lost: number;
}

/** A mark that the program prints while it runs. */
export type BpfMark =
  | { readonly kind: 'ping' | 'armed' }
  /** CLOCK_MONOTONIC, ns. */
  | { readonly kind: 'open' | 'close'; readonly atNs: number };

const natural = z.number().int().nonnegative();
const counts = z.record(z.string().regex(/^\d{1,4}$/), natural);
const sums = z.object({ count: natural, average: z.number(), total: natural });
const times = z.record(z.string().regex(/^\d{1,4}$/), sums);
/** Keys such as `1,perl`: everything after the first comma is the process name, whatever it contains. */
const places = z.record(z.string().regex(/^\d{1,4},.{0,64}$/s), sums);

/** An empty map prints `{}`; the program's internal maps are not read, and may have any form. */
const mapsSchema = z.strictObject({
  '@calls': counts,
  '@loop_calls': counts,
  '@bytes': counts,
  '@loop_bytes': counts,
  '@switches': counts,
  '@tasks': counts,
  '@time': times,
  '@loop_time': times,
  '@place': places,
  '@compat': natural,
  '@faults': natural,
  '@gate': z.unknown(),
  '@start': z.unknown(),
  '@in': z.unknown(),
  '@out': z.unknown(),
});
const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['map', 'stats']), data: mapsSchema.partial() }),
  z.object({ type: z.literal('printf'), data: z.string() }),
  z.object({ type: z.literal('attached_probes'), data: z.unknown() }),
  z.object({ type: z.literal('lost_events'), data: z.object({ events: natural }) }),
  z.object({ type: z.literal('helper_error'), helper: z.string(), retcode: z.number().int() }),
]);
type Line = z.infer<typeof lineSchema>;

/** The output has an unexpected form. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Parses a line of `bpftrace -f json`; null if it is empty. Throws OutputError for an unknown line. */
export function parseLine(text: string): Line | null {
  if (text.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OutputError(`not JSON: ${text.slice(0, 200)}`);
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new OutputError(`unknown: ${text.slice(0, 200)}`);
}

/** Parses a mark. Throws OutputError for anything else. */
export function parseMark(text: string): BpfMark {
  const found = /^(?:(ping|armed)|(open|close) (\d{1,19}))\n?$/.exec(text);
  if (found === null) throw new OutputError(`unknown mark: ${text.slice(0, 200)}`);
  const [, plain, timed, at] = found;
  if (plain === 'ping' || plain === 'armed') return { kind: plain };
  return { kind: timed === 'open' ? 'open' : 'close', atNs: Number(at) };
}

/**
 * Errors of helpers that lose at most one count (errno(3)). EEXIST: two CPUs created the same key at the same time. ENOENT: two
 * probes deleted the same key.
 */
const harmless: ReadonlySet<number> = new Set([-17, -2]);

/** Number of lost counts that a line reports: one per line; the watched program can cause many. */
export function lostBy(line: Line): number {
  if (line.type === 'lost_events') return line.data.events;
  return line.type === 'helper_error' && !harmless.has(line.retcode) ? 1 : 0;
}

/** Sums up the maps that the program printed at its end. */
export function countsOf(lines: readonly Line[], lost: number): BpfCounts {
  const maps: z.infer<ReturnType<typeof mapsSchema.partial>> = {};
  for (const line of lines) if (line.type === 'map' || line.type === 'stats') Object.assign(maps, line.data);
  const byNumber = <V>(map: Readonly<Record<string, V>> | undefined) =>
    new Map(Object.entries(map ?? {}).map(([key, value]) => [Number(key), value]));
  const seeded = (map: Readonly<Record<string, number>> | undefined) => {
    const values = byNumber(map);
    return (key: number) => Math.max(0, (values.get(key) ?? 0) - seed);
  };
  const switches = seeded(maps['@switches']);
  const tasks = seeded(maps['@tasks']);
  return {
    calls: byNumber(maps['@calls']),
    times: byNumber(maps['@time']),
    places: Object.entries(maps['@place'] ?? {}).map(([key, { count, total }]) => {
      const comma = key.indexOf(',');
      return { number: Number(key.slice(0, comma)), process: key.slice(comma + 1), count, total };
    }),
    bytes: byNumber(maps['@bytes']),
    compat: maps['@compat'] ?? 0,
    loopCalls: byNumber(maps['@loop_calls']),
    loopBytes: byNumber(maps['@loop_bytes']),
    switches: { voluntary: switches(1), involuntary: switches(0) },
    faults: maps['@faults'] ?? 0,
    tasks: { processes: tasks(0), vforks: tasks(3), threads: tasks(1), execs: tasks(2) },
    lost,
  };
}
