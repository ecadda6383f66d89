import { expect, test } from 'vitest';
import type { SummaryRow } from '../../../../src/core/model/analysis/analysis.ts';
import { charts } from '../../../../src/report/charts/index.ts';
import { drawn, layers, standard, type Value, values } from '../../../report/charts/drawn.ts';

/** Medians of one run at the OCI layer, ms. */
const measured = {
  runc: { fresh: [299, 909, 40], restore: [345, 347, 13] },
  crun: { fresh: [9, 479, 22], restore: [278, 279, -3] },
  runsc: { fresh: [213, 1422, 91], restore: [1001, 1017, 6] },
} as const;

/** Of trials, paired: not the difference of the medians. */
const saving = 540e6;

function rowsOf(only: readonly (keyof typeof measured)[] = ['runc', 'crun', 'runsc']): readonly SummaryRow[] {
  const [any] = standard.analysis.rows.filter(({ metric, median }) => metric !== null && median !== null);
  if (any === undefined) throw new Error('the synthetic run has no rows');
  return only.flatMap((runtime) => [
    {
      ...any,
      runtime,
      workload: 'restore/node',
      category: 'restore' as const,
      params: 'warmUp=200',
      metric: 'restore.saving',
      unit: 'ns' as const,
      better: 'neither' as const,
      median: saving,
      ciLow: 500e6,
      ciHigh: 590e6,
    },
    ...(['fresh', 'restore'] as const).flatMap((life) =>
      (['call', 'to_answer', 'tail'] as const).map((part, at) => {
        const median = (measured[runtime][life][at] ?? 0) * 1e6;
        return {
          ...any,
          runtime,
          workload: 'restore/node',
          category: 'restore' as const,
          params: 'warmUp=200',
          metric: `${life}.${part}`,
          unit: 'ns' as const,
          median,
          ciLow: median * 0.9,
          ciHigh: median * 1.1,
        };
      }),
    ),
  ]);
}
const runOf = (rows: readonly SummaryRow[]) => ({
  ...standard,
  analysis: { ...standard.analysis, rows: [...rows] },
  trials: [],
});
const panelsOf = (rows = rowsOf()) => drawn('restore', runOf(rows)).spec.concat as Value[];

test('a panel for each runtime: the fresh start and its parts, the restore and its parts', () => {
  const panels = panelsOf();
  expect(panels.map(({ title }) => [(title as { text: string | string[] }).text].flat().join(' '))).toEqual([
    'runc',
    'crun',
    'runsc',
  ]);
  const steps = values(panels[0]).map(({ step, kind, from, to }) => ({ step, kind, from, to }));
  expect(steps.map(({ step }) => String(step).replaceAll('\n', ' '))).toEqual([
    'fresh start to answer',
    'start call',
    'warm-up and first answer',
    'slower answers after a fresh start',
    'restore to answer',
    'restore call',
    'first answer',
    'slower answers after a restore',
  ]);
  expect(new Set(steps.map(({ step }) => step)).size, 'the axis takes equal names as one').toBe(8);
  expect(steps.map(({ from, to }) => [from, to])).toEqual([
    [0, 909],
    [0, 299],
    [299, 909],
    [909, 949],
    [0, 347],
    [0, 345],
    [345, 347],
    [347, 360],
  ]);
});

test('the restore has what it saves within a trial, with its interval; a negative tail is drawn backwards and told with its sign', () => {
  const [runc, crun] = panelsOf().map((panel) => values(panel));
  expect(runc?.find(({ kind }) => kind === 'end')?.label).toBe('347 ms; saved: 540 ms [500, 590]');
  const tail = crun?.at(-1);
  expect(tail).toMatchObject({ kind: 'less', from: 279, to: 276 });
  expect(tail?.label).toMatch(/^[−-]3/);
});

test('all panels have one scale', () => {
  const domains = panelsOf().map(
    (panel) => /"domain":(\[0,[\d.]+\])/.exec(JSON.stringify(layers(panel)))?.[1],
  );
  expect(domains[0]).toBeDefined();
  expect(new Set(domains).size).toBe(1);
});

test('a runtime that could not restore has no panel; a run that restored nothing says so; any other run has no such chart', () => {
  expect(panelsOf(rowsOf(['runc']))).toHaveLength(1);
  const none = rowsOf().map((row) => ({ ...row, median: null, metric: null }));
  const find = (rows: readonly SummaryRow[]) =>
    charts({ ...runOf(rows), lang: 'en' }).find(({ id }) => id === 'restore');
  expect(find(none)).toMatchObject({ absent: 'no service was restored' });
  expect(find(standard.analysis.rows)).toBeUndefined();
});
