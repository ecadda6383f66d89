import * as z from 'zod';
import { seed } from './program.ts';

/** How many values a map has added up, and their sum. */
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
  /** Page faults; 0 also where the program does not look at them. */
  readonly faults: number;
  /** `vforks`: processes that share their parent's memory until they execute a program. */
  readonly tasks: {
    readonly processes: number;
    readonly vforks: number;
    readonly threads: number;
    readonly execs: number;
  };
  /** Updates of maps that failed, and messages that were lost. */
  readonly lost: number;
}

/** A line of `bpftrace -f json` that comes while the program runs. */
export type BpfMark =
  | { readonly kind: 'ping' | 'armed' }
  /** CLOCK_MONOTONIC, ns. */
  | { readonly kind: 'open' | 'close'; readonly atNs: number };

const natural = z.number().int().nonnegative();
const counts = z.record(z.string().regex(/^\d{1,4}$/), natural);
const sums = z.object({ count: natural, average: z.number(), total: natural });
const times = z.record(z.string().regex(/^\d{1,4}$/), sums);
/** `1,perl`: the name of a process is the rest, whatever it holds. */
const places = z.record(z.string().regex(/^\d{1,4},.{0,64}$/s), sums);

/** A map that is empty prints `{}`; the program's own, which nobody reads, are of any form. */
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

/** What the program printed is not what it prints. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Parse a line of `bpftrace -f json`; null for an empty one. Throws OutputError for any other that is not known. */
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

/** Parse what the program prints by itself. Throws OutputError for anything else. */
export function parseMark(text: string): BpfMark {
  const found = /^(?:(ping|armed)|(open|close) (\d{1,19}))\n?$/.exec(text);
  if (found === null) throw new OutputError(`unknown mark: ${text.slice(0, 200)}`);
  const [, plain, timed, at] = found;
  if (plain === 'ping' || plain === 'armed') return { kind: plain };
  return { kind: timed === 'open' ? 'open' : 'close', atNs: Number(at) };
}

/**
 * Errors of helpers that lose no more than one count (errno(3)). EEXIST: two CPUs made the same key at once. ENOENT: two
 * probes took the same key away.
 */
const harmless: ReadonlySet<number> = new Set([-17, -2]);

/** How many counts a line says to be lost: it comes once for each, and a program that is watched can cause many. */
export function lostBy(line: Line): number {
  if (line.type === 'lost_events') return line.data.events;
  return line.type === 'helper_error' && !harmless.has(line.retcode) ? 1 : 0;
}

/** Add up the maps that the program printed at its end. */
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
