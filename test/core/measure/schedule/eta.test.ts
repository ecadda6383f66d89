import { describe, expect, test } from 'vitest';
import { relativeHalfWidth, settledBy, shiftOf } from '../../../../src/core/analyze/claims/settled.ts';
import { timeLeft } from '../../../../src/core/measure/schedule/eta.ts';
import { decide } from '../../../../src/core/measure/schedule/sampling.ts';
import { openSubject, type SubjectProgress } from '../../../../src/core/measure/schedule/subject-progress.ts';
import { type Random, seededRandom } from '../../../../src/core/model/prng.ts';
import type { TimeLeft } from '../../../../src/core/model/run/sampling.ts';

const target = 0.03;
const settings = {
  baseline: 'runc',
  precision: null,
  thresholds: { practical: 0.05, alpha: 0.05 },
};
const runtimes = ['runc', 'runc#2', 'crun', 'runsc'];
const cellOf = (runtime: string, subject: string) => ({
  runtime,
  profile: 'default',
  layer: 'docker' as const,
  workload: subject,
  params: '',
});

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

interface Simulated {
  readonly minBlocks: number;
  readonly maxBlocks: number;
  readonly maxTimeMs: number;
  readonly subjects: number;
  /** Standard deviations of the logarithms of values: the least noisy and the noisiest subject's. */
  readonly noise: readonly [number, number];
  /** True ratios of runtimes to the baseline; 1 where absent. */
  readonly ratios?: Readonly<Record<string, number>>;
}

/** A run as the real rules stop it, with values and costs that scatter; at each block what was told, and what came true. */
function simulate(options: Simulated, seed: number): { told: TimeLeft; true: number; trivial: TimeLeft }[] {
  const { minBlocks, maxBlocks, maxTimeMs } = options;
  const config = { ...settings, minBlocks, maxBlocks, maxTimeMs };
  const random = seededRandom(`eta:${seed}`);
  const [quiet, loud] = options.noise;
  const subjects = Array.from({ length: options.subjects }, (_, i) => ({
    name: `s${i}`,
    spread: quiet * (loud / quiet) ** random(),
    cost: 300 * 20 ** random(),
    blocks: 0,
    values: new Map(runtimes.map((runtime) => [runtime, new Map<number, number>()])),
    costs: new Map(runtimes.map((runtime) => [runtime, [] as number[]])),
  }));
  const progress = (): SubjectProgress[] =>
    subjects.map(({ name, blocks, values, costs }) => ({
      subject: name,
      blocks,
      maxBlocks: 999,
      alive: true,
      cells: runtimes.map((runtime) => {
        const baseline = values.get('runc') ?? new Map<number, number>();
        const pairs = [...(values.get(runtime) ?? [])].map(
          ([block, value]) => [value, baseline.get(block) ?? Number.NaN] as const,
        );
        const shift = shiftOf(pairs, 0.95);
        const width = shift === null ? null : relativeHalfWidth(shift) / target;
        const settled = settledBy(pairs, { confidence: 0.95, target, practical: 0.05 });
        const sorted = (costs.get(runtime) ?? []).toSorted((a, b) => a - b);
        return {
          cell: cellOf(runtime, name),
          standing: runtime.startsWith('runc') || pairs.length === 0 ? undefined : { width, shift, settled },
          costMs: sorted[Math.floor(sorted.length / 2)] ?? null,
          givenUp: false,
        };
      }),
    }));
  let elapsed = 0;
  const told: { at: number; told: TimeLeft; trivial: TimeLeft }[] = [];
  for (let block = 0; ; block++) {
    const now = progress();
    const states = now.map((subject) => openSubject(subject, config));
    const decision = decide(states, config, elapsed);
    if (decision.kind === 'stop') break;
    if (block > 0) {
      const trivial = {
        minMs: 0,
        maxMs: Math.min(
          maxTimeMs - elapsed,
          states.reduce((sum, { costMs, blocks }) => sum + (costMs ?? 0) * (maxBlocks - blocks), 0),
        ),
      };
      told.push({ at: elapsed, told: timeLeft(now, config, elapsed), trivial });
    }
    for (const subject of subjects) {
      const own = states.find((state) => state.subject === subject.name);
      if (own === undefined || (block > 0 && !decision.subjects.includes(subject.name))) continue;
      if (block > 0) subject.blocks++;
      const shared = normal(random) * 0.05;
      for (const { cell } of own.open) {
        const cost = subject.cost * Math.exp(0.1 * normal(random)) * (random() < 0.02 ? 2 : 1);
        elapsed += cost;
        subject.costs.get(cell.runtime)?.push(cost);
        if (block > 0)
          subject.values
            .get(cell.runtime)
            ?.set(
              block,
              (options.ratios?.[cell.runtime] ?? 1) * Math.exp(shared + subject.spread * normal(random)),
            );
      }
    }
  }
  return told.map((one) => ({ told: one.told, trivial: one.trivial, true: elapsed - one.at }));
}

const hour = 3_600_000;
const adaptive = { minBlocks: 7, maxBlocks: 20, maxTimeMs: hour, subjects: 12, noise: [0.01, 0.06] } as const;
/** With how much of the width of the range that the limits alone give. */
const kinds: readonly (readonly [string, Simulated, number])[] = [
  ['precision ends it', adaptive, 0.65],
  ['some subjects go on to the last block', { ...adaptive, noise: [0.02, 0.2] }, 0.65],
  ['the time limit ends it', { ...adaptive, maxTimeMs: 900_000, noise: [0.05, 0.2] }, 0.35],
  ['clear cells end it', { ...adaptive, noise: [0.05, 0.1], ratios: { crun: 1.6, runsc: 9 } }, 0.65],
  ['one subject only', { ...adaptive, subjects: 1, maxBlocks: 40, noise: [0.04, 0.05] }, 0.9],
  ['very many subjects', { ...adaptive, subjects: 44, noise: [0.005, 0.1] }, 0.4],
];

test('as long as a cell has never run there is the time limit only', () => {
  const cells = runtimes.map((runtime) => ({
    cell: cellOf(runtime, 's'),
    standing: undefined,
    costMs: runtime === 'runsc' ? null : 1000,
    givenUp: false,
  }));
  const subjects = [{ subject: 's', blocks: 0, maxBlocks: 9, alive: true, cells }];
  const limits = { ...settings, minBlocks: 7, maxBlocks: 20, maxTimeMs: 60_000 };
  expect(timeLeft(subjects, limits, 20_000).maxMs).toBe(40_000);
  expect(timeLeft(subjects, limits, 90_000)).toEqual({ minMs: 0, maxMs: 0 });
});

describe.each(kinds)('%s', (_, kind, most) => {
  const moments = Array.from({ length: 12 }, (_, seed) => simulate(kind, seed)).flat();
  // Half a second and a fiftieth are neither here nor there.
  const within = ({ told, true: left }: (typeof moments)[number]) =>
    told.minMs * 0.98 - 500 <= left && left <= told.maxMs * 1.02 + 500;

  test('the time left is in the predicted range, nearly always', () => {
    const share = moments.filter(within).length / moments.length;
    expect(moments.length).toBeGreaterThan(80);
    expect(share).toBeGreaterThanOrEqual(0.93);
  });

  test('the range says more than the limits alone', () => {
    const width = ({ minMs, maxMs }: TimeLeft) => maxMs - minMs;
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
    const told = mean(moments.map((moment) => width(moment.told)));
    const trivial = mean(moments.map((moment) => width(moment.trivial)));
    expect(told / trivial).toBeLessThan(most);
  });
});
