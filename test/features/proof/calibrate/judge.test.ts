import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import { judgeComparison, trialsByArm } from '../../../../src/features/proof/calibrate/judge.ts';
import { checkedTexts } from '../../../core/messages/checked-texts.ts';
import { comparison, figures, probeTrial } from './builders.ts';

const millisecond = 1e6;
const cpu = comparison('cpu-100ms');
const blocks = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** Both arms of the CPU check: the runtime itself uses 30 ms, the program says what it burned, the cgroup counts `counted` of it. */
function cpuTrials(counted: (burnt: number, block: number) => number): TrialRecord[] {
  const own = 30 * millisecond;
  return blocks.flatMap((block) => {
    const burnt = (100 + block / 10) * millisecond;
    return [
      probeTrial(
        cpu.treatment,
        block,
        { cpuNs: burnt },
        figures({ 'cpu.usage': own + counted(burnt, block) }),
      ),
      probeTrial(cpu.control, block, { cpuNs: 0 }, figures({ 'cpu.usage': own })),
    ];
  });
}

const standing = (trials: readonly TrialRecord[], subject = cpu) =>
  judgeComparison(subject, trialsByArm(trials));
const judged = (trials: readonly TrialRecord[], subject = cpu) => standing(trials, subject).check;

describe('a known amount of CPU', () => {
  test('that is counted as it is passes, and warm-up is not in it', () => {
    const check = judged(cpuTrials((burnt, block) => (block === 0 ? 0 : burnt)));
    expect(check).toMatchObject({ verdict: 'pass', n: 8, note: '' });
    expect(check.measured).toBe(check.injected);
  });

  test('of which a sampler would have lost the end fails', () => {
    expect(judged(cpuTrials((burnt) => burnt * 0.9))).toMatchObject({
      verdict: 'fail',
      measured: 90.405 * millisecond,
    });
  });

  test('that is counted twice fails', () => {
    expect(judged(cpuTrials((burnt) => burnt * 2)).verdict).toBe('fail');
  });

  test('that is right on average but scatters is inconclusive, never a pass', () => {
    const random = seededRandom('scatter');
    const { check, settled, pairsToSettle } = standing(
      cpuTrials((burnt) => burnt + (random() - 0.5) * 60 * millisecond),
    );
    expect(check.verdict).toBe('inconclusive');
    expect(settled).toBeNull();
    expect(pairsToSettle).toBeGreaterThan(check.n);
  });

  test('is not judged with fewer than six pairs', () => {
    const few = cpuTrials((burnt) => burnt).filter(({ block }) => block <= 5);
    const { check, settled, pairsToSettle } = standing(few);
    expect(check).toMatchObject({ verdict: 'inconclusive', n: 5, low: null, high: null });
    // Its scatter is known well enough to guess that the sixth settles it; that of two pairs is not.
    expect({ settled, pairsToSettle }).toEqual({ settled: null, pairsToSettle: 6 });
    expect(standing(few.filter(({ block }) => block <= 2)).pairsToSettle).toBeNull();
  });

  test('that this host does not count is absent, with the reason', () => {
    const trials = cpuTrials((burnt) => burnt).map((trial) => ({
      ...trial,
      ...figures({ 'cpu.usage': 'cpu.stat: no such file' }),
    }));
    const { check, settled } = standing(trials);
    expect(check).toMatchObject({ verdict: 'absent', n: 0, measured: null, note: 'cpu.stat: no such file' });
    expect(settled).toBe('absent');
    // One reading that lacks it may do so by chance.
    expect(standing(trials.filter(({ block }) => block <= 2)).settled).toBeNull();
  });

  test('of trials that failed is not counted, and the failure is named', () => {
    const trials = cpuTrials((burnt) => burnt).map(
      (trial): TrialRecord =>
        trial.block % 2 === 0
          ? {
              ...trial,
              outcome: { status: 'failed', step: 'start', error: { code: 'x', message: 'no start' } },
            }
          : trial,
    );
    const check = judged(trials);
    expect(check).toMatchObject({
      verdict: 'inconclusive',
      n: 4,
      note: '4 failed, the first with: start: no start',
    });
    expect(checkedTexts(check)).toMatchObject({ note: '4 failed, the first with: start: no start' });
    expect(check.messages?.note?.id).toBe('calibration.someFailed');
  });
});

