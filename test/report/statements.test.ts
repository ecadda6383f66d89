import { describe, expect, test } from 'vitest';
import type { Analysis, SummaryRow } from '../../src/core/model/analysis/analysis.ts';
import { charts } from '../../src/report/charts/index.ts';
import { reportContext } from '../../src/report/context.ts';
import { renderMarkdown } from '../../src/report/renderers/markdown.ts';
import { sections } from '../../src/report/report.ts';
import { terminalTable } from '../../src/report/tables/terminal-summary.ts';
import { compared, estimate } from './compared.ts';
import { fullSuite } from './full-suite.ts';
import { type Synthetic, syntheticRun } from './support.ts';

/** What a report says must follow from the data: each test is a run of which an earlier wording said too much. */
const synthetic = syntheticRun();
const suite = syntheticRun({ more: fullSuite });

/** Every section without its pictures, as Markdown without escapes. */
function report(input: Synthetic, lang: 'en' | 'fr' = 'en'): string {
  const context = reportContext({ ...input, lang });
  const blocks = sections.flatMap((section) => section.blocks(context, []));
  return renderMarkdown(blocks, lang, '')
    .replaceAll('\\', '')
    .replaceAll(/[\u00a0\u202f]/g, ' ');
}

const analysed = (input: Synthetic, more: Partial<Analysis>): Synthetic => ({
  ...input,
  analysis: { ...input.analysis, ...more },
});
const withRows = (rows: readonly SummaryRow[], more: Partial<Analysis> = {}) =>
  analysed(synthetic, { rows: [...rows], categories: [], ...more });

describe('blocks', () => {
  const cut: Synthetic = {
    ...analysed(synthetic, { completeBlocks: 5 }),
    trials: synthetic.trials.filter(({ trial }) => trial.block <= 5 || trial.position < trial.block),
  };

  test('a run with incomplete blocks says how many combinations they hold', () => {
    expect(report(cut)).toMatch(
      /14 measured blocks .*; 5 hold every combination\. A block holds \d to 43 of 43/,
    );
    expect(report(cut)).not.toContain('A block runs every combination once');
    expect(report(analysed(synthetic, { completeBlocks: 14 }))).toContain(
      'A block runs every combination once',
    );
    expect(report(cut, 'fr')).toMatch(/dont 5 contiennent toutes les combinaisons/);
  });

  test('and so does the terminal', () => {
    expect(terminalTable({ ...cut, lang: 'en' })).toContain(
      '14 blocks, each in random order; 5 ran every test',
    );
    expect(terminalTable({ ...analysed(synthetic, { completeBlocks: 14 }), lang: 'en' })).toContain(
      'every block runs each combination once',
    );
  });
});

describe('the baseline measured a second time', () => {
  const twice = syntheticRun({ blocks: 10, runtimes: ['runc', 'runc#2', 'runsc'] });
  const some: Synthetic = {
    ...twice,
    run: { ...twice.run, runtimes: twice.run.runtimes.filter(({ entry }) => entry.name !== 'runc#2') },
    trials: twice.trials.filter(
      ({ trial: { cell } }) => cell.runtime !== 'runc#2' || cell.workload === 'startup/true',
    ),
  };

  test('is counted by workload, not claimed of every block', () => {
    expect(report(some)).toMatch(/runc was also measured a second time for 1 of \d+ tests\./);
    expect(report(some)).not.toMatch('a second time in every block');
  });

  test('is a check that says what it found, and no condition', () => {
    const check = { comparisons: 41, rms: 0.934, limit: 1.271, finds: 1.4, widening: 1 };
    const fine = report(analysed(some, { aaCheck: check }));
    expect(fine).toContain('Over 41 comparisons, the root mean square of the normal scores is 0.93');
    expect(fine).not.toMatch(/claimed only beyond it|widened/);
    const wide = report(analysed(some, { aaCheck: { ...check, rms: 1.9, widening: 1.9 } }));
    expect(wide).toContain('All intervals and p-values of this run are widened by a factor of 1.90');
    const unknown = report(analysed(some, { aaCheck: { ...check, comparisons: 0, rms: null, limit: null } }));
    expect(unknown).toContain('Too few pairs of the two exist to check');
  });

  test('joins the baseline', () => {
    expect(report(some)).toContain('Both measurements are in the ratios of the blocks that have both.');
  });
});

