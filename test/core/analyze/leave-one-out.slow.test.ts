import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { categoryFinder } from '../../../src/core/analyze/values/derive.ts';
import { workKey } from '../../../src/core/model/trial/cell.ts';
import { analysePublished, archives } from './published.ts';

describe.each(archives)('%s', async (name) => {
  const { run, workloads, measurements } = await analysePublished(name);
  const headlines = new Set(workloads.map(({ id, metrics }) => `${id} ${metrics[0]?.id}`));
  const own = measurements.filter(({ cell, metric }) => headlines.has(`${cell.workload} ${metric}`));
  const categoryOf = categoryFinder({ run, workloads });
  const subjects = run.subjects.map((subject) => ({ ...subject, category: categoryOf(subject.workload) }));
  const categoriesOf = (kept: typeof own) =>
    analyze({ run: { ...run, subjects }, workloads, measurements: kept }).categories;
  const place = ({ runtime, category, layer, engine }: ReturnType<typeof categoriesOf>[number]) =>
    [runtime, category, layer, engine].join(' ');

  test('no claim of a category is lost or reversed without any one of its tests', {
    timeout: 600_000,
  }, () => {
    const claims = categoriesOf(own).filter(
      ({ verdict, subjects: n }) => n > 1 && verdict !== 'equivalent' && verdict !== 'inconclusive',
    );
    expect(claims.length).toBeGreaterThan(1);
    const changed: string[] = [];
    for (const test of new Set(own.map(({ cell }) => workKey(cell)))) {
      const kept = own.filter(({ cell }) => workKey(cell) !== test);
      const found = new Map(categoriesOf(kept).map((one) => [place(one), one]));
      for (const claim of claims) {
        const without = found.get(place(claim));
        // Of three tests two are left, which have no common ratio: then none of them carries the claim.
        if (claim.subjects === 3 && without === undefined) continue;
        if (without?.verdict !== claim.verdict)
          changed.push(`${place(claim)} without ${test}: ${claim.verdict} → ${without?.verdict}`);
      }
    }
    expect(changed).toEqual([]);
  });
});
