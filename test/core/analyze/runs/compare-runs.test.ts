import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import {
  type ComparedRun,
  compareRuns,
  hasRegression,
  isRegression,
} from '../../../../src/core/analyze/runs/compare-runs.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { type HeadlineChange, runComparisonSchema } from '../../../../src/core/model/run/run-comparison.ts';
import type { SessionSpreads } from '../../../../src/core/model/run/session-spread.ts';
import { identityOf } from '../../../../src/core/model/trial/cell.ts';
import { runComparisonTable } from '../../../../src/report/tables/run-comparison-table.ts';
import { lineWorkload, measurement, runRecord, runSubject } from '../../../support/records.ts';
import { gaussian } from '../simulated-run.ts';

const workloads = [lineWorkload('syscall/calls')];

/** A night: ten blocks in which the whole host is `host` times as slow, and each runtime at its factor. */
function night(name: string, host: number, factors: Readonly<Record<string, number>>): ComparedRun {
  const random = seededRandom(name);
  const run = runRecord({ runId: name });
  const measurements = Array.from({ length: 10 }, (_, i) =>
    Object.entries(factors).map(([runtime, factor]) =>
      measurement(runtime, i + 1, 100 * host * factor * Math.exp(0.01 * gaussian(random))),
    ),
  ).flat();
  return { run, measurements, analysis: analyze({ run, measurements, workloads }) };
}
const verdicts = (before: ComparedRun, after: ComparedRun) =>
  Object.fromEntries(
    compareRuns(before, after).changes.map(({ runtime, verdict, basis }) => [runtime, `${verdict} ${basis}`]),
  );

const before = night('before', 1, { runc: 1, crun: 0.9, runsc: 5 });

