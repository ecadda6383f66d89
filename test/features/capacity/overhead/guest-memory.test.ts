import { describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import { parseParams } from '../../../../src/core/model/trial/cell.ts';
import type { ProcessUsage } from '../../../../src/core/model/trial/trial.ts';
import { guestDefaultMemory } from '../../../../src/core/runtimes/guest/guest-memory.ts';
import { containerLimits } from '../../../../src/features/capacity/overhead/container-limit.ts';
import { kataCapture, kataEstimate } from '../../../../src/features/capacity/overhead/guest-memory.ts';
import { computeOverhead } from '../../../../src/features/capacity/overhead/overhead.ts';
import type { Overhead } from '../../../../src/features/capacity/overhead/overhead-record.ts';
import { measuredRun } from '../../../../src/features/capacity/overhead/parts.ts';
import { runtimeClasses } from '../../../../src/features/capacity/overhead/runtime-class.ts';
import { overheadTable } from '../../../../src/features/capacity/overhead/table.ts';
import { runtimeCosts } from '../../../../src/features/capacity/plan/runtime-cost.ts';
import { heldBytes } from '../../../../workloads/lib/memory-scripts.ts';
import { capturedScan } from '../../../core/collect/cgroup/kata-captures.ts';
import { known, knownRun } from './known-run.ts';

const kibibyte = 2 ** 10;
const mebibyte = 2 ** 20;

describe('the capture of Kata 3.25.0', () => {
  const captured = capturedScan('v2-virtiofs-3.25.0');
  const anonKib = (role: string) =>
    captured
      .filter((process) => process.role === role)
      .reduce((sum, { pssAnonBytes }) => sum + (pssAnonBytes ?? Number.NaN), 0) / kibibyte;

  test('is what the estimate is made of', () => {
    expect(kataCapture.hostSideKib).toEqual({
      shim: anonKib('shim'),
      virtiofsd: anonKib('virtiofsd'),
      qemu: anonKib('vmm'),
    });
    const shared = captured.reduce((sum, { pssShmemBytes }) => sum + (pssShmemBytes ?? Number.NaN), 0);
    expect(kataCapture.guestKib).toBe(shared / kibibyte);
  });

  test('was of a guest with the usual memory', () => {
    const { idleBytes, guestBytes } = kataEstimate(guestDefaultMemory);
    expect(guestBytes).toBe(2048 * mebibyte);
    expect(idleBytes).toBe(
      captured.reduce(
        (sum, { pssAnonBytes, pssShmemBytes }) => sum + (pssAnonBytes ?? 0) + (pssShmemBytes ?? 0),
        0,
      ),
    );
  });
});

test.each([256, 2048])('a guest of %d MiB needs itself and what is around it', (mib) => {
  const { podFixed, hostSideBytes, idleBytes } = kataEstimate(mib * mebibyte);
  expect(podFixed.memoryBytes - hostSideBytes - mib * mebibyte).toBeLessThan(mebibyte);
  expect(podFixed.memoryBytes).toBeGreaterThanOrEqual(mib * mebibyte + hostSideBytes);
  expect(idleBytes).toBeLessThanOrEqual(podFixed.memoryBytes);
  expect(podFixed.milliCpu).toBeNull();
});

const workloads = await loadWorkloads();

/** A capture as the processes of a trial whose program holds so much: it is in the guest's memory, wherever that is. */
function capturedWith(set: string, held: number, real: boolean): readonly ProcessUsage[] {
  return capturedScan(set).map((each): ProcessUsage => {
    if (each.role !== 'vmm') return each;
    const isShared = (each.pssShmemBytes ?? 0) > 0;
    return {
      ...each,
      ...(real ? { emulation: null } : {}),
      ...(isShared
        ? { pssShmemBytes: (each.pssShmemBytes ?? 0) + held }
        : { pssAnonBytes: (each.pssAnonBytes ?? 0) + held }),
    };
  });
}

const vmOf = (memoryBytes: number | undefined) => ({
  comm: 'qemu-system-x86',
  inCgroup: false,
  emulation: null,
  ...(memoryBytes === undefined ? {} : { memoryBytes }),
});

/** The overhead of runc and of a Kata that was measured: its trials are captures of one. */
function measuredKata(
  set: string,
  {
    name = 'kata',
    guestBytes = undefined as number | undefined,
    configuredBytes = undefined as number | undefined,
    real = true,
    change = (processes: readonly ProcessUsage[]): readonly ProcessUsage[] => processes,
  } = {},
): Overhead {
  const { run, trials } = knownRun({
    runtimes: { runc: known.runc, [name]: known.runsc },
    blocks: 12,
    change: (trial) => {
      if (trial.cell.runtime !== name || trial.processes.length === 0) return trial;
      const size = heldBytes(parseParams(trial.cell.params).size) ?? 0;
      const processes = change(capturedWith(set, size, real));
      const shmem = processes.reduce((sum, { pssShmemBytes }) => sum + (pssShmemBytes ?? 0), 0);
      const text = 50 * mebibyte;
      return {
        ...trial,
        processes: [...processes],
        mappedAtSnapshot: { bytes: text + shmem, shareableBytes: text },
      };
    },
  });
  const runtimes = run.runtimes.map((each) =>
    each.entry.name === name ? { ...each, family: 'kata', platform: null, vm: vmOf(configuredBytes) } : each,
  );
  const measured = measuredRun({ ...run, runtimes }, trials, workloads);
  return computeOverhead({
    measured,
    native: 'runc',
    runtimes: null,
    confidence: 0.95,
    guestBytes,
    computed: [],
  });
}

const kataOf = ({ runtimes }: Overhead) => {
  const found = runtimes.find(({ family }) => family === 'kata');
  if (found === undefined) throw new Error('no Kata');
  return found;
};
const yamlOf = (overhead: Overhead) => runtimeClasses(overhead).split('---\n').at(-1) ?? '';

describe('podFixed of a Kata that was measured', () => {
  const overhead = measuredKata('v2-virtiofs-3.25.0');
  const kata = kataOf(overhead);

  test('is that of one that was not, whose figures are from the same capture', () => {
    const atRest = kata.size?.total.fixedBytes.high ?? Number.NaN;
    expect(atRest / mebibyte).toBeGreaterThan(400);
    expect(atRest / mebibyte).toBeLessThan(500);
    expect(kata.guest).toEqual({
      defaultBytes: guestDefaultMemory,
      hostSideBytes: (7_972 + 242 + 382 + 168_624) * kibibyte,
      isApart: true,
    });
    expect(kata.podFixed?.memoryBytes).toBe(kataEstimate(guestDefaultMemory).podFixed.memoryBytes);
  });

  test('holds the memory that the configuration gave its guests, unless another one is named', () => {
    const configuredBytes = 4 * 2 ** 30;
    const configured = kataOf(measuredKata('v2-virtiofs-3.25.0', { configuredBytes }));
    const estimate = (bytes: number) => kataEstimate(bytes).podFixed.memoryBytes;
    expect(configured.podFixed?.memoryBytes).toBe(estimate(configuredBytes));
    const guestBytes = 3 * 2 ** 30;
    const named = kataOf(measuredKata('v2-virtiofs-3.25.0', { configuredBytes, guestBytes }));
    expect(named.podFixed?.memoryBytes).toBe(estimate(guestBytes));
  });

  test('is what was seen where a guest has less', () => {
    const small = kataOf(measuredKata('v2-virtiofs-3.25.0', { guestBytes: 64 * mebibyte }));
    expect(small.podFixed?.memoryBytes).toBeGreaterThanOrEqual(small.size?.largestBytes ?? Infinity);
    expect(small.podFixed?.memoryBytes).toBeLessThan(500 * mebibyte);
  });

  test.each(['v2-9p', 'path-9p'])('of %s, whose guest is in the monitor’s own memory, is too much', (set) => {
    const { guest, podFixed, size } = kataOf(measuredKata(set));
    expect(guest).toMatchObject({ isApart: false, defaultBytes: guestDefaultMemory });
    expect(guest?.hostSideBytes).toBeGreaterThanOrEqual(size?.total.fixedBytes.high ?? Infinity);
    // Not what the largest program held as well.
    expect(podFixed?.memoryBytes).toBeLessThan(guestDefaultMemory + 350 * mebibyte);
    expect(yamlOf(measuredKata(set))).toContain('cannot be told apart');
  });

  test('is not known where no virtual machine was seen', () => {
    const without = kataOf(
      measuredKata('v2-virtiofs-3.25.0', { change: (all) => all.filter(({ role }) => role !== 'vmm') }),
    );
    expect(without).toMatchObject({ size: null, count: null, podFixed: null, guest: null });
    expect(without.absent[0]?.reason).toContain('its virtual machine was not among the processes');
  });

  test('has its reason in the YAML and in the table', () => {
    const text = yamlOf(overhead);
    expect(text).toContain('memory: "2222Mi"');
    expect(text).toMatch(/at least default_memory \(2048\.0 MiB\) \+ 173\.1 MiB for shim/);
    expect(text).toContain('--kata-memory');
    expect(text).not.toMatch(/or the largest sandbox|ou le plus grand bac à sable/);
    const table = overheadTable(overhead, containerLimits(overhead));
    expect(table.replaceAll(/\s+/g, ' ')).toMatch(/2\.00 GiB for the guest/);
  });

  test('says that its guests were emulated, where they were', () => {
    const emulated = measuredKata('v2-virtiofs-3.25.0', { real: false });
    expect(kataOf(emulated).emulation).toBe('QEMU TCG');
    expect(yamlOf(emulated)).toContain('# EMULATED: the processor of its guests was emulated (QEMU TCG)');
    expect(overheadTable(emulated, []).replaceAll(/\s+/g, ' ')).toContain(
      'kata: its guests were emulated (QEMU TCG), without KVM: its memory includes translated code',
    );
    expect(yamlOf(overhead)).not.toContain('EMULATED');
    expect(kata.emulation).toBeNull();
  });

  test('is what a plan counts, each guest with all of its memory', () => {
    const cost = runtimeCosts(overhead).get('kata');
    if (cost === undefined || 'text' in cost) throw new Error('no cost');
    const whole = kata.podFixed?.memoryBytes;
    expect(cost.fixedBytes).toEqual({ estimate: whole, low: whole, high: whole });
    expect(cost.share.high).toBe(0);
    expect(cost.notes.map(({ text }) => text).join(' ')).toContain(
      'each guest counts with all of its memory, 2222.0 MiB',
    );
  });

  test('is the same with sandbox_cgroup_only, where the limit of a container is its guest’s all the same', () => {
    const overhead = measuredKata('v2-9p-sandbox_cgroup_only');
    const { size, podFixed } = kataOf(overhead);
    expect(size?.inside?.fixedBytes.value).toBeGreaterThan(200 * mebibyte);
    expect(podFixed?.memoryBytes).toBeGreaterThan(guestDefaultMemory + 200 * mebibyte);
    expect(containerLimits(overhead).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^kata: mem_limit applies to the guest/),
    );
    const cost = runtimeCosts(overhead).get('kata');
    expect(cost !== undefined && 'inside' in cost ? cost.inside : 'none').toBeNull();
  });

  test('stands beside the name that the daemon has for the runtime', () => {
    expect(yamlOf(measuredKata('v2-virtiofs-3.25.0', { name: 'kata-qemu' }))).toContain(
      'handler: "kata-qemu"',
    );
  });
});
