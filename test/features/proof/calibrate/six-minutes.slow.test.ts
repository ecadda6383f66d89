import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { CalibrationCheck } from '../../../../src/features/proof/calibrate/calibration.ts';
import {
  cellOf,
  type ProbeComparison,
  runtimeComparisons,
} from '../../../../src/features/proof/calibrate/comparisons.ts';
import { runCalibration } from '../../../../src/features/proof/calibrate/loop.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';
import { probeTrial } from './builders.ts';

const runtimes = ['runc', 'crun', 'runsc'] as const;
type RuntimeName = (typeof runtimes)[number];
const millisecond = 1e6;
const mebibyte = 2 ** 20;

/** What one trial scatters (standard deviation), and takes, on a host. */
interface Noise {
  /** Time to the first output, as a fraction of it. */
  readonly start: Readonly<Record<RuntimeName, number>>;
  /** Time from the end of the start call to the first output, ms. */
  readonly output: Readonly<Record<RuntimeName, number>>;
  /** Time from the output to the exit, ms. */
  readonly exit: Readonly<Record<RuntimeName, number>>;
  /** CPU time of the container, ms. */
  readonly cpu: Readonly<Record<RuntimeName, number>>;
  /** Memory of a trial's processes, MiB. */
  readonly memory: number;
  /** Life of a container that only prints, ms, and what surrounds it in a trial. */
  readonly life: Readonly<Record<RuntimeName, number>>;
  readonly aroundMs: number;
}

/** Scatter of `startup/echo` in a standard run of a quiet host on 29 November 2026. */
const quiet: Noise = {
  start: { runc: 0.13, crun: 0.14, runsc: 0.075 },
  output: { runc: 1.4, crun: 1.7, runsc: 3.2 },
  exit: { runc: 5.4, crun: 3.9, runsc: 10.6 },
  cpu: { runc: 5, crun: 1, runsc: 10 },
  memory: 0.2,
  life: { runc: 248, crun: 200, runsc: 371 },
  aroundMs: 60,
};

const isKnown = (name: string): name is RuntimeName => (runtimes as readonly string[]).includes(name);

function scatterOf({ id, runtime }: ProbeComparison, noise: Noise): number {
  const own = isKnown(runtime) ? runtime : 'runc';
  if (id === 'sampler') return noise.start[own];
  if (id === 'delay') return noise.output[own] * millisecond;
  if (id === 'life') return noise.exit[own] * millisecond;
  if (id.startsWith('cpu-')) return (id === 'cpu-in-series' ? 1 : noise.cpu[own]) * millisecond;
  if (id === 'forks') return 0;
  return noise.memory * mebibyte;
}

const amounts: Readonly<Record<string, number>> = {
  'cpu-10ms': 10 * millisecond,
  'cpu-100ms': 100 * millisecond,
  'cpu-1s': 1000 * millisecond,
  'cpu-in-series': 300 * millisecond,
  'cpu-of-processes': 300 * millisecond,
  forks: 32,
  write: 32 * mebibyte,
  delay: 100 * millisecond,
  life: 150 * millisecond,
  sampler: 1,
};
const amountOf = ({ id }: ProbeComparison) => amounts[id] ?? 128 * mebibyte;

/** Wall time of a trial, ms. */
function durationOf({ runtime, probe, task }: ProbeComparison['control'], noise: Noise): number {
  const base = isKnown(runtime) ? noise.life[runtime] : noise.life.runc + 150;
  const { delay_ms = 0, cpu_ms = 0, life_ms = 0, forks = 0, late_cpu_ms } = task;
  const late = late_cpu_ms === undefined ? 0 : 650 + late_cpu_ms;
  return (
    base +
    noise.aroundMs +
    delay_ms +
    cpu_ms +
    life_ms +
    late +
    (forks > 0 ? 60 : 0) +
    (probe === 'held' ? 250 : 0)
  );
}

