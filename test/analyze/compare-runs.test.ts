import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze/analyze.ts';
import {
  type ComparedRun,
  compareRuns,
  hasRegression,
  isRegression,
} from '../../src/analyze/compare-runs.ts';
import { seededRandom } from '../../src/model/prng.ts';
import { runComparisonSchema } from '../../src/model/run-comparison.ts';
import { runComparisonTable } from '../../src/report/run-comparison-table.ts';
import { lineWorkload, measurement, runRecord } from './builders.ts';
import { gaussian } from './simulated-run.ts';

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
  test('in which nothing changed are equivalent, and no regression', () => {
    const after = night('after', 1, { runc: 1, crun: 0.9, runsc: 5 });
    expect(verdicts(before, after)).toEqual({
      runc: 'equivalent absolute',
      crun: 'equivalent relative',
      runsc: 'equivalent relative',
    });
    expect(hasRegression(compareRuns(before, after))).toBe(false);
  });

  test('a runtime that got slower is told, and those beside it are not', () => {
    const after = night('after', 1, { runc: 1, crun: 0.9, runsc: 6 });
    expect(verdicts(before, after)).toMatchObject({ crun: 'equivalent relative', runsc: 'slower relative' });
    const found = compareRuns(before, after);
    expect(hasRegression(found)).toBe(true);
    expect(found.changes.find(({ runtime }) => runtime === 'runsc')?.ratio).toBeCloseTo(1.2, 1);
  });

  test('a host that got slower shows in the baseline alone: the others are held against it', () => {
    const after = night('after', 1.3, { runc: 1, crun: 0.9, runsc: 5 });
    expect(verdicts(before, after)).toEqual({
      runc: 'slower absolute',
      crun: 'equivalent relative',
      runsc: 'equivalent relative',
    });
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
