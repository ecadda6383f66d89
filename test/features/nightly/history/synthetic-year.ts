import {
  blocks,
  blocksAround,
  type HostNight,
  hostNights,
  measureOf,
} from '../../../../bench/prove/nightly-host.ts';
import { subjectSeries } from '../../../../bench/prove/nightly-series.ts';
import { studentQuantile } from '../../../../src/core/analyze/stats/distributions.ts';
import { type Random, seededRandom } from '../../../../src/core/model/prng.ts';
import type { Better, Category, Unit } from '../../../../src/core/model/workload/metric.ts';
import type {
  AcceptLine,
  AlarmLine,
  HeadlineLine,
  HistoryLine,
  NightLine,
  NightProvenance,
} from '../../../../src/features/nightly/history/record.ts';
import { countedLines, type History } from '../../../../src/features/nightly/history/recorded-series.ts';
import type { Measure } from '../../../../src/features/nightly/history/series.ts';

/** What a simulated subject is called, and what it measures. */
interface Subject {
  readonly workload: string;
  readonly params?: string;
  readonly metric: string;
}

const timed = (metric: string, ...workloads: readonly string[]): readonly Subject[] =>
  workloads.map((workload) => {
    const [name = '', params = ''] = workload.split('?');
    return { workload: name, params, metric };
  });

/** As many of each category as the simulation of the guard has. */
const subjects: Readonly<Record<string, readonly Subject[]>> = {
  startup: timed(
    'startup.to_output',
    'startup/echo',
    'startup/echo?count=4',
    'startup/echo?count=8',
    'startup/exec',
    'startup/serving',
    'startup/serving-node',
    'startup/stop',
  ),
  app: [
    ...timed('gcc.file', 'app/gcc'),
    ...timed('python.round', 'app/python-script', 'app/python-script?threads=2'),
    ...timed('python.start', 'app/python-start'),
  ],
  io: timed(
    'fio.bandwidth',
    'io/fio?op=read;target=bind',
    'io/fio?op=write;target=bind',
    'io/fio?op=read;target=tmpfs',
    'io/fio?op=randread;target=tmpfs',
  ),
  network: timed('http.requests_rate', 'network/http', 'network/http?connections=8'),
  syscall: timed('syscall.trivial', 'syscall/trivial', 'syscall/file', 'syscall/process', 'syscall/thread'),
  cpu: timed('sysbench.events_rate', 'cpu/sysbench?threads=1'),
  memory: timed('memory.peak', 'memory/idle', 'memory/smallest', 'memory/app'),
};

const units: Readonly<Record<string, readonly [Unit, Better, number]>> = {
  startup: ['ns', 'lower', 1.5e8],
  app: ['ns', 'lower', 2.4e9],
  io: ['bytes/s', 'higher', 4.8e8],
  network: ['ops/s', 'higher', 9_400],
  syscall: ['ns/op', 'lower', 310],
  cpu: ['ops/s', 'higher', 1_230],
  memory: ['bytes', 'lower', 2.1e7],
};

/** What a runtime's pin takes of what runc's takes, roughly. */
const costs: Readonly<Record<string, number>> = { runc: 1, crun: 0.9, runsc: 1.8 };

/** Days on which something changes, as a part of the year. */
const events = { image: 0.1, runc: 0.33, kernel: 0.55, engine: 0.77, crun: 0.93, runsc: 0.95 } as const;
type Event = keyof typeof events;

/** Which series an event moves, and by what ratio. */
const moves: Readonly<
  Record<Event, { readonly size: number; readonly hits: (line: HeadlineLine) => boolean }>
> = {
  runc: {
    size: 1.12,
    hits: ({ against, runtime, category }) =>
      against === 'pin' && runtime === 'runc' && category === 'startup',
  },
  image: { size: 1, hits: () => false },
  kernel: { size: 1, hits: () => false },
  engine: {
    size: 0.91,
    hits: ({ against, runtime, category }) =>
      against === 'baseline' && runtime === 'runsc-pin' && category === 'io',
  },
  crun: {
    size: 1.34,
    hits: ({ against, runtime, workload }) =>
      against === 'pin' && runtime === 'crun' && workload.startsWith('memory/'),
  },
  runsc: {
    size: 0.86,
    hits: ({ against, runtime, category }) =>
      against === 'pin' && runtime === 'runsc' && category === 'syscall',
  },
};

