import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csv } from '../../../../../src/features/nightly/history/exports/csv.ts';
import { ndjson } from '../../../../../src/features/nightly/history/exports/ndjson.ts';
import { headlineLine } from '../../../../support/history-lines.ts';
import { contentOf, day, hostile, nights, sourceOf } from './history.ts';

const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

test('CSV has a row a figure that counts, and every digit', () => {
  const lines = nights(3);
  const unclosed = headlineLine(day(9));
  const rows = rowsOf(contentOf(csv(sourceOf([...lines, unclosed]))));
  const figures = lines.filter((line) => line.kind === 'headline');
  expect(rows.map(({ night }) => night)).toEqual([day(0), day(1), day(2)]);
  expect(rows.map(({ estimate }) => Number(estimate))).toEqual(figures.map(({ estimate }) => estimate));
  expect(rows[0]).toMatchObject({
    series: 'runc ÷ runc-pin startup/echo startup.total',
    low: String(figures[0]?.low),
    engine: '',
    provenance_kernel: '6.12.1',
    provenance_microcode: '',
    runtime_version: 'runc 1.1.15',
    runtime_sha256: 'aa',
    runtime_sidecars: '',
    reference_sha256: 'aa',
  });
});

test('CSV has the same columns whatever is in the history', () => {
  const header = (text: string) => text.split('\n')[0];
  const full = header(contentOf(csv(sourceOf(nights(1)))));
  expect(header(contentOf(csv(sourceOf([]))))).toBe(full);
  expect(full?.split(',')).toEqual(
    expect.arrayContaining(['host', 'stage', 'engine', 'provenance_workload']),
  );
});

test('CSV holds no formula', () => {
  const rows = rowsOf(
    contentOf(
      csv(
        sourceOf(
          nights(
            1,
            hostile.map((series) => ({ series })),
          ),
        ),
      ),
    ),
  );
  expect(rows).toHaveLength(hostile.length);
  expect(rows.filter(({ series = '' }) => /^[=+@-]/.test(series))).toEqual([]);
});

test('JSON lines are those of the history', () => {
  const lines = nights(2);
  const written = contentOf(ndjson(sourceOf(lines)))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written).toEqual(lines.filter(({ kind }) => kind === 'headline'));
});

test.each([csv, ndjson])('nights from a day on', (exporter) => {
  const text = contentOf(exporter(sourceOf(nights(5), { since: day(3) })));
  expect(text).toContain(day(3));
  expect(text).not.toContain(day(2));
});
