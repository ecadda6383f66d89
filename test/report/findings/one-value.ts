import { expect } from 'vitest';
import type { SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { subjectKey } from '../../../src/core/model/trial/cell.ts';

/** Expects that value, difference and ratio of each shown row agree; returns how many have a ratio. */
export function expectOneValue(rows: readonly SummaryRow[], shown: readonly SummaryRow[]): number {
  const key = (row: SummaryRow) => `${subjectKey(row)}|${row.metric}`;
  const nameOf = (row: SummaryRow) => `${row.runtime} ${key(row)}`;
  const baselines = new Map<string, number | null>();
  for (const row of shown.filter(({ runtime, baseline }) => runtime === baseline)) {
    // The baseline's value is the same wherever it appears.
    if (baselines.has(key(row))) expect(row.median, nameOf(row)).toBe(baselines.get(key(row)));
    baselines.set(key(row), row.median);
  }
  expect(shown.map(nameOf)).toEqual(rows.map(nameOf));
  let compared = 0;
  shown.forEach((row, at) => {
    const plain = rows[at];
    const { median: value, ratio, ratioCiLow, ratioCiHigh, difference, ciLow, ciHigh } = row;
    if (plain === undefined || row.runtime === row.baseline) {
      expect(row).toBe(plain);
      return;
    }
    // What is compared stays as it is; only values are shown otherwise.
    expect([ratio, ratioCiLow, ratioCiHigh, row.verdict, row.p]).toEqual([
      plain.ratio,
      plain.ratioCiLow,
      plain.ratioCiHigh,
      plain.verdict,
      plain.p,
    ]);
    const before = baselines.get(key(row)) ?? null;
    if (before === null || value === null || ratio === null || row.category === 'isolation') return;
    compared++;
    const near = (found: number | null | undefined, expected: number) =>
      expect(Math.abs((found ?? Number.NaN) - expected), nameOf(row)).toBeLessThanOrEqual(
        1e-9 * Math.max(Math.abs(before), Math.abs(expected)),
      );
    near(value, before * ratio);
    if (difference !== undefined) near(difference.estimate, value - before);
    if (ratioCiLow === null || ratioCiHigh === null) {
      expect([ciLow, ciHigh], nameOf(row)).toEqual([null, null]);
      return;
    }
    expect(value / before, nameOf(row)).toBeGreaterThanOrEqual(ratioCiLow * (1 - 1e-12));
    expect(value / before, nameOf(row)).toBeLessThanOrEqual(ratioCiHigh * (1 + 1e-12));
    near(ciLow, before * ratioCiLow);
    near(ciHigh, before * ratioCiHigh);
    if (difference === undefined) return;
    near(difference.low, before * ratioCiLow - before);
    near(difference.high, before * ratioCiHigh - before);
  });
  return compared;
}
