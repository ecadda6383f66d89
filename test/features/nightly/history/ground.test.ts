import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { groundChanges } from '../../../../src/features/nightly/history/ground.ts';
import type { HeadlineLine, HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { countedLines, recordedSeries } from '../../../../src/features/nightly/history/recorded-series.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';
import { headlineLine, nightLine } from '../../../support/history-lines.ts';

const day = (i: number) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);

/** Values of a pinned runc in starts and system calls; night effects of 1 % that all subjects share. */
function found(
  nights: number,
  of: (night: number) => {
    startup?: number;
    syscall?: number;
    provenance?: Partial<HeadlineLine['provenance']>;
  },
) {
  const random = seededRandom('ground');
  const lines = Array.from({ length: nights }, (_, i): HistoryLine[] => {
    const { startup = 0, syscall = 0, provenance = {} } = of(i);
    const night = 0.01 * gaussian(random);
    const line = (workload: string, log: number): HeadlineLine => {
      const base = headlineLine(day(i));
      return {
        ...base,
        runtime: 'runc-pin',
        against: 'none',
        reference: null,
        workload,
        series: `runc-pin ${workload} x`,
        category: workload.startsWith('startup') ? 'startup' : 'syscall',
        estimate: Math.exp(log + night + 0.005 * gaussian(random)),
        provenance: { ...base.provenance, reference: null, ...provenance },
      };
    };
    return [
      line('startup/echo', startup),
      line('startup/exec', startup),
      line('syscall/trivial', syscall),
      nightLine(day(i), { headlines: 3 }),
    ];
  });
  return groundChanges(recordedSeries(countedLines(lines.flat()), 'h1'));
}

test('a new kernel costs in starting, and nothing elsewhere', () => {
  const [only, ...more] = found(40, (i) =>
    i < 20 ? {} : { startup: Math.log(1.041), provenance: { kernel: '6.12.9' } },
  );
  expect(more).toEqual([]);
  expect(only).toMatchObject({
    night: day(20),
    changes: [{ part: 'kernel', name: 'kernel', before: '6.12.1', after: '6.12.9' }],
  });
  const [startup, syscall] = only?.costs ?? [];
  expect(startup).toMatchObject({ category: 'startup', before: 14, since: 14 });
  expect(startup?.change).toBeCloseTo(1.041, 1);
  expect(startup?.low).toBeGreaterThan(1.02);
  expect(startup?.high).toBeLessThan(1.06);
  expect(syscall?.low).toBeLessThan(1);
  expect(syscall?.high).toBeGreaterThan(1);
});

test('two changes are two, each with the nights that are its own', () => {
  const kernels = ['6.12.1', '6.12.9', '6.13.1'];
  const both = found(30, (i) => ({
    startup: i < 20 ? 0 : Math.log(1.2),
    provenance: { kernel: kernels[Math.floor(i / 10)] ?? '' },
  }));
  expect(both.map(({ night }) => night)).toEqual([day(10), day(20)]);
  expect(both.map(({ costs }) => costs[0]?.change)).toEqual([expect.closeTo(1, 1), expect.closeTo(1.2, 1)]);
  expect(both[0]?.costs[0]).toMatchObject({ before: 10, since: 10 });
});

test('too few nights on a ground tell no cost, but the change is named', () => {
  const [only] = found(22, (i) => (i < 20 ? {} : { provenance: { kernel: '6.12.9' } }));
  expect(only?.changes).toHaveLength(1);
  expect(only?.costs).toEqual([]);
});

test('another copy is not compared with the one before', () => {
  const program = { version: 'runc 1.3.6', sha256: 'bb' };
  const [only] = found(40, (i) => (i < 20 ? {} : { provenance: { kernel: '6.12.9', runtime: program } }));
  expect(only?.costs).toEqual([]);
});
