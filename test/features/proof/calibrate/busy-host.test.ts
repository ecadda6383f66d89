import { describe, expect, test } from 'vitest';
import type { OtherUse } from '../../../../src/app/other-use.ts';
import { takeHostSnapshot } from '../../../../src/core/collect/host-snapshot.ts';
import { warnIfBusy } from '../../../../src/features/proof/calibrate/busy-host.ts';
import { exitCodeOf } from '../../../../src/features/proof/calibrate/calibrate.ts';
import type { CalibrationCheck } from '../../../../src/features/proof/calibrate/calibration.ts';
import { recorder, testContext } from '../../../support/app-context.ts';

/** What is said on a host of which others use this share, and how long it takes, ms. */
async function said(share: number) {
  let nowMs = 0;
  const warnings: string[] = [];
  const context = testContext();
  const use: OtherUse | null = await warnIfBusy(
    {
      reporter: { ...recorder(), warn: ({ text }) => warnings.push(text) },
      clock: {
        ...context.clock,
        sleep: async (ms) => {
          nowMs += ms;
        },
      },
      host: {
        ...context.host,
        counters: async () => ({
          ...takeHostSnapshot(),
          atNs: nowMs * 1e6,
          cpus: 2,
          busyNs: share * 2 * nowMs * 1e6,
          stealNs: 0,
        }),
        processTimes: async () =>
          new Map([['9:1', { pid: 9, name: 'cc1', container: null, cpuNs: share * nowMs * 1e6 }]]),
      },
    },
    new AbortController().signal,
  );
  return { use, warnings, nowMs };
}

describe('before a calibration', () => {
  test('a busy host is said within 30 s, with the process to end', async () => {
    const { use, warnings, nowMs } = await said(0.8);
    expect(nowMs).toBeLessThan(30_000);
    expect(use?.by).toHaveLength(1);
    expect(warnings[0]).toBe(
      'this host is busy: other processes use 80 % of its CPUs, more than 10 %: cc1 (pid 9), 80 % of a CPU',
    );
    expect(warnings[1]).toMatch(/^fix: end these/);
  });

  test('a quiet host costs one look, and nothing is said', async () => {
    const { use, warnings, nowMs } = await said(0.02);
    expect(use).toBeNull();
    expect(warnings).toEqual([]);
    expect(nowMs).toBeLessThan(5_000);
  });
});

describe('the exit code', () => {
  const of = (verdicts: readonly CalibrationCheck['verdict'][], interrupted = false) =>
    exitCodeOf({ interrupted, checks: verdicts.map((verdict) => ({ verdict }) as CalibrationCheck) });

  test.each([
    [['pass', 'absent'], 0],
    [['pass', 'fail', 'inconclusive'], 1],
    [['pass', 'inconclusive'], 5],
    [['absent'], 5],
    [[], 5],
  ] as const)('of %j is %d', (verdicts, code) => expect(of(verdicts)).toBe(code));

  test('of an interrupted one is 130', () => expect(of(['fail'], true)).toBe(130));
});
