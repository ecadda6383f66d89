import { describe, expect, test } from 'vitest';
import type { CategoryEstimate, SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { reportContext } from '../../../src/report/context.ts';
import { categoryFindings } from '../../../src/report/findings/category-findings.ts';
import { categorySummaries } from '../../../src/report/findings/category-summary.ts';
import { aboutRatios, inShortBlocks } from '../../../src/report/sections/answers/in-short.ts';
import { terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { compared as comparedIn, estimate } from '../compared.ts';
import { syntheticRun } from '../support.ts';

const synthetic = syntheticRun();
const compared = (...rest: Parameters<typeof comparedIn> extends [unknown, ...infer R] ? R : never) =>
  comparedIn(synthetic, ...rest);

const findings = (rows: readonly SummaryRow[], categories: readonly CategoryEstimate[] = []) =>
  categorySummaries(rows, 'runc', categories).flatMap(categoryFindings);

test('only a verdict is a claim, and a category without an estimate names the furthest one it observed', () => {
  const rows = [
    ...compared('io/a', 3, 'slower'),
    ...compared('io/b', 40, 'inconclusive'),
    ...compared('io/c', 7, 'slower'),
    ...compared('cpu/a', 1.01, 'equivalent'),
    ...compared('network/a', 1.4, 'inconclusive'),
    ...compared('app/a', 0.5, 'faster'),
  ];
  const found = findings(rows);
  expect(found.map(({ category, conclusion }) => [category, conclusion])).toEqual([
    ['io', 'worse'],
    ['cpu', 'equivalent'],
    ['network', 'undecided'],
    ['app', 'better'],
  ]);
  expect(found[0]?.claims).toMatchObject({ claimed: 2, extreme: { row: { workload: 'io/c' } } });
  expect(found[3]?.cost).toMatchObject({ cost: { ratio: 0.5 }, only: { workload: 'app/a' } });
  expect(said(rows, 'en')).toMatch(
    'input and output in 2 of 3 tests (largest observed: 7.00× [6.30, 7.70] c)',
  );
});

test('two tests of a category stand for themselves, each with its verdict', () => {
  const rows = [...compared('cpu/a', 1, 'equivalent'), ...compared('cpu/b', 1.1, 'inconclusive')];
  expect(findings(rows).map(({ conclusion }) => conclusion)).toEqual(['undecided', 'equivalent']);
  expect(said(rows, 'en')).toMatch('No difference from runc within ±5%: cpu/a 1.00× [0.90, 1.10].');
  expect(said(rows, 'en')).toMatch('Inconclusive: cpu/b 1.10× [0.99, 1.21].');
});

test('a category without an estimate of which some tests are inconclusive is inconclusive', () => {
  const rows = [
    ...compared('cpu/a', 1, 'equivalent'),
    ...compared('cpu/b', 1.1, 'inconclusive'),
    ...compared('cpu/c', 1, 'equivalent'),
  ];
  expect(findings(rows).map(({ conclusion }) => conclusion)).toEqual(['undecided']);
  expect(said(rows, 'en')).toMatch('Inconclusive: CPU-bound work (3 tests, no common ratio).');
});

test('a category has the verdict and the interval of its estimate, whatever its subjects have', () => {
  const rows = [
    ...compared('io/small', 3, 'inconclusive'),
    ...compared('io/mid', 6, 'inconclusive'),
    ...compared('io/large', 12, 'inconclusive'),
  ];
  const io = estimate('io', 6, 'slower', { subjects: 3 });
  expect(findings(rows, [io])).toMatchObject([{ conclusion: 'worse', cost: { middle: io, only: null } }]);
  expect(said(rows, 'en', [io])).toMatch('Costs more: input and output 6.00× [5.40, 6.60] (3 tests).');
});

/** The sentences about runsc, as one text. */
function said(
  rows: readonly SummaryRow[],
  lang: 'en' | 'fr',
  categories: readonly CategoryEstimate[] = [],
): string {
  const analysis = { ...synthetic.analysis, rows: [...rows], categories: [...categories] };
  const blocks = inShortBlocks(reportContext({ ...synthetic, analysis, lang }));
  const at = blocks.findIndex((block) => block.kind === 'paragraph' && block.text[0]?.text === 'runsc');
  const list = blocks[at + 1];
  return (list?.kind === 'list' ? list.items : [])
    .map((item) => item.map((part) => part.text).join(''))
    .join('\n')
    .replaceAll(/[\u00a0\u202f]/g, ' ');
}

test.each([
  [
    'slower',
    1.85,
    /^A plain start \(startup\/a\) is slower: 1\.85× \[1\.6\d, 2\.0\d\], 1\.85 µs against 1\.00 µs\.$/m,
  ],
  ['faster', 0.8, /^A plain start \(startup\/a\) is faster: 0\.80× \[0\.72, 0\.88\], 800 ns against/m],
  ['equivalent', 1, /^A plain start \(startup\/a\) shows no difference from runc within ±5%: 1\.00×/m],
  ['inconclusive', 1.3, /^A plain start \(startup\/a\) is inconclusive: 1\.30×/m],
] as const)('a start that is %s', (verdict, ratio, words) => {
  const start = compared('startup/a', ratio, verdict, { metric: 'startup.to_output' });
  // Of three tests the start is one of several, whose verdict stands nowhere else.
  const others = [...compared('startup/b', 2, 'slower'), ...compared('startup/c', 2, 'slower')];
  expect(said([...start, ...others], 'en')).toMatch(words);
});

test('the CPU time of the plain start is observed, and of the same workload', () => {
  const start = compared('startup/b', 1.3, 'inconclusive', { metric: 'startup.to_output' });
  const cpu = (workload: string, ratio: number) =>
    compared(workload, ratio, 'slower', { metric: 'total.cpu' }).map((row) => ({ ...row, headline: false }));
  const words = said([...start, ...cpu('startup/a', 3), ...cpu('startup/b', 1.5)], 'en').split('\n');
  expect(words.filter((line) => line.startsWith('CPU time'))).toEqual([
    'CPU time of that start, engine included: 1.50× [1.35, 1.65], 1.50 µs against 1.00 µs (descriptive, not tested for significance).',
  ]);
  const ofOne = cpu('startup/b', 1.5).filter(({ runtime }) => runtime !== 'runc');
  expect(said([...start, ...ofOne], 'en')).not.toContain('CPU time');
});

test('a plain start that stands for its category has its ratio once', () => {
  const of = (verdict: 'faster' | 'inconclusive') => {
    const difference = { estimate: -200, low: -250, high: 10 };
    const more = { metric: 'startup.to_output', difference } as const;
    return said(compared('startup/a', 0.8, verdict, more), 'en').split('\n');
  };
  const ratio = 'startup/a 0.80× [0.72, 0.88].';
  const values = 'A plain start (startup/a): 800 ns against 1.00 µs,';
  expect(of('faster')).toEqual([`Costs less: ${ratio}`, `${values} 200 ns [120, 280] less.`]);
  expect(of('inconclusive')).toEqual([
    `Inconclusive: ${ratio}`,
    `${values} difference −200 ns [−280, −120].`,
  ]);
  const [, idle] = said(compared('memory/idle', 1, 'equivalent', { unit: 'bytes' }), 'en').split('\n');
  expect(idle).toBe('An idle container (memory/idle): 1,000 B against 1,000 B.');
});

describe('the price of the first idle container and that of each additional one', () => {
  const mib = 2 ** 20;
  const sized = (verdict: 'more' | 'less' | 'equivalent', more: number) => {
    const difference = { estimate: more * mib, low: (more - 1) * mib, high: (more + 1) * mib };
    const idle = { metric: 'memory.resident', unit: 'bytes', difference } as const;
    const [ratioCiLow, ratioCiHigh] = [(19 + more) / 20, (21 + more) / 20];
    const rows = compared('memory/idle', (20 + more) / 20, verdict, { ...idle, ratioCiLow, ratioCiHigh });
    return rows.map((row) => ({
      ...row,
      median: row.runtime === 'runc' ? 20 * mib : (20 + more) * mib,
    }));
  };
  /** Observed beside the headline, without a difference of its own. */
  const further = (own: number) =>
    compared('memory/idle', own / 4, 'inconclusive', { metric: 'memory.private', unit: 'bytes' }).map(
      (row) => ({ ...row, headline: false, median: row.runtime === 'runc' ? 4 * mib : own * mib }),
    );
  const idleOf = (rows: readonly SummaryRow[]) =>
    said(rows, 'en')
      .split('\n')
      .find((line) => /idle container/.test(line));

  test('stand in one sentence where both were measured', () => {
    expect(idleOf([...sized('more', 36), ...further(16)])).toBe(
      'An idle container uses 36.0 MiB [35.0, 37.0] more memory (56.0 MiB against 20.0 MiB) if it is the first on the host; for each additional one, the difference is 12.0 MiB.',
    );
    expect(idleOf([...sized('more', 36), ...further(3)])).toContain(
      '; each additional one uses 1.00 MiB less',
    );
    expect(idleOf([...sized('less', -10), ...further(3)])).toContain(
      '10.0 MiB [9.0, 11.0] less memory (10.0 MiB against 20.0 MiB) if it is the first on the host; for each additional one, the difference is 1.00 MiB',
    );
    expect(idleOf([...sized('less', -10), ...further(5)])).toContain(
      '; each additional one uses 1.00 MiB more',
    );
  });

  test('are two values where no difference is claimed', () => {
    expect(idleOf([...sized('equivalent', 0), ...further(4.5)])).toMatch(
      /; each additional one: 4\.50 MiB against 4\.00 MiB\.$/,
    );
  });

  test('are not spoken of where the further ones were not measured, or the headline is another figure', () => {
    const alone = idleOf(sized('more', 36));
    expect(alone).toBe(
      'An idle container uses 36.0 MiB [35.0, 37.0] more memory (56.0 MiB against 20.0 MiB).',
    );
    const proportional = sized('more', 36).map((row) => ({ ...row, metric: 'memory.footprint' }));
    expect(idleOf([...proportional, ...further(16)])).toBe(alone);
    const ofBaseline = further(16).filter(({ runtime }) => runtime === 'runc');
    expect(idleOf([...sized('more', 36), ...ofBaseline])).toBe(alone);
  });

  test('stand on the terminal, too, where many subjects leave room for a table only', () => {
    const others = Array.from({ length: 13 }, (_, at) => compared(`io/${at}`, 2, 'slower')).flat();
    const analysis = {
      ...synthetic.analysis,
      rows: [...sized('more', 36), ...further(16), ...others],
      categories: [],
    };
    const table = terminalTable({ ...synthetic, analysis, lang: 'en' }).replaceAll(/\s+/g, ' ');
    expect(table).toContain(
      '36.0 MiB [35.0, 37.0] more memory (56.0 MiB against 20.0 MiB) if it is the first on the host; for each additional one, the difference is 12.0 MiB.',
    );
  });
});

test('a rate is worded as a cost, and nothing undecided as a difference', () => {
  const rows = [
    ...compared('io/a', 0.25, 'slower', { unit: 'bytes/s', better: 'higher' }),
    ...compared('app/a', 9, 'inconclusive'),
  ];
  const words = said(rows, 'en');
  expect(words).toMatch('Costs more: io/a 4.00× [3.64, 4.44].');
  expect(words).toMatch('Inconclusive: app/a 9.00× [8.10, 9.90].');
});

test('where a table below has the ratio of a rate, it is said that the cost is its inverse', () => {
  const intro = (better: 'higher' | 'lower', lang: 'en' | 'fr') => {
    const rows = compared('network/a', 1.07, 'faster', { unit: 'ops/s', better });
    const [first] = aboutRatios(
      reportContext({ ...synthetic, analysis: { ...synthetic.analysis, rows: [...rows] }, lang }),
    );
    return first?.kind === 'paragraph' ? first.text.map(({ text }) => text).join('') : '';
  };
  expect(intro('higher', 'en')).toContain('1.25× the rate is a cost of 0.80×');
  expect(intro('higher', 'fr')).toContain('1,25× le débit');
  expect(intro('lower', 'en')).not.toContain('rate');
});

test('a category that is measured in two layers has a verdict in each', () => {
  const rows = compared('startup/a', 0.8, 'faster');
  const both = [estimate('startup', 0.8, 'faster'), estimate('startup', 0.4, 'faster', { layer: 'oci' })];
  const words = said(rows, 'en', both);
  expect(words).toMatch(/0\.80× \[0\.72, 0\.88\] \([^)]*layer docker\)/);
  expect(words).toMatch(/0\.40× \[0\.36, 0\.44\] \([^)]*layer oci\)/);
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
  const list = blocks.findLast((block) => block.kind === 'list');
  const items = list?.items.map((item) => item.map((part) => part.text).join(''));
  expect(items).toContain('network/a and network/b under runsc and crun: no network.');
  for (const { entry, preflight } of run.runtimes)
    if (preflight.status === 'unavailable')
      expect(
        items?.some((item) => item.startsWith(`${entry.name}: `) && item.includes(preflight.reason)),
      ).toBe(true);
});
