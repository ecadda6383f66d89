import { expect, test } from 'vitest';
import type { SummaryRow, Verdict } from '../../src/model/analysis.ts';
import type { Category } from '../../src/model/metric.ts';
import { reportContext } from '../../src/report/context.ts';
import { inShort } from '../../src/report/in-short.ts';
import { inShortBlocks } from '../../src/report/sections/answers/in-short.ts';
import { syntheticRun } from './support.ts';

const synthetic = syntheticRun();
const template = synthetic.analysis.rows.find((row) => row.headline && row.runtime === 'crun');
if (template === undefined) throw new Error('no row');

/** A headline of runsc against runc with this time ratio, and runc's own row. */
function compared(
  workload: string,
  ratio: number,
  verdict: Verdict,
  more: Partial<SummaryRow> = {},
): SummaryRow[] {
  const category = workload.slice(0, workload.indexOf('/')) as Category;
  const both = {
    ...template,
    workload,
    params: '',
    category,
    metric: 'op.time',
    unit: 'ns',
    better: 'lower',
  };
  const base = { ...both, ...more, median: 1000, ratio: null, ratioCiLow: null, ratioCiHigh: null };
  const interval = { ratio, ratioCiLow: ratio * 0.9, ratioCiHigh: ratio * 1.1 };
  return [
    { ...base, runtime: 'runc', verdict: 'baseline' },
    { ...both, ...more, ...interval, runtime: 'runsc', median: 1000 * ratio, verdict },
  ] as SummaryRow[];
}

test('only a verdict is a claim, and a category shows its costliest claim', () => {
  const rows = [
    ...compared('io/a', 3, 'slower'),
    ...compared('io/b', 40, 'inconclusive'),
    ...compared('io/c', 7, 'slower'),
    ...compared('cpu/a', 1.01, 'equivalent'),
    ...compared('network/a', 1.4, 'inconclusive'),
    ...compared('app/a', 0.5, 'faster'),
  ];
  const [runsc, ...others] = inShort(rows, 'runc');
  expect(others).toEqual([]);
  expect(
    runsc?.worse.map(({ category, extreme, claimed, subjects }) => [
      category,
      extreme.row.workload,
      claimed,
      subjects,
    ]),
  ).toEqual([['io', 'io/c', 2, 3]]);
  expect(runsc?.better.map(({ category, extreme }) => [category, extreme.cost.ratio])).toEqual([
    ['app', 0.5],
  ]);
  expect(runsc?.unaffected).toEqual(['cpu']);
  expect(runsc?.undecided).toEqual(['network']);
});

test('a category of which one subject is equivalent and another undecided is undecided', () => {
  const rows = [...compared('cpu/a', 1, 'equivalent'), ...compared('cpu/b', 1.1, 'inconclusive')];
  expect(inShort(rows, 'runc')[0]).toMatchObject({ unaffected: [], undecided: ['cpu'], worse: [] });
});

/** The sentences about runsc, as one text. */
function said(rows: readonly SummaryRow[], lang: 'en' | 'fr'): string {
  const analysis = { ...synthetic.analysis, rows: [...rows] };
  const blocks = inShortBlocks(reportContext({ ...synthetic, analysis, lang }));
  return blocks
    .filter((block) => block.kind === 'paragraph')
    .map((block) => block.text.map((part) => part.text).join(''))
    .filter((words) => words.startsWith('runsc'))
    .join('\n')
    .replaceAll(/[\u00a0\u202f]/g, ' ');
}

test.each([
  [
    'slower',
    1.85,
    /starts slower, in 1\.85× \[1\.6\d, 2\.0\d\] the time of runc \(1\.85 µs against 1\.00 µs\)/,
  ],
  ['faster', 0.8, /starts faster, in 0\.80× \[0\.72, 0\.88\] the time of runc/],
  ['equivalent', 1, /starts as fast as runc within ±5% \(1\.00×/],
  ['inconclusive', 1.3, /whether it starts faster or slower than runc is not decided \(1\.30×/],
] as const)('a start that is %s', (verdict, ratio, words) => {
  expect(said(compared('startup/a', ratio, verdict, { metric: 'startup.to_output' }), 'en')).toMatch(words);
});

test('memory is worded as the difference in bytes, with the interval of the ratio', () => {
  const rows = compared('memory/idle', 3, 'more', { metric: 'memory.footprint', unit: 'bytes' });
  expect(said(rows, 'en')).toMatch('holds 1.95 KiB [1.66, 2.25] more memory (2.93 KiB against 1,000 B)');
  expect(said(rows, 'fr')).toMatch(
    'occupe 1,95 Kio [1,66 ; 2,25] de mémoire en plus (2,93 Kio contre 1 000 o)',
  );
  // Told once is enough: it is the only claim of its category.
  expect(said(rows, 'en')).not.toMatch('Costs more');
  const less = compared('memory/idle', 0.6, 'less', { metric: 'memory.footprint', unit: 'bytes' });
  expect(said(less, 'en')).toMatch('holds 400 B [340, 460] less memory');
});

test('a rate is worded as a cost, and nothing undecided as a difference', () => {
  const rows = [
    ...compared('io/a', 0.25, 'slower', { unit: 'bytes/s', better: 'higher' }),
    ...compared('app/a', 9, 'inconclusive'),
  ];
  const words = said(rows, 'en');
  expect(words).toMatch('Costs more: input and output 4.00× [3.64, 4.44] (a).');
  expect(words).toMatch('Not decided: applications.');
  expect(words).not.toMatch('9.00');
});

test('what could not be measured has its reason, combinations with one reason together', () => {
  const unsupported = { runsc: 'no network', crun: 'no network' };
  const subject = { ...synthetic.run.subjects[0], unsupported } as (typeof synthetic.run.subjects)[number];
  const run = {
    ...synthetic.run,
    subjects: [
      { ...subject, workload: 'network/a', params: '' },
      { ...subject, workload: 'network/b', params: '' },
    ],
  };
  const blocks = inShortBlocks(reportContext({ ...synthetic, run, lang: 'en' }));
  const list = blocks.find((block) => block.kind === 'list');
  const items = list?.items.map((item) => item.map((part) => part.text).join(''));
  expect(items).toContain('network/a and network/b under runsc and crun: no network.');
  for (const { entry, preflight } of run.runtimes)
    if (preflight.status === 'unavailable')
      expect(
        items?.some((item) => item.startsWith(`${entry.name}: `) && item.includes(preflight.reason)),
      ).toBe(true);
});