const directions: Readonly<Record<Event, AlarmLine['direction']>> = {
  image: 'other',
  runc: 'worse',
  kernel: 'other',
  engine: 'worse',
  crun: 'worse',
  runsc: 'better',
};

const changes: Readonly<Record<Event, AlarmLine['cause']>> = {
  runc: { kind: 'runtime', changed: [{ what: 'runc', was: '1.1.15', is: '1.3.6' }] },
  image: { kind: 'unknown', changed: [] },
  kernel: { kind: 'kernel', changed: [] },
  engine: {
    kind: 'engine',
    changed: [
      { what: 'Docker', was: '26.1.5', is: '27.5.1' },
      { what: 'containerd', was: '1.7.24', is: '1.7.27' },
    ],
  },
  crun: { kind: 'runtime', changed: [{ what: 'crun', was: '1.21', is: '1.22' }] },
  runsc: { kind: 'runtime', changed: [{ what: 'runsc', was: '20240729.0', is: '20250106.0' }] },
};

const host = '3f9a1c07d2be4856';
const firstDay = Date.UTC(2025, 10, 27);
const dayOf = (i: number) => new Date(firstDay + i * 86_400_000).toISOString().slice(0, 10);

export interface YearOptions {
  readonly nights?: number;
  readonly seed?: string;
  /** Only these categories. */
  readonly categories?: readonly Category[];
}

/**
 * Nights of 25 subjects under three runtimes: 150 series on the host of the guard's simulation, with an image that begins a
 * segment, a runc that was updated and accepted, a kernel, an engine, and two runtimes whose alarms are open. The same seed gives
 * the same lines.
 */
export function syntheticYear({
  nights = 365,
  seed = 'e',
  categories,
}: YearOptions = {}): readonly HistoryLine[] {
  const random = seededRandom(`dashboard ${seed}`);
  const days = Object.entries(events).map(
    ([name, part]) => [name as Event, Math.round(part * nights)] as const,
  );
  const lines: HistoryLine[] = [];
  let day = 0;
  for (const night of hostNights(random)) {
    if (day === nights) break;
    lines.push(...nightOf(day++, night, { random, days, categories }));
  }
  return lines;
}

/** The same, as what counts of it. */
export function yearHistory(options: YearOptions = {}): History {
  return countedLines(syntheticYear(options));
}

interface Simulated {
  readonly random: Random;
  readonly days: readonly (readonly [Event, number])[];
  readonly categories: readonly Category[] | undefined;
}

function nightOf(
  day: number,
  shifts: HostNight,
  { random, days, categories }: Simulated,
): readonly HistoryLine[] {
  const night = dayOf(day);
  const at = `${night}T02:0${Math.floor(random() * 10)}:00.000Z`;
  const when = { schema: 1, night, at, host } as const;
  const run = `${night.replaceAll('-', '')}-0200-${day.toString(16).padStart(4, '0')}`;
  const alarmed = days.filter(([name, begin]) => begin + 1 === day && moves[name].size !== 1);
  // A night in which something is confirmed was measured.
  if (shifts.missing && !days.some(([, begin]) => begin === day || begin + 1 === day))
    return absent(when, random);
  const line = (stage: NightLine['stage'], headlines: number): NightLine => ({
    kind: 'night',
    ...when,
    began: when.at,
    run,
    stage,
    status: 'measured',
    reason: '',
    headlines,
    minutes: 24.6,
    aa: { rms: 0.9 + 0.2 * random(), widening: 1 },
    disturbed: shifts.disturbed ? 0.3 + 0.4 * random() : 0.04 * random(),
  });
  const firsts = headlinesOf(shifts, { random, days, categories, day, when, run });
  const reruns = alarmed.flatMap(([name]) =>
    firsts
      .filter(moves[name].hits)
      .map((first) => rerunOf(first, Math.log(moves[name].size), shifts, random)),
  );
  const alarms = alarmed.flatMap(([name], i): readonly AlarmLine[] => {
    const hit = reruns.filter((line) => moves[name].hits(line) && isShown(line, moves[name].size));
    return hit.length === 0
      ? []
      : [alarmOf(name, hit, { when, run, since: dayOf(day - 1), id: `${night}/${i + 1}` })];
  });
  const accepted = days.flatMap(([name, begin]): readonly AcceptLine[] =>
    begin + 3 === day && (name === 'runc' || name === 'engine')
      ? [
          {
            kind: 'accept',
            ...when,
            at: `${night}T09:12:00.000Z`,
            alarm: `${dayOf(begin + 1)}/1`,
            why: name === 'runc' ? 'runc 1.3.6 is wanted' : 'Docker 27 stays',
          },
        ]
      : [],
  );
  return [
    ...firsts,
    line('night', firsts.length),
    ...(reruns.length === 0 ? [] : [...reruns, ...alarms, line('confirmation', reruns.length)]),
    ...accepted,
  ];
}