/** The checks of one simulated calibration of an instrument without errors. */
async function calibrated(
  noise: Noise,
  seed: number,
  maxTimeMs: number,
): Promise<readonly CalibrationCheck[]> {
  const random = seededRandom(`six minutes ${seed}`);
  const figures = new Map<string, number>();
  const real = runtimes.flatMap((name) => runtimeComparisons(name, name === 'runsc' ? 'runsc' : 'runc'));
  const comparisons = real.map((each): ProbeComparison => {
    const scatter = scatterOf(each, noise);
    const amount = amountOf(each);
    const treated = [each.treatment, ...(each.also?.treatments ?? [])].map((arm) =>
      JSON.stringify(cellOf(arm)),
    );
    return {
      ...each,
      truth: () => amount,
      figure: (trial) => {
        const key = `${each.runtime} ${each.id} ${trial.trialId}`;
        const known = figures.get(key);
        if (known !== undefined) return known;
        const isTreated = treated.includes(JSON.stringify(trial.cell));
        const error = scatter * gaussian(random);
        const value = each.scale === 'ratio' ? Math.exp(error) : error + (isTreated ? amount : 0);
        figures.set(key, value);
        return value;
      },
    };
  });
  const arms = new Map(
    comparisons
      .flatMap(({ treatment, control }) => [treatment, control])
      .map((arm) => [JSON.stringify(cellOf(arm)), arm]),
  );
  // The look at the host, the engine, images and preflights.
  let clock = 18_000;
  const now = () => clock;
  const interrupt = new AbortController().signal;
  return await runCalibration({
    comparisons,
    seed,
    minBlocks: 6,
    maxBlocks: 60,
    maxTimeMs: maxTimeMs - clock,
    interrupt,
    now,
    runTrial: async (spec, place) => {
      const arm = arms.get(JSON.stringify(spec.cell));
      if (arm === undefined) throw new Error(spec.trialId);
      clock += durationOf(arm, noise);
      return { record: { ...probeTrial(arm, place.block, {}), ...spec, ...place }, readings: [] };
    },
    writer: { appendBlock: () => undefined, appendTrial: () => undefined, appendReadings: () => undefined },
    engineLost: () => null,
    onBlock: () => undefined,
  });
}

/** Share of the checks of simulated calibrations that are decided, and of those that fail. */
async function decided(noise: Noise, times: number, maxTimeMs = 360_000) {
  const verdicts: CalibrationCheck['verdict'][] = [];
  const open = new Map<string, number>();
  for (let seed = 0; seed < times; seed++)
    for (const { id, verdict } of await calibrated(noise, seed, maxTimeMs)) {
      verdicts.push(verdict);
      if (verdict === 'inconclusive') open.set(id, (open.get(id) ?? 0) + 1 / times);
    }
  const share = (wanted: CalibrationCheck['verdict']) =>
    verdicts.filter((verdict) => verdict === wanted).length / verdicts.length;
  return { share: 1 - share('inconclusive'), failed: share('fail'), open };
}

/** Starts that scatter as little as on a quiet machine without a hypervisor. */
const steady: Noise = {
  ...quiet,
  start: { runc: 0.05, crun: 0.05, runsc: 0.05 },
};

/** A host on which everything takes twice as long, and scatters five times as much. */
const times = (by: number, values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, by * value])) as Noise['cpu'];
const busy: Noise = {
  start: times(5, quiet.start),
  output: times(5, quiet.output),
  exit: times(5, quiet.exit),
  cpu: times(5, quiet.cpu),
  memory: 1,
  life: times(2, quiet.life),
  aroundMs: 300,
};

const runs = 12;

/** Checks that no start, exit or CPU of the runtime itself scatters. */
const amountsOnly = /^(?:touch-|forks|cpu-in-series)/;

describe('six minutes decide about three runtimes', { timeout: 300_000 }, () => {
  test('nearly all where starts are steady', async () => {
    const { share, failed, open } = await decided(steady, runs);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(failed).toBe(0);
    for (const id of ['delay', 'cpu-1s']) expect(open.get(id) ?? 0, id).toBeLessThanOrEqual(0.1);
  });

  test('all but what starts move where starts scatter as in the reference run', async () => {
    const { share, failed, open } = await decided(quiet, runs);
    expect(share).toBeGreaterThanOrEqual(0.85);
    expect(failed).toBeLessThanOrEqual(0.005);
    for (const id of ['delay', 'cpu-1s']) expect(open.get(id) ?? 0, id).toBeLessThanOrEqual(0.1);
  });

  test('the exact amounts on a busy host, which has no time for all', async () => {
    const { share, failed, open } = await decided(busy, runs);
    expect(share).toBeGreaterThanOrEqual(0.4);
    expect(failed).toBeLessThanOrEqual(0.005);
    const exact = [...open].filter(([id]) => amountsOnly.test(id));
    for (const [id, each] of exact) expect(each, id).toBeLessThanOrEqual(0.3);
  });
});