describe('verdicts without the disturbed trials', () => {
  const sensitivity = { flagged: 800, verdicts: 82, tooFew: 80, changed: [] };
  const about = (more: Partial<typeof sensitivity>) =>
    report(analysed(synthetic, { sensitivity: { ...sensitivity, ...more } }));

  test('are called unchanged only where that could be tested', () => {
    expect(about({})).toContain(
      '80 of 82 verdicts cannot be checked (too few undisturbed pairs). None of the other 2 would change.',
    );
    expect(about({})).not.toContain('none of the 82 verdicts');
    expect(about({ tooFew: 82 })).toContain(
      '82 of 82 verdicts cannot be checked (too few undisturbed pairs).',
    );
    expect(about({ tooFew: 82 })).not.toMatch(/[Oo]f the other \d+ would/);
    expect(about({ tooFew: 0 })).toContain(
      'Without the disturbed trials, none of the 82 verdicts would change.',
    );
    expect(about({ verdicts: 0, tooFew: 0 })).toContain('no comparison has enough pairs');
  });

  test('are named where they change', () => {
    const changed = [
      { ...synthetic.analysis.rows[1], verdict: 'slower', without: 'inconclusive' },
    ] as never[];
    expect(about({ changed })).toMatch(/1 of the other 2 would change:\n\n- `.*slower → inconclusive/);
  });
});

test('a category with one test is that test, by its name', () => {
  const rows = compared(synthetic, 'memory/smallest', 1, 'equivalent', { unit: 'bytes' });
  expect(report(withRows(rows))).toContain(
    'No difference from runc within ±5%: memory/smallest 1.00× [0.90, 1.10].',
  );
});

test('the difference of an idle container is that of the values beside it, with the interval of their ratio', () => {
  const mib = 2 ** 20;
  const difference = { estimate: 35.9 * mib, low: 35.1 * mib, high: 36.5 * mib };
  const sized = (rows: readonly SummaryRow[], baseline: number) =>
    rows.map((row) => ({ ...row, median: ((row.median ?? 0) / 1000) * baseline }));
  const idle = (more: Partial<SummaryRow>, baseline = 17.9 * mib) =>
    sized(
      compared(synthetic, 'memory/idle', 3, 'more', { metric: 'memory.resident', unit: 'bytes', ...more }),
      baseline,
    );
  expect(report(withRows(idle({ difference })))).toContain(
    'An idle container uses 35.8 MiB [30.4, 41.2] more memory (53.7 MiB against 17.9 MiB).',
  );
  expect(report(withRows(idle({ difference })), 'fr')).toContain(
    'occupe 35,8 Mio [30,4 ; 41,2] de mémoire en plus (53,7 Mio contre 17,9 Mio)',
  );
  const others = ['memory/other', 'memory/third'];
  const several = [...idle({}), ...others.flatMap((name) => compared(synthetic, name, 1, 'equivalent'))];
  expect(report(withRows(several))).toContain(
    'An idle container uses 3.00× [2.70, 3.30] the memory (53.7 MiB against 17.9 MiB).',
  );
  // The paired difference may be another than the ratio says: it is not shown then either.
  expect(report(withRows([...idle({ difference }, 9 * mib), ...several.slice(2)]))).toContain(
    'An idle container uses 18.0 MiB [15.3, 20.7] more memory (27.0 MiB against 9.00 MiB).',
  );
  const less = { estimate: -4 * mib, low: -5 * mib, high: -3.5 * mib };
  const fewer = compared(synthetic, 'memory/idle', 0.6, 'less', { unit: 'bytes', difference: less });
  expect(report(withRows(sized(fewer, 10 * mib)))).toContain(
    'uses 4.00 MiB [3.40, 4.60] less memory (6.00 MiB against 10.0 MiB)',
  );
});

test('extremes are observations beside the estimate, and their spread is said where it is large', () => {
  const rows = compared(synthetic, 'syscall/large', 46.5, 'slower');
  const wide = estimate('syscall', 8.2, 'slower', { tau: 2.12 });
  const text = report(withRows(rows, { categories: [wide] }));
  expect(text).toMatch(
    /system calls 8\.20× \[7\.38, 9\.02\] \(.*observed from 4\.10× to 16\.4×, spread ×2\.12\)/,
  );
  expect(text).toContain('The lowest and highest tests are descriptive only.');
  expect(text).not.toMatch(/up to \d|down to \d/);
  const even = estimate('syscall', 8.2, 'slower', { tau: 1.03 });
  expect(report(withRows(rows, { categories: [even] }))).not.toContain('observed from');
});

test('what a category comes to is its estimate with an interval; without one nothing', () => {
  const memory = estimate('memory', 0.9, 'inconclusive', { tau: 2.1, pAdjusted: 0.4 });
  const estimated = report(analysed(suite, { categories: [memory] }));
  expect(estimated).toMatch(/\| `runsc` \| 0\.90× \[0\.81, 0\.99\] \? \|/);
  const bare = report(analysed(suite, { categories: [] }));
  expect(bare).toMatch(/\| Startup \(12 tests\) \| `crun` \| {2}\|/);
});

test('an inconclusive ratio in the tables of CPU and memory is marked', () => {
  const rows = synthetic.analysis.rows.map((row): SummaryRow => {
    if (row.runtime !== 'runsc' || row.metric !== 'engine.cpu') return row;
    return { ...row, ratio: 0.79, verdict: row.workload === 'startup/true' ? 'inconclusive' : 'less' };
  });
  const text = report(withRows(rows));
  expect(text.match(/\(0\.79×\?\)/g)).toHaveLength(1);
  expect(text).toMatch(/\(0\.79×\)/);
});

test('what is measured from the page cache is no device', () => {
  const of = (params: string) => report(withRows(compared(synthetic, 'io/fio', 11.8, 'slower', { params })));
  const said = /io\/fio op=randread 11\.8× [^(]*\(files in the page cache/;
  expect(of('op=randread')).toMatch(said);
  expect(of('op=randread')).toContain('The page cache holds the files of io/fio');
  expect(of('cache=direct;op=randread')).not.toContain('page cache');
});

describe('what only the correction prevents', () => {
  const simultaneous = { low: 0.97, high: 2.91, comparisons: 82 };
  const rows = compared(synthetic, 'startup/echo', 1.68, 'inconclusive', {
    metric: 'startup.to_output',
    simultaneous,
  });
  const wording = 'slower, not confirmed after correction for 82 comparisons; joint interval [0.97, 2.91]';

  test('is said with the interval that holds for all comparisons, wherever the ratio stands', () => {
    const text = report(withRows(rows));
    expect(text.split(wording)).toHaveLength(3);
    expect(terminalTable({ ...withRows(rows), lang: 'en' })).toMatch(
      /1\.68× \[1\.51, 1\.85\] +\? slower, not confirmed$/m,
    );
  });

  test('is worded as the verdict would be: CPU time is used, not waited for', () => {
    const cpu = rows.map((row) => (row.simultaneous === undefined ? row : { ...row, metric: 'total.cpu' }));
    expect(report(withRows(cpu))).toContain('more, not confirmed after correction for 82 comparisons');
    expect(report(withRows(cpu))).not.toContain('slower, not confirmed');
  });

  test('is the noted reason where the correction is none', () => {
    const note = 'the interval excludes 1, which the paired t test does not confirm (p = 0.061)';
    const skew = compared(synthetic, 'startup/echo', 1.68, 'inconclusive', { note });
    expect(report(withRows(skew))).toContain(`Inconclusive: startup/echo 1.68× [1.51, 1.85] (${note}).`);
    expect(terminalTable({ ...withRows(skew), lang: 'en' })).toMatch(
      /1\.68× \[1\.51, 1\.85\] +\? inconclusive$/m,
    );
    const across = { note, ratioCiLow: 0.9 };
    const open = report(withRows(compared(synthetic, 'startup/echo', 1.68, 'inconclusive', across)));
    expect(open).not.toContain(note);
  });

  test('of a category too', () => {
    const open = estimate('startup', 1.68, 'inconclusive', { pAdjusted: 0.19 });
    const text = (more: object) => report(withRows(rows, { categories: [{ ...open, ...more }] }));
    expect(text({})).toMatch(
      /Inconclusive: starting and stopping 1\.68×.*not confirmed after correction for 1 comp/,
    );
    expect(text({ low: 0.9 })).not.toMatch(/Inconclusive: starting and stopping [^.]*.[^.]*not confirmed/);
  });
});

test('an extended run says what tests its extensions', () => {
  const extension = { fromBlock: 12, startedAt: synthetic.run.startedAt, cells: ['crun'], maxTimeMs: 60_000 };
  const extended = { ...synthetic, run: { ...synthetic.run, extensions: [extension, extension] } };
  expect(report(extended)).toMatch(/was extended 2 times for chosen comparisons.*the k-th time at 0\.05·4⁻ᵏ/);
  expect(report(synthetic)).not.toContain('for chosen comparisons');
});

test('equivalence is said at the level that was chosen', () => {
  expect(report(synthetic)).toContain(
    'needs the 90% interval inside [0.952, 1.05] (two one-sided tests at 5%,',
  );
  const thresholds = { practical: 0.05, alpha: 0.01, confidence: 0.99 };
  expect(report(analysed(synthetic, { thresholds }))).toContain(
    'needs the 98% interval inside [0.952, 1.05] (two one-sided tests at 1%,',
  );
});

test('rows that are chosen by size are said to overstate', () => {
  const calls = charts({ ...suite, lang: 'en' }).find(({ id }) => id === 'syscall-heatmap');
  expect(calls && 'caption' in calls ? calls.caption : '').toMatch(
    /the conclusive ones furthest from 1×, likely overstated/,
  );
});

test('the method says what its tests assume and what the correction limits', () => {
  const text = report(synthetic);
  expect(text).toContain('exact where the log ratios are independent and symmetric');
  expect(text).toContain('strong skew or two groups of values can break it');
  expect(text).toContain(
    'If a runtime equals the baseline, a run claims any difference of a test or category with probability 0.05 at most.',
  );
  expect(text).toContain('inside [0.952, 1.05]');
  expect(text).not.toMatch('exact signed-rank and rank-sum tests');
});

test('two groups of values are two groups, and not their ratio alone', () => {
  const groups = [
    { share: 0.4, mean: 1_020_000 },
    { share: 0.6, mean: 2_110_000 },
  ];
  const rows = compared(synthetic, 'startup/echo', 1.41, 'slower', { groups });
  const said = 'two groups of values, 40% around 1.02 ms, the others around 2.11 ms';
  expect(report(withRows(rows)).split(said).length).toBeGreaterThanOrEqual(3);
  expect(terminalTable({ ...withRows(rows), lang: 'en' })).toContain('▲ slower, two groups');
});

test('survivors are called so where many trials failed, and few failures are counted', () => {
  const of = (failures: number) =>
    compared(synthetic, 'startup/echo', 1.13, 'inconclusive', { n: 6, failures });
  expect(report(withRows(of(6)))).toContain('6 of 12 trials failed: survivors only, no verdict');
  expect(terminalTable({ ...withRows(of(6)), lang: 'en' })).toContain(
    '? inconclusive, 6 of 12 failed: no verdict',
  );
  const text = report(withRows(of(6)));
  expect(text).toContain(
    'Inconclusive: startup/echo 1.13× [1.02, 1.24] (6 of 12 trials failed: survivors only, no verdict).',
  );
  const few = compared(synthetic, 'startup/echo', 1.13, 'slower', { n: 19, failures: 1 });
  expect(report(withRows(few))).toContain('(1 failed)');
  expect(report(withRows(few))).not.toContain('survivors');
});

test('the ratio of tails has a column where a row has one', () => {
  const tail = { p95: 5000, baselineP95: 1000, ratio: 5, low: 1.2, high: 9.8 };
  const rows = compared(synthetic, 'startup/echo', 1.01, 'inconclusive', { tail });
  expect(report(withRows(rows))).toMatch(
    /\| p95: × runc \[CI\] \|.*\n.*\n.*\n.*\| 5\.00× \[1\.20, 9\.80\] \|/,
  );
  expect(report(withRows(compared(synthetic, 'startup/echo', 1.01, 'inconclusive')))).not.toContain('p95: ×');
});

test('where values are zero the difference stands for the ratio', () => {
  const [baseline, row] = compared(synthetic, 'memory/faults', 1, 'more', { unit: 'count' });
  const difference = { estimate: 105, low: 100, high: 111 };
  const none = { ...row, ratio: null, ratioCiLow: null, ratioCiHigh: null, difference } as SummaryRow;
  const input = withRows([baseline as SummaryRow, none]);
  expect(report(input)).toMatch(/\| \+105 \[100, 111\] \| more \|/);
  expect(terminalTable({ ...input, lang: 'en' })).toMatch(/\+105 \[100, 111\] +▲ more/);
});