/** Does a rerun show the change by itself? */
function isShown({ against, low, high }: HeadlineLine, size: number): boolean {
  return against !== 'pin' || (size > 1 ? (low ?? 0) > 1 : (high ?? 2) < 1);
}

/** A night that was not measured: skipped, failed, or there is none at all. */
function absent(
  when: Pick<NightLine, 'schema' | 'night' | 'at' | 'host'>,
  random: Random,
): readonly HistoryLine[] {
  const chance = random();
  if (chance < 0.3) return [];
  const [status, reason] =
    chance < 0.8
      ? (['skipped', 'others use 38 % of the CPUs, more than the limit of 10 %'] as const)
      : chance < 0.9
        ? (['failed', 'no space left on device: /var/lib/ocibench/images'] as const)
        : (['interrupted', 'it was interrupted; what was measured until then counts'] as const);
  return [
    {
      kind: 'night',
      ...when,
      began: when.at,
      run: null,
      stage: 'night',
      status,
      reason,
      headlines: 0,
      minutes: 0,
      aa: null,
      disturbed: 0,
    },
  ];
}

interface OfNight extends Simulated {
  readonly day: number;
  readonly when: Pick<NightLine, 'schema' | 'night' | 'at' | 'host'>;
  readonly run: string;
}

function headlinesOf(night: HostNight, of: OfNight): readonly HeadlineLine[] {
  const { random, days, categories, day, when, run } = of;
  const isAfter = (name: Event) => days.some(([each, begin]) => each === name && day >= begin);
  const medians = new Map<string, number>();
  // Values first, then pins by the baseline's, then runtimes by their own pins.
  const order = ['null', 'baseline', 'pin'];
  const cells = subjectSeries
    .map((cell, i) => ({ cell, shift: night.shift[i] ?? 0 }))
    .filter(
      ({ cell, shift }) => !Number.isNaN(shift) && (categories?.includes(cell.category as Category) ?? true),
    )
    .toSorted((a, b) => order.indexOf(a.cell.against) - order.indexOf(b.cell.against));
  return cells.flatMap(({ cell, shift }): readonly HeadlineLine[] => {
    const [place = '', watched = ''] = cell.id.split(' ');
    const [category = '', number = '0'] = place.split('/');
    const subject = subjects[category]?.[Number(number)];
    const [unit, better, typical] = units[category] ?? ['ns', 'lower', 1];
    if (subject === undefined) return [];
    const against = cell.against === 'null' ? 'none' : cell.against;
    const runtime = against === 'pin' ? watched : `${watched}-pin`;
    const reference = { pin: `${watched}-pin`, baseline: 'runc-pin', none: null }[against];
    const cost = better === 'higher' ? 1 / (costs[watched] ?? 1) : (costs[watched] ?? 1);
    const level = { pin: 1, baseline: cost, none: typical * (1 + Number(number)) }[against];
    const { workload, params = '', metric } = subject;
    const what = reference === null ? runtime : `${runtime} ÷ ${reference}`;
    const base: HeadlineLine = {
      kind: 'headline',
      ...when,
      run,
      stage: 'night',
      runtime,
      profile: 'default',
      layer: 'docker',
      workload,
      params,
      series: `${what} ${workload}${params === '' ? '' : `?${params}`} ${metric}`,
      category: category as Category,
      metric,
      unit,
      better,
      against,
      reference,
      estimate: 1,
      low: null,
      high: null,
      logError: 0,
      df: 1,
      pairs: night.blocks,
      median: 1,
      failures: random() < 0.004 ? 1 : 0,
      disturbed: night.disturbed ? 0.2 + 0.6 * random() : 0,
      provenance: provenanceOf(runtime, reference, isAfter),
    };
    const moved = days.reduce(
      (sum, [name, begin]) => sum + (day >= begin && moves[name].hits(base) ? Math.log(moves[name].size) : 0),
      0,
    );
    const measured = measureOf([
      blocksAround(Math.log(level) + shift + moved, cell.deviation, night, night.blocks, random),
    ]);
    const own = reference === null ? 1 : medians.get(`${place} ${reference}`);
    if (own === undefined) return [];
    const median = Math.exp(measured.log) * own * (1 + 0.01 * (random() - 0.5));
    medians.set(`${place} ${runtime}`, median);
    return [{ ...base, ...estimateOf(measured), median }];
  });
}