describe('two nights', () => {
  test('in which nothing changed say no more than that, and no regression', () => {
    // Two sessions differ by more than the band of "no difference".
    const after = night('after', 1, { runc: 1, crun: 0.9, runsc: 5 });
    expect(verdicts(before, after)).toEqual({
      runc: 'inconclusive absolute',
      crun: 'inconclusive relative',
      runsc: 'inconclusive relative',
    });
    expect(hasRegression(compareRuns(before, after))).toBe(false);
  });

  test('a runtime that got slower is reported, and the others are not', () => {
    const after = night('after', 1, { runc: 1, crun: 0.9, runsc: 6 });
    expect(verdicts(before, after)).toMatchObject({
      crun: 'inconclusive relative',
      runsc: 'slower relative',
    });
    const found = compareRuns(before, after);
    expect(hasRegression(found)).toBe(true);
    expect(found.changes.find(({ runtime }) => runtime === 'runsc')?.ratio).toBeCloseTo(1.2, 1);
  });

  test('a host that got slower shows in the baseline alone: the others are held against it', () => {
    const after = night('after', 1.3, { runc: 1, crun: 0.9, runsc: 5 });
    expect(verdicts(before, after)).toEqual({
      runc: 'slower absolute',
      crun: 'inconclusive relative',
      runsc: 'inconclusive relative',
    });
  });

  test('of the same software that differ by a tenth claim no change, however sure each night is', () => {
    const after = night('after', 1.08, { runc: 1, crun: 0.81, runsc: 5.5 });
    const { changes } = compareRuns(before, after);
    expect(changes.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    for (const { low, high, tau } of changes) {
      expect((high ?? 0) / (low ?? 1)).toBeGreaterThan(1.25);
      expect(tau).toBeCloseTo(1.05, 12);
    }
  });

  test('an improvement is a change and no regression', () => {
    const found = compareRuns(before, night('after', 1, { runc: 1, crun: 0.9, runsc: 4 }));
    expect(found.changes.find(({ runtime }) => runtime === 'runsc')?.verdict).toBe('faster');
    expect(hasRegression(found)).toBe(false);
  });

  test('what only one of them has is counted and not compared', () => {
    const found = compareRuns(before, night('after', 1, { runc: 1, runsc: 5 }));
    expect(found.changes.map(({ runtime }) => runtime)).toEqual(['runc', 'runsc']);
    expect(found.unmatched).toBe(1);
  });

  test('a difference of provenance that was accepted stays with the result', () => {
    const after = night('after', 1, { runc: 1, crun: 0.9, runsc: 5 });
    const run = { ...after.run, host: { ...after.run.host, kernel: '9.9.9' } };
    const found = compareRuns(before, { ...after, run });
    expect(found.accepted).toEqual([{ key: 'host.kernel', was: '6.12.0', is: '9.9.9' }]);
    expect(runComparisonSchema.parse(found)).toEqual(found);
    for (const lang of ['en', 'fr'] as const)
      expect(runComparisonTable(found, lang)).toContain('host.kernel');
  });
});

/** Sessions of which it is known that they do not differ. */
function alike(...runs: readonly ComparedRun[]): SessionSpreads {
  const [first] = runs;
  if (first === undefined) throw new RangeError('there is no run');
  const spreads = first.analysis.rows.flatMap((row) =>
    row.headline && row.metric !== null
      ? [{ ...identityOf(row), metric: row.metric, sessions: 1000, tau: 1, sharedTau: null }]
      : [],
  );
  return {
    combinedVersion: 1,
    host: { id: null, hostname: 'host', cpuModel: 'CPU', memoryBytes: 2 ** 30 },
    baseline: 'runc',
    sessions: runs.map(({ run }) => ({ runId: run.runId })),
    comparisons: spreads.filter(({ runtime }) => runtime !== 'runc'),
    baselines: spreads.filter(({ runtime }) => runtime === 'runc'),
  };
}

test('two nights whose sessions are known not to differ can show that nothing changed', () => {
  const after = night('after', 1, { runc: 1, crun: 0.9, runsc: 5 });
  const { changes } = compareRuns(before, after, alike(before, after));
  expect(changes.map(({ verdict }) => verdict)).toEqual(['equivalent', 'equivalent', 'equivalent']);
});

test('a run whose baseline differs from itself widens the interval of every change', () => {
  const after = night('after', 1, { runc: 1, crun: 0.95, runsc: 6 });
  const widening = 4;
  const check = { comparisons: 9, rms: widening, limit: 1.5, finds: 2, widening };
  const known = alike(before, after);
  const plain = compareRuns(before, after, known).changes;
  for (const [one, other] of [
    [{ ...before, analysis: { ...before.analysis, aaCheck: check } }, after],
    [before, { ...after, analysis: { ...after.analysis, aaCheck: check } }],
  ] as const)
    compareRuns(one, other, known).changes.forEach((change, i) => {
      const log = (of: HeadlineChange | undefined) => Math.log((of?.high ?? 0) / (of?.ratio ?? 0));
      expect(change.ratio).toBe(plain[i]?.ratio);
      expect(log(change)).toBeGreaterThan((widening - 1) * log(plain[i]));
      expect(change.pAdjusted).toBeGreaterThanOrEqual(plain[i]?.pAdjusted ?? 1);
      if (change.runtime === 'crun')
        expect([plain[i]?.verdict, change.verdict]).toEqual(['slower', 'inconclusive']);
    });
});

test('the A/A control is part of the baseline of both runs', () => {
  const measured = (name: string, again: number) => night(name, 1, { runc: 1, 'runc#2': again, runsc: 5 });
  const moved = (again: number) => compareRuns(measured('one', 1), measured('other', again)).changes;
  const [same, other] = [moved(1), moved(1.5)];
  expect(same.map(({ runtime }) => runtime)).toEqual(['runc', 'runsc']);
  // The baseline's own row is its first arm.
  expect(other[0]?.ratio).toBe(same[0]?.ratio);
  expect((same[1]?.ratio ?? 0) / (other[1]?.ratio ?? 0)).toBeCloseTo(Math.sqrt(1.5), 10);
});

test('of two identical nights no change is claimed oftener than one in twenty', () => {
  const claims = Array.from({ length: 200 }, (_, i) => {
    const one = night(`one ${i}`, 1, { runc: 1, crun: 1 });
    const other = night(`other ${i}`, 1, { runc: 1, crun: 1 });
    return compareRuns(one, other).changes.some(
      ({ verdict }) => verdict !== 'equivalent' && verdict !== 'inconclusive',
    );
  });
  expect(claims.filter(Boolean).length).toBeLessThanOrEqual(10);
});

test.each([
  ['slower', 1.2, 'lower', true],
  ['slower', 0.8, 'higher', true],
  ['faster', 0.8, 'lower', false],
  ['more', 1.2, 'neither', false],
  ['inconclusive', 1.2, 'lower', false],
] as const)('%s at %s× of a metric whose better is %s: regression %s', (verdict, ratio, better, worse) => {
  expect(isRegression({ verdict, ratio, better })).toBe(worse);
});

test('the table names what changed within 100 columns, whatever a name holds', () => {
  const after = night('after', 1, { runc: 1, crun: 1.2, runsc: 6 });
  const found = compareRuns(before, after);
  const changes = found.changes.map((change) => ({
    ...change,
    workload: `syscall/\u001b[31m${'x'.repeat(90)}`,
  }));
  for (const lang of ['en', 'fr'] as const) {
    const text = runComparisonTable({ ...found, changes }, lang);
    expect(text).not.toContain('\u001b');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(text).toContain('crun');
  }
});

describe('memory of a sandbox', () => {
  const beside = (count: number | null) => ({
    id: 'foreign-sandboxes',
    title: 'sandboxes of other containers',
    ...(count === null
      ? { status: 'unknown' as const, detail: 'not looked at' }
      : count === 0
        ? { status: 'ok' as const, detail: 'none' }
        : {
            status: 'warn' as const,
            detail: `${count} shims or sandboxes of containers that are not ours run`,
            messages: { detail: { id: 'doctor.foreignSandboxes.running', values: { n: count } } },
          }),
  });
  /** Ten blocks of one figure beside so many sandboxes of other containers. */
  function memoryRun(name: string, metric: string, mebibytes: number, foreign: number | null): ComparedRun {
    const run = runRecord({
      runId: name,
      checks: [beside(foreign)],
      subjects: [runSubject('memory/idle')],
    });
    const measurements = ['runc', 'crun'].flatMap((runtime) =>
      Array.from({ length: 10 }, (_, i) => ({
        ...measurement(runtime, i + 1, (mebibytes + 0.001 * i) * 2 ** 20),
        cell: { ...measurement(runtime, 1, 1).cell, workload: 'memory/idle' },
        category: 'memory' as const,
        unit: 'bytes' as const,
        metric,
      })),
    );
    const workload = lineWorkload('memory/idle', [
      { id: metric, unit: 'bytes', better: 'lower', description: '' },
    ]);
    return { run, measurements, analysis: analyze({ run, measurements, workloads: [workload] }) };
  }

  test('by PSS is not claimed to have changed where other containers came or went, or were not counted', () => {
    for (const [was, is] of [
      [1, 0],
      [0, 5],
      [null, null],
      [null, 0],
    ] as const) {
      const found = compareRuns(
        memoryRun('a', 'memory.footprint', 12.8, was),
        memoryRun('b', 'memory.footprint', 19.9, is),
      );
      expect(hasRegression(found)).toBe(false);
      expect(found.changes.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
      expect(found.neighbours).toEqual({ workloads: ['memory/idle'], was, is });
      expect(runComparisonTable(found, 'en').replaceAll('\n', ' ')).toContain(
        `No change is claimed for memory/idle: memory by PSS depends on other sandboxes on the host (${was ?? 'unknown'} before, ${is ?? 'unknown'} after).`,
      );
    }
  });

  test('by PSS beside as many others is compared as anything else', () => {
    const found = compareRuns(
      memoryRun('a', 'memory.footprint', 12.8, 2),
      memoryRun('b', 'memory.footprint', 19.9, 2),
    );
    expect(hasRegression(found)).toBe(true);
    expect(found.neighbours).toBeNull();
  });

  test('with every page once is compared whatever ran beside it', () => {
    const found = compareRuns(
      memoryRun('a', 'memory.resident', 20, 5),
      memoryRun('b', 'memory.resident', 30, 0),
    );
    expect(hasRegression(found)).toBe(true);
    expect(found.neighbours).toBeNull();
  });
});
