import { describe, expect, test } from 'vitest';
import { limitsOf } from '../../../../src/app/measure/run-trials.ts';
import { defaultLimits, type StepLimits } from '../../../../src/core/measure/execute/deadline.ts';
import type { RuntimeFacts } from '../../../../src/core/model/runtime/runtime.ts';
import { virtualMachineOf } from '../../../../src/core/runtimes/guest/virtual-machine.ts';
import { type ChecksOptions, runChecks } from '../../../../src/features/proof/calibrate/checks.ts';
import { runtimeComparisons } from '../../../../src/features/proof/calibrate/comparisons.ts';
import { planCalibration } from '../../../../src/features/proof/calibrate/plan.ts';
import { calibrationTable } from '../../../../src/features/proof/calibrate/table.ts';
import { capturedScan } from '../../../core/collect/cgroup/kata-captures.ts';
import { runRecord, runtimeFacts } from '../../../support/records.ts';

/** Kata with the virtual machine of a capture, as a preflight sees it. */
function kataOf(set: string, tookMs = 400): RuntimeFacts {
  const vm = virtualMachineOf(capturedScan(set), 'kata');
  return { ...runtimeFacts('kata', { status: 'available', tookMs }), family: 'kata', vm };
}

const runc: RuntimeFacts = {
  ...runtimeFacts('runc', { status: 'available', tookMs: 300 }),
  family: 'runc',
};

function planned(kata: RuntimeFacts, maxTimeMs = 360_000) {
  const runtimes = [runc, kata];
  return planCalibration({
    runtimes,
    baseline: 'runc',
    minBlocks: 6,
    maxTimeMs,
    comparisons: runtimes.flatMap(({ entry, family }) => runtimeComparisons(entry.name, family)),
  });
}

const idsOf = (all: readonly { readonly id: string; readonly runtime: string }[], runtime: string) =>
  all.filter((each) => each.runtime === runtime).map(({ id }) => id);
const said = ({ said: all }: ReturnType<typeof planned>) => all.map(({ text }) => text).join('\n');

describe('under Kata 3.25.0 as captured, whose virtual machine is outside the cgroup, a calibration', () => {
  const plan = planned(kataOf('v2-virtiofs-3.25.0'));

  test('measures nothing that runs leave out: those checks are absent with the reason, at no cost', () => {
    expect(idsOf(plan.comparisons, 'kata')).toEqual([
      'touch-memory.resident',
      'touch-memory.footprint',
      'delay',
      'life',
      'sampler',
    ]);
    expect(idsOf(plan.absent, 'kata')).toEqual([
      'cpu-10ms',
      'cpu-100ms',
      'cpu-1s',
      'cpu-in-series',
      'cpu-of-processes',
      'touch-memory.peak',
      'touch-memory.anon+shmem',
      'write',
      'forks',
    ]);
    for (const { verdict, n, note } of plan.absent) {
      expect([verdict, n]).toEqual(['absent', 0]);
      expect(note).toContain('the virtual machine runs outside the container’s cgroup');
    }
  });

  test('leaves all of runc as it is', () => {
    expect(idsOf(plan.comparisons, 'runc')).toEqual(runtimeComparisons('runc', 'runc').map(({ id }) => id));
    expect(idsOf(plan.absent, 'runc')).toEqual([]);
  });

  test('says before it begins and in its table that the guests are emulated', () => {
    expect(said(plan)).toContain('kata: its guests are emulated (QEMU TCG), without KVM');
    const runtimes = [runc, kataOf('v2-virtiofs-3.25.0')];
    const table = calibrationTable({ checks: [], runtimes, host: { emulation: null }, busy: null });
    expect(table).toContain('! emulated guest (QEMU TCG)');
    expect(
      calibrationTable({ checks: [], runtimes: [runc], host: { emulation: null }, busy: null }),
    ).not.toContain('emulated');
  });
});

describe('with sandbox_cgroup_only, whose cgroup holds the virtual machine, a calibration', () => {
  const kata = kataOf('v2-9p-sandbox_cgroup_only');

  test('checks that cgroup, but not processes, which are the guest’s', () => {
    const { comparisons, absent } = planned(kata);
    expect(idsOf(comparisons, 'kata')).toContain('cpu-100ms');
    expect(idsOf(absent, 'kata')).toEqual(['forks']);
    expect(absent[0]?.note).toContain('whose processes the host does not see');
  });
});

test('a time limit into which the pairs of a slow runtime do not fit is told, with one that they need', () => {
  expect(said(planned(kataOf('v2-virtiofs-3.25.0', 400)))).not.toContain('--max-time');
  const slow = said(planned(kataOf('v2-virtiofs-3.25.0', 14_085)));
  expect(slow).toContain('the checks of kata need');
  expect(slow).toContain('takes 14.1 s here, and the limit is 6.0 min');
  expect(slow).toMatch(/--max-time \d\dm/);
  expect(slow).not.toContain('the checks of runc');
});

test('a start under Kata has the time of its family, or what the user gave', async () => {
  const runtimes = [runc, kataOf('v2-virtiofs-3.25.0')];
  const { engine } = runRecord();
  const usual = { config: {}, runtimes, engine };
  expect(limitsOf(usual, 'runc')).toEqual(defaultLimits);
  expect(limitsOf(usual, 'kata').startMs).toBeGreaterThan(defaultLimits.startMs);
  expect(limitsOf({ ...usual, config: { stepLimitMs: 5_000 } }, 'kata').startMs).toBe(5_000);
  let limits: ((runtime: string) => StepLimits) | null = null;
  const session = {
    hostPlace: null,
    guard: { lost: () => null },
    trials: (options: { limits: typeof limits }) => {
      limits = options.limits;
      return () => Promise.reject(new Error('no trial is expected'));
    },
  };
  await runChecks({
    session,
    config: { seed: 1, minBlocks: 6, maxBlocks: 200, samplePeriodMs: 100 },
    maxTimeMs: 1_000,
    images: [],
    comparisons: [],
    limitsOf: (runtime: string) => limitsOf(usual, runtime),
    clock: { now: () => 0 },
    began: 0,
    writer: {},
    reporter: {},
    interrupt: new AbortController().signal,
  } as unknown as ChecksOptions);
  const given = limits as ((runtime: string) => StepLimits) | null;
  expect(given?.('kata')).toEqual(limitsOf(usual, 'kata'));
});
