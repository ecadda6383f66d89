import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { grafanaDashboard } from '../../../../../scripts/grafana.ts';
import { openMetrics } from '../../../../../src/features/nightly/history/exports/openmetrics.ts';
import { contentOf, nights, sourceOf } from './history.ts';

const made = grafanaDashboard();

test('the dashboard that is shipped is the one that is made (write it anew with: npm run docs)', () => {
  const shipped = join(import.meta.dirname, '../../../../../examples/grafana/ocibench-nightly.json');
  expect(readFileSync(shipped, 'utf8')).toBe(made);
});

test('it asks for metrics that are exported', () => {
  const units = ['ns', 'bytes', 'count', 'ops/s', 'bytes/s', 'ns/op', 'ratio'] as const;
  const figures = units.flatMap((unit) => [
    { unit, series: unit },
    { unit, series: `${unit} alone`, against: 'none' } as const,
  ]);
  const text = contentOf(openMetrics(sourceOf(nights(1, figures))));
  const exported = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const asked = [...made.matchAll(/ocibench_\w+(?=\{)/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !exported.has(name))).toEqual([]);
  const values = /__name__=~\\"(ocibench_value[^"\\]+)\\"/.exec(made)?.[1] ?? '';
  const matched = [...exported].filter((name) => new RegExp(`^(?:${values})$`).test(name ?? ''));
  expect(matched).toHaveLength(units.length);
});

test('every panel has a question, and a place of its own', () => {
  const { panels } = JSON.parse(made) as {
    readonly panels: readonly {
      readonly type: string;
      readonly targets?: readonly object[];
      readonly gridPos: object;
    }[];
  };
  const shown = panels.filter(({ type }) => type !== 'row');
  expect(shown.length).toBeGreaterThan(8);
  expect(shown.filter(({ targets = [] }) => targets.length === 0)).toEqual([]);
  expect(new Set(panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(panels.length);
});
