import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { jsonSchema } from '../../../../scripts/schemas.ts';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import type { RuntimeFacts } from '../../../../src/core/model/runtime/runtime.ts';
import type { TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';
import {
  computeOverhead,
  leastBlocks,
  nativeRuntime,
  type OverheadInput,
} from '../../../../src/features/capacity/overhead/overhead.ts';
import { type Overhead, overheadSchema } from '../../../../src/features/capacity/overhead/overhead-record.ts';
import { measuredRun } from '../../../../src/features/capacity/overhead/parts.ts';
import { kataMissing } from '../../../support/records.ts';
import { type KnownRunOptions, known, knownRun } from './known-run.ts';

const mebibyte = 2 ** 20;
let workloads: readonly Workload[];
beforeAll(async () => {
  workloads = await loadWorkloads();
});

function overheadFrom(
  options: KnownRunOptions = {},
  asked: Partial<OverheadInput> = {},
  facts: (runtime: RuntimeFacts) => RuntimeFacts = (runtime) => runtime,
): Overhead {
  const { run, trials } = knownRun(options);
  const measured = measuredRun({ ...run, runtimes: run.runtimes.map(facts) }, trials, workloads);
  return computeOverhead({
    measured,
    native: 'runc',
    runtimes: null,
    confidence: 0.95,
    guestBytes: 2 ** 31,
    computed: [],
    ...asked,
  });
}

const of = ({ runtimes }: Overhead, runtime: string) => {
  const found = runtimes.find((each) => each.runtime === runtime);
  if (found === undefined) throw new Error(`no ${runtime}`);
  return found;
};

test('a run that filled the host tells what one more costs among many', () => {
  const { run, trials } = knownRun({ blocks: 12 });
  const { runsc } = known;
  const knee = trials
    .filter(({ cell, block }) => cell.workload === 'startup/density' && block <= 2)
    .map((trial) => {
      // Thirty-two times as many, which take a MiB less each.
      const each = (bytes: number | null) => (bytes ?? 0) * 32 - 128 * mebibyte;
      return {
        ...trial,
        trialId: `${trial.trialId} knee`,
        cell: { ...trial.cell, workload: 'density/idle', params: 'upTo=256' },
        processes: trial.processes.map((one) => ({ ...one, pssAnonBytes: each(one.pssAnonBytes) })),
        figures: {
          'sandboxes.count': { value: 256, source: 'made' },
          'knee.end': { value: 256, source: 'made' },
          'step.128.resident': { value: 1, source: 'made' },
          'step.256.resident': { value: 2, source: 'made' },
        },
      };
    });
  const measured = measuredRun(run, [...trials, ...knee], workloads);
  const { count } = of(
    computeOverhead({
      measured,
      native: 'runc',
      runtimes: null,
      confidence: 0.95,
      computed: [],
    }),
    'runsc',
  );
  expect(count?.counts).toEqual([1, 8, 256]);
  const without = runsc.inside + runsc.outside + 0.1;
  expect((count?.perSandboxBytes.low ?? Number.NaN) / mebibyte).toBeLessThan(without - 0.5);
});

describe.each(['runc', 'crun', 'runsc'] as const)('the overhead of %s, which is known', (runtime) => {
  const { inside, outside, share, once, startMs, idleCpus } = known[runtime];
  let found: ReturnType<typeof of>;
  beforeAll(() => {
    found = of(overheadFrom({ blocks: 12 }), runtime);
  });

  test('is found: its fixed part within half a MiB, inside and outside of the cgroup', () => {
    const { total, inside: within, outside: beyond, kernelCounted } = found.size ?? {};
    expect((total?.fixedBytes.value ?? 0) / mebibyte).toBeCloseTo(inside + outside, 0);
    expect((within?.fixedBytes.value ?? Number.NaN) / mebibyte).toBeCloseTo(inside, 0);
    expect((beyond?.fixedBytes.value ?? Number.NaN) / mebibyte).toBeCloseTo(outside, 0);
    expect(kernelCounted).toBe(true);
  });

  test('is found: what grows with the program, within its interval', () => {
    const { low, high, value } = found.size?.total.share ?? { low: null, high: null, value: Number.NaN };
    expect(Math.abs(value - share)).toBeLessThan(0.002);
    expect(low ?? 1).toBeLessThanOrEqual(share + 0.0005);
    expect(high ?? -1).toBeGreaterThanOrEqual(share - 0.0005);
  });

  test('is found: by number of sandboxes, what one more costs and what all share', () => {
    const { perSandboxBytes, oncePerHostBytes, availableBytes, counts } = found.count ?? {};
    expect(counts).toEqual([1, 8]);
    expect((perSandboxBytes?.value ?? 0) / mebibyte).toBeCloseTo(inside + outside + 0.1, 0);
    expect((oncePerHostBytes?.value ?? 0) / mebibyte).toBeCloseTo(once, 0);
    expect(availableBytes?.value).toBeGreaterThan(perSandboxBytes?.value ?? Infinity);
  });

  test('is found: CPU of a start and at rest', () => {
    expect(found.startCpuNs?.value).toBeCloseTo(startMs * 1e6, -3);
    expect(found.idleCpus?.value).toBeCloseTo(idleCpus, 6);
  });

  test('is set aside: no less than it is, and less than a MiB and a thousandth too much', () => {
    const { memoryBytes, milliCpu } = found.podFixed ?? { memoryBytes: 0, milliCpu: 0 };
    expect(memoryBytes / mebibyte).toBeGreaterThanOrEqual(inside + outside);
    expect(memoryBytes / mebibyte).toBeLessThan(inside + outside + 2);
    expect(milliCpu).toBe(Math.ceil(idleCpus * 1000));
    expect(found.absent).toEqual([]);
  });
});

test('the record is what its schema says, to programs too', () => {
  const overhead = overheadFrom();
  expect(overheadSchema.parse(overhead)).toEqual(overhead);
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { 'date-time': true } });
  const validate = ajv.compile(jsonSchema('overhead'));
  expect(validate(JSON.parse(JSON.stringify(overhead))), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...overhead, confidence: 1 })).toBe(false);
});