describe('figures that may be larger', () => {
  const forks = comparison('forks', 'runsc');
  const trials = (counted: number) =>
    blocks.flatMap((block) => [
      {
        ...probeTrial(forks.treatment, block, {}, figures({ 'pids.peak': 50 + counted })),
        output: forked(48),
      },
      { ...probeTrial(forks.control, block, {}, figures({ 'pids.peak': 50 })), output: forked(16) },
    ]);
  const forked = (count: number) => ({
    stdout: `ready cpu_ns=0 wall_ns=1 touched=0 written=0 forked=${count}\nend life_ns=1 late_cpu_ns=0\n`,
    stderr: '',
    truncated: false,
  });

  test('pass with what was injected or more, and fail with less', () => {
    expect(judged(trials(32), forks).verdict).toBe('pass');
    expect(judged(trials(66), forks).verdict).toBe('pass');
    expect(judged(trials(31), forks).verdict).toBe('fail');
  });

  test('need to be known to a tenth of what was injected, not to a tolerance of nothing', () => {
    const scattered = (by: number) =>
      standing(
        blocks.flatMap((block) => [
          {
            ...probeTrial(forks.treatment, block, {}, figures({ 'pids.peak': 82 + by * (block % 2) })),
            output: forked(48),
          },
          { ...probeTrial(forks.control, block, {}, figures({ 'pids.peak': 50 })), output: forked(16) },
        ]),
        forks,
      );
    expect(scattered(2).settled).toBe('precise');
    expect(scattered(20).settled).toBeNull();
  });

  test('a sentry may use more than its programs say, never less', () => {
    const own = comparison('cpu-100ms', 'runsc');
    const sentry = (factor: number) =>
      judged(
        cpuTrials((burnt) => burnt * factor).map((trial) => ({
          ...trial,
          cell: { ...trial.cell, runtime: 'runsc' },
        })),
        own,
      );
    expect(sentry(1.5).verdict).toBe('pass');
    expect(sentry(1).verdict).toBe('pass');
    expect(sentry(0.5).verdict).toBe('fail');
  });

  test('under runc they may not', () => {
    const exact = comparison('forks');
    const own = (counted: number) =>
      trials(counted).map((trial) => ({ ...trial, cell: { ...trial.cell, runtime: 'runc' } }));
    expect(judged(own(32), exact).verdict).toBe('pass');
    expect(judged(own(33), exact).verdict).toBe('fail');
  });
});

describe('a ratio', () => {
  const sampler = comparison('sampler');
  const marks = (ms: number): Partial<TrialRecord> => ({
    marks: [
      { name: 'create-begin', atNs: 0 },
      { name: 'first-output', atNs: ms * millisecond },
    ],
  });
  const trials = (slowdown: number) =>
    blocks.flatMap((block) => [
      probeTrial(sampler.treatment, block, {}, marks((150 + block) * slowdown)),
      probeTrial(sampler.control, block, {}, marks(150 + block)),
    ]);

  test('of 1 passes, of 1.2 and of 1/1.2 fails', () => {
    expect(judged(trials(1), sampler)).toMatchObject({ verdict: 'pass', injected: 1, measured: 1 });
    expect(judged(trials(1.2), sampler).verdict).toBe('fail');
    expect(judged(trials(1 / 1.2), sampler).verdict).toBe('fail');
    expect(judged(trials(1.2), sampler).measured).toBeCloseTo(1.2);
  });
});

describe('arms of other checks', () => {
  const second = comparison('cpu-1s');
  /** Every arm of the check in every block; the runtime itself uses what `own` says. */
  const trials = (own: (block: number, arm: number) => number, alone = false) =>
    blocks.flatMap((block) =>
      [second.treatment, second.control, ...(alone ? [] : (second.also?.controls ?? []))].map(
        (arm, index) => {
          const cpuNs = (arm.task.cpu_ms ?? 0) * millisecond;
          return probeTrial(arm, block, { cpuNs }, figures({ 'cpu.usage': cpuNs + own(block, index) }));
        },
      ),
    );
  const width = ({ low, high }: ReturnType<typeof judged>) => (high ?? 0) - (low ?? 0);

  test('narrow an interval at no cost, without moving it', () => {
    const random = seededRandom('also');
    const scatter = new Map<string, number>();
    const own = (block: number, arm: number) => {
      const key = `${block} ${arm}`;
      const known = scatter.get(key) ?? 30 * millisecond + random() * 20 * millisecond;
      scatter.set(key, known);
      return known;
    };
    const [alone, together] = [judged(trials(own, true), second), judged(trials(own), second)];
    expect(second.also?.controls).toHaveLength(2);
    expect(together.n).toBe(alone.n);
    expect(width(together)).toBeLessThan(0.9 * width(alone));
    expect(
      judged(
        trials(() => 30 * millisecond),
        second,
      ).measured,
    ).toBe(1000 * millisecond);
  });

  test('are of far smaller amounts, so that an error which grows with the amount is not in them', () => {
    for (const id of ['cpu-10ms', 'cpu-100ms', 'cpu-1s']) {
      const { treatment, also } = comparison(id);
      for (const { task } of also?.controls ?? [])
        expect(5 * (task.cpu_ms ?? 0), id).toBeLessThan(treatment.task.cpu_ms ?? 0);
    }
  });

  test('that failed, or have no figure, are left out', () => {
    const spoiled = trials(() => 30 * millisecond).map((trial, index) => {
      if (index % 4 === 2)
        return { ...trial, outcome: { status: 'timed-out' as const, step: 'start' as const, limitMs: 1 } };
      return index % 4 === 3 ? { ...trial, ...figures({ 'cpu.usage': 'no such file' }) } : trial;
    });
    expect(judged(spoiled, second)).toMatchObject({ verdict: 'pass', n: 8, note: '' });
  });
});