const quantiles = new Map<number, number>();

function estimateOf({
  log,
  se,
  df,
}: Measure): Pick<HeadlineLine, 'estimate' | 'low' | 'high' | 'logError' | 'df'> {
  const quantile = quantiles.get(df) ?? studentQuantile(0.975, df);
  quantiles.set(df, quantile);
  const half = quantile * se;
  return {
    estimate: Math.exp(log),
    low: Math.exp(log - half),
    high: Math.exp(log + half),
    logError: se,
    df,
  };
}

function rerunOf(first: HeadlineLine, moved: number, night: HostNight, random: Random): HeadlineLine {
  const centre = first.against === 'pin' ? moved : Math.log(first.estimate);
  const deviation = first.logError * Math.sqrt(first.pairs);
  return {
    ...first,
    stage: 'confirmation',
    ...estimateOf(measureOf([blocksAround(centre, deviation, night, blocks.rerun, random)])),
    pairs: blocks.rerun,
  };
}

function alarmOf(
  name: Event,
  hit: readonly HeadlineLine[],
  { when, run, since, id }: Pick<OfNight, 'when' | 'run'> & { readonly since: string; readonly id: string },
): AlarmLine {
  return {
    kind: 'alarm',
    ...when,
    id,
    run,
    direction: directions[name],
    cause: changes[name],
    since,
    series: hit.map(({ series, estimate, low, high, against }, i) => {
      // The level of a ratio to the baseline is not 1: the alarm tells the change alone.
      const level = against === 'pin' ? 1 : estimate / moves[name].size;
      return {
        series,
        change: estimate / level,
        low: (low ?? estimate) / level,
        high: (high ?? estimate) / level,
        p: 10 ** -(4 + i),
        nights: 112 + i,
      };
    }),
  };
}

function provenanceOf(
  runtime: string,
  reference: string | null,
  isAfter: (name: Event) => boolean,
): NightProvenance {
  const program = (name: string) => {
    const [was, is] = {
      runc: ['1.1.15', '1.3.6'],
      crun: ['1.21', '1.22'],
      runsc: ['20240729.0', '20250106.0'],
    }[name] ?? [null, null];
    const watched = name.replace(/-pin$/, '');
    if (watched !== name)
      return {
        version: { runc: '1.1.15', crun: '1.21', runsc: '20240729.0' }[watched] ?? null,
        sha256: `pin${watched}`.padEnd(64, '0'),
      };
    return isAfter(name as Event)
      ? { version: is ?? null, sha256: `b2${name}`.padEnd(64, '1') }
      : { version: was ?? null, sha256: `a1${name}`.padEnd(64, '0') };
  };
  return {
    harness: '0.1.0',
    kernel: isAfter('kernel') ? '6.18.2' : '6.12.57',
    cpu: 'AMD EPYC 9354P',
    microcode: '0xa101154',
    mitigations: '5d1f0c9a7e3b2468',
    governor: 'performance',
    engine: 'embedded',
    engineVersion: isAfter('engine') ? '27.5.1' : '26.1.5',
    containerd: isAfter('engine') ? '1.7.27' : '1.7.24',
    cgroup: 'v2',
    runtime: program(runtime),
    reference: reference === null ? null : program(reference),
    image: (isAfter('image') ? 'c0ffee' : 'decaf').padEnd(64, '0'),
    workload: '9b1d3c5f7a2e4860',
  };
}