describe('what cannot be known', () => {
  test('has no podFixed and says how many blocks an interval needs', () => {
    const found = of(overheadFrom({ blocks: 5 }), 'runsc');
    expect(found.size?.total.fixedBytes).toMatchObject({ low: null, high: null, blocks: 5 });
    expect(found.podFixed).toBeNull();
    expect(found.absent.map(({ reason }) => reason)).toEqual([
      '5 blocks are too few for an interval at 95%: it takes 6',
    ]);
  });

  test('is a higher confidence with few blocks', () => {
    expect(leastBlocks(0.95)).toBe(6);
    expect(leastBlocks(0.99)).toBe(8);
    const found = of(overheadFrom({ blocks: 7 }, { confidence: 0.999 }), 'runsc');
    expect(found.absent[0]?.reason).toBe('7 blocks are too few for an interval at 99.9%: it takes 11');
  });

  test('is a runtime that could not run: with the reason', () => {
    const overhead = overheadFrom(
      { change: (trial) => (trial.cell.runtime === 'runsc' ? null : trial) },
      {},
      (each) => (each.entry.name === 'runsc' ? { ...each, preflight: kataMissing } : each),
    );
    const found = of(overhead, 'runsc');
    expect(found).toMatchObject({
      size: null,
      count: null,
      startCpuNs: null,
      idleCpus: null,
      podFixed: null,
    });
    expect(new Set(found.absent.map(({ reason }) => reason))).toEqual(
      new Set(['the Kata shim is not installed']),
    );
  });

  test('is a runtime whose processes could not be read', () => {
    const unread = (trial: TrialRecord) => ({
      ...trial,
      processes: trial.processes.map((each) => ({ ...each, pssBytes: null, pssAnonBytes: null })),
    });
    const found = of(overheadFrom({ change: unread }), 'runsc');
    expect(found.size).toBeNull();
    expect(found.absent.find(({ part }) => part === 'size')?.reason).toContain('could not be read');
  });

  test('is kernel memory that is not counted: it is in neither side, and that is said', () => {
    const { size } = of(overheadFrom({ kernel: false }), 'runsc');
    expect(size?.kernelCounted).toBe(false);
    expect((size?.total.fixedBytes.value ?? 0) / mebibyte).toBeCloseTo(38.5, 0);
  });

  test('are times of an emulated guest', () => {
    const vm = { comm: 'qemu-system-x86', inCgroup: false, emulation: 'QEMU TCG' };
    const overhead = overheadFrom({}, {}, (each) => (each.entry.name === 'runsc' ? { ...each, vm } : each));
    const { startCpuNs, idleCpus, podFixed, absent, size } = of(overhead, 'runsc');
    expect([startCpuNs, idleCpus, podFixed?.milliCpu]).toEqual([null, null, null]);
    expect(size?.total.fixedBytes.value).toBeGreaterThan(0);
    expect(absent.map(({ part }) => part)).toEqual(['start', 'idle']);
    expect(absent[0]?.reason).toContain('QEMU TCG');
    expect(of(overhead, 'runsc').emulation).toBe('QEMU TCG');
    expect(of(overhead, 'runc').emulation).toBeNull();
  });
});

test('a virtual machine outside the cgroup: the limit is the guest’s, and the cgroup’s kernel memory is not its own', () => {
  const vm = { comm: 'qemu-system-x86', inCgroup: false, emulation: null };
  const overhead = overheadFrom({}, {}, (each) => (each.entry.name === 'runsc' ? { ...each, vm } : each));
  const { size } = of(overhead, 'runsc');
  expect(size?.inside).toBeNull();
  expect(size?.kernelCounted).toBe(false);
  expect(of(overhead, 'crun').size?.kernelCounted).toBe(true);
});

test('a trial that failed leaves the other sizes of its block', () => {
  const failing = (trial: TrialRecord): TrialRecord =>
    trial.block === 2 && trial.cell.params === 'size=512M'
      ? { ...trial, outcome: { status: 'timed-out', step: 'run', limitMs: 1 } }
      : trial;
  expect(of(overheadFrom({ change: failing }), 'runsc').size?.total.fixedBytes.blocks).toBe(8);
});

test('the warm-up, labels of the baseline and other layers are no measurement', () => {
  const odd = (trial: TrialRecord): TrialRecord =>
    trial.block === 0
      ? { ...trial, processes: trial.processes.map((each) => ({ ...each, pssAnonBytes: 1e12 })) }
      : trial;
  expect(of(overheadFrom({ change: odd }), 'runsc')).toEqual(of(overheadFrom(), 'runsc'));
});

describe('what a program uses by itself is said by', () => {
  const { run } = knownRun();
  const native = (baseline: string, change: (each: RuntimeFacts) => RuntimeFacts = (each) => each) =>
    nativeRuntime({ runtimes: run.runtimes.map(change), config: { ...run.config, baseline } });

  test('the baseline, where its containers have the host’s kernel', () => {
    expect(native('runc')).toBe('runc');
    expect(native('crun')).toBe('crun');
  });
  test('another such runtime, where they have not', () => expect(native('runsc')).toBe('runc'));
  test('none, where none could run', () => {
    expect(
      native('runc', (each) => (each.family === 'runsc' ? each : { ...each, preflight: kataMissing })),
    ).toBeNull();
  });
});