describe('the first output', () => {
  const delay = comparison('delay');
  const trials = (seenAfter: number, start: (block: number) => number) =>
    blocks.flatMap((block) =>
      [delay.treatment, delay.control].map((arm, index) => {
        const started = start(2 * block + index) * millisecond;
        const slept = arm.task.delay_ms ?? 0;
        const trial = probeTrial(arm, block, {});
        return {
          ...trial,
          output: {
            ...trial.output,
            stdout: `ready cpu_ns=0 wall_ns=${slept * millisecond} touched=0 written=0 forked=0\nend life_ns=0 late_cpu_ns=0\n`,
          },
          marks: [
            { name: 'start-begin' as const, atNs: 0 },
            { name: 'start-end' as const, atNs: started },
            { name: 'first-output' as const, atNs: started + (slept > 0 ? seenAfter : 0) * millisecond },
          ],
        };
      }),
    );

  test('is found whatever the start took, and missed if it is seen too late', () => {
    const scattering = (trial: number) => 200 + 150 * Math.sin(trial);
    expect(judged(trials(100, scattering), delay)).toMatchObject({ verdict: 'pass', n: 8 });
    expect(judged(trials(130, scattering), delay).verdict).toBe('fail');
  });

  test('is absent without the end of the start call', () => {
    const cut = trials(100, () => 1).map((trial) => ({ ...trial, marks: trial.marks.slice(0, 1) }));
    expect(judged(cut, delay)).toMatchObject({ verdict: 'absent' });
  });
});

describe('memory under gVisor', () => {
  const touched = comparison('touch-memory.footprint', 'runsc');
  const mebibyte = 2 ** 20;
  const sentry = (pssBytes: number) => ({
    pid: 1,
    ppid: 0,
    comm: 'exe',
    role: 'sentry' as const,
    inCgroup: true,
    cpuNs: 0,
    pssBytes,
    pssShmemBytes: mebibyte,
    pssAnonBytes: null,
  });
  const trials = (shmem: (touched: number) => number) =>
    blocks.flatMap((block) =>
      [touched.treatment, touched.control].map((arm) => {
        const bytes = arm.task.touch ?? 0;
        return probeTrial(
          arm,
          block,
          { touched: bytes },
          { processes: [sentry(25 * mebibyte)], shmemAtSnapshotBytes: shmem(bytes) },
        );
      }),
    );

  test('is found although no process maps it', () => {
    expect(
      judged(
        trials((bytes) => bytes + 4 * mebibyte),
        touched,
      ).verdict,
    ).toBe('pass');
  });

  test('would be missed by PSS alone, and then the check fails', () => {
    expect(
      judged(
        trials(() => 0),
        touched,
      ),
    ).toMatchObject({ verdict: 'fail', measured: 0 });
  });
});

describe('CPU in the time series', () => {
  const late = comparison('cpu-in-series');
  const reading = (trialId: string, ms: number, cpuMs: number) => ({
    trialId,
    atNs: ms * millisecond,
    costNs: 1,
    figures: { 'cpu.usage': cpuMs * millisecond },
  });
  /** The runtime's start costs something else every time; the program burns `counted` of it between the plateaus. */
  const judgeSeries = (counted: number) => {
    const readings = new Map<string, ReturnType<typeof reading>[]>();
    const trials = blocks.flatMap((block) =>
      [late.treatment, late.control].map((arm) => {
        const burnt = arm.task.late_cpu_ms ?? 0;
        const trial = {
          ...probeTrial(arm, block, { lateCpuNs: burnt * millisecond }),
          trialId: `${block}-${burnt}`,
          marks: [{ name: 'first-output' as const, atNs: 1_000 * millisecond }],
        };
        const start = 800 + 37 * block;
        const seen = burnt === 0 ? 0 : counted;
        readings.set(trial.trialId, [
          reading(trial.trialId, 900, start / 2),
          reading(trial.trialId, 1_100, start - 1),
          reading(trial.trialId, 1_300, start),
          reading(trial.trialId, 2_400, start + seen),
        ]);
        return trial;
      }),
    );
    return judgeComparison(late, trialsByArm(trials), readings).check;
  };

  test('is found whatever the start cost, and missed if it is not counted', () => {
    expect(judgeSeries(300)).toMatchObject({ verdict: 'pass', injected: 300 * millisecond, n: 8 });
    expect(judgeSeries(270).verdict).toBe('fail');
  });

  test('is absent without a reading after the first output', () => {
    const trials = blocks.flatMap((block) =>
      [late.treatment, late.control].map((arm) => probeTrial(arm, block, {})),
    );
    expect(judged(trials, late)).toMatchObject({ verdict: 'absent' });
  });
});
