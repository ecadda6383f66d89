import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { otava } from '../../../../../src/features/nightly/history/exports/otava.ts';
import { contentOf, day, hostile, nights, sourceOf } from './history.ts';

interface Test {
  readonly type: string;
  readonly file: string;
  readonly attributes: readonly string[];
  readonly metrics: Readonly<Record<string, { readonly column: string; readonly direction: number }>>;
}

/** The tests of the configuration, each with the rows of its file. */
function testsOf(exported: ReturnType<typeof otava>) {
  const { tests } = parseYaml(contentOf(exported, 'otava/otava.yaml'), { version: '1.2' }) as {
    readonly tests: Readonly<Record<string, Test>>;
  };
  return Object.entries(tests).map(([name, each]) => ({
    name,
    ...each,
    rows: parse(contentOf(exported, `otava/${each.file}`), { columns: true }) as Record<string, string>[],
  }));
}

test('every series is a file with a direction, oldest night first', () => {
  const bigger = { series: 'runc-pin io/fio fio.iops', better: 'higher', metric: 'fio.iops' } as const;
  const found = testsOf(otava(sourceOf(nights(3, [{}, bigger]))));
  const names = ['runc-vs-runc-pin-startup-echo-startup.total', 'runc-pin-io-fio-fio.iops'];
  expect(found.map(({ name, file, type }) => [name, file, type])).toEqual(
    names.map((name) => [name, `${name}.csv`, 'csv']),
  );
  expect(found.flatMap(({ metrics }) => Object.entries(metrics))).toEqual(
    expect.arrayContaining([
      ['startup.total', { column: 'value', direction: -1, scale: 1 }],
      ['fio.iops', { column: 'value', direction: 1, scale: 1 }],
    ]),
  );
  for (const { rows, attributes } of found) {
    expect(rows.map(({ time }) => time)).toEqual([0, 1, 2].map((n) => `${day(n)}T02:00:00+00:00`));
    expect(rows.every((row) => Number.isFinite(Number(row.value)) && row.value !== '')).toBe(true);
    expect(attributes.every((name) => rows.every((row) => row[name] !== ''))).toBe(true);
  }
});

test('a segment is a test of its own, so that its begin is no change', () => {
  const lines = nights(6).map((line, n) =>
    line.kind === 'headline' && n >= 6
      ? { ...line, provenance: { ...line.provenance, workload: 'w2' } }
      : line,
  );
  const found = testsOf(otava(sourceOf(lines)));
  expect(found.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['runc-vs-runc-pin-startup-echo-startup.total', 3],
    ['runc-vs-runc-pin-startup-echo-startup.total.segment-2', 3],
  ]);
});

test('hosts do not mix', () => {
  const elsewhere = nights(2).map((line) => ({ ...line, host: 'h2' }));
  expect(testsOf(otava(sourceOf([...nights(2), ...elsewhere]))).map(({ rows }) => rows.length)).toEqual([
    2, 2,
  ]);
});

test('what neither direction is better of is named, and left out', () => {
  const { files, leftOut } = otava(sourceOf(nights(2, [{ better: 'neither' }])));
  expect(files).toEqual([{ name: 'otava/otava.yaml', content: null }]);
  expect(leftOut.map(({ text }) => text)).toEqual([
    'left out, because neither direction is better: runc ÷ runc-pin startup/echo startup.total',
  ]);
});

test('no name leaves the directory, and none takes the place of another', () => {
  const names = [...hostile, 'a/b', 'a b', 'A b', 'x'.repeat(400), '...', ''];
  const exported = otava(
    sourceOf(
      nights(
        2,
        names.map((series) => ({ series, metric: series })),
      ),
    ),
  );
  expect(testsOf(exported)).toHaveLength(names.length);
  const files = exported.files.map(({ name }) => name.toLowerCase());
  expect(new Set(files).size).toBe(names.length + 1);
  expect(files.filter((name) => !/^otava\/[a-z0-9_+=-][a-z0-9._+=-]{0,200}$/.test(name))).toEqual([]);
});
