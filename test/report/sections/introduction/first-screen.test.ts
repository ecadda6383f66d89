import { describe, expect, test } from 'vitest';
import type { Analysis, SummaryRow } from '../../../../src/core/model/analysis/analysis.ts';
import { reportContext } from '../../../../src/report/context.ts';
import type { CardsBlock, MatrixBlock } from '../../../../src/report/document/document.ts';
import { plain } from '../../../../src/report/renderers/terminal-text.ts';
import { trustBadges } from '../../../../src/report/sections/introduction/badges.ts';
import { runtimeCards } from '../../../../src/report/sections/introduction/cards.ts';
import { findingSentence } from '../../../../src/report/sections/introduction/finding.ts';
import { categoryMatrix } from '../../../../src/report/sections/introduction/matrix.ts';
import { notMeasuredHere } from '../../../../src/report/sections/introduction.ts';
import { type Synthetic, syntheticRun } from '../../support.ts';

const run = syntheticRun({ runtimes: ['runc', 'crun', 'runsc'] });
const context = (input: Synthetic) => reportContext({ ...input, lang: 'en' });
const analysed = (change: (analysis: Analysis) => Partial<Analysis>): Synthetic => ({
  ...run,
  analysis: { ...run.analysis, ...change(run.analysis) },
});
/** The verdicts of all categories of a runtime replaced, and those of its headlines. */
const judged = (runtime: string, verdict: 'slower' | 'faster' | 'equivalent' | 'inconclusive') =>
  analysed(({ categories = [], rows }) => ({
    categories: categories.map((one) => (one.runtime === runtime ? { ...one, verdict } : one)),
    rows: rows.map((row) => (row.runtime === runtime && row.headline ? { ...row, verdict } : row)),
  }));
const finding = (input: Synthetic) => findingSentence(context(input)).text;

describe('the finding', () => {
  test('says where a runtime costs most, and in how many categories more', () => {
    expect(finding(run)).toMatch(
      /^Compared with runc, runsc costs more in 5 of 6 categories and single tests, most of all in syscall\/stress-ng \(8\.\d+×\); crun /,
    );
  });

  test('claims nothing without a verdict, however large the ratio', () => {
    expect(finding(judged('runsc', 'inconclusive'))).toContain('runsc is inconclusive');
  });

  test('of too few blocks says that they are too few, however large the ratio', () => {
    const few = syntheticRun({ runtimes: ['runc', 'crun', 'runsc'], blocks: 3 });
    expect(finding(few)).toContain('runsc has too few blocks for a verdict (3)');
    // Intervals that hold both answers are another thing than none.
    expect(finding(judged('crun', 'inconclusive'))).not.toContain('too few blocks');
  });

  test('says that nothing differs only where every category shows no difference, and else of how many', () => {
    expect(finding(judged('crun', 'equivalent'))).toContain('crun shows no difference within ±5%');
    const some = analysed(({ categories = [], rows }) => ({
      categories: categories.map((one) =>
        one.runtime === 'crun'
          ? { ...one, verdict: one.category === 'io' ? 'inconclusive' : 'equivalent' }
          : one,
      ),
      rows: rows.map((row): SummaryRow => {
        if (row.runtime !== 'crun' || !row.headline) return row;
        return { ...row, verdict: row.category === 'io' ? 'inconclusive' : 'equivalent' };
      }),
    }));
    expect(finding(some)).toContain(
      'crun shows no difference within ±5% in 5 of 6 categories and single tests; the other is inconclusive',
    );
  });

  test('of a baseline alone is that nothing was compared', () => {
    const alone = syntheticRun({ runtimes: ['runc'] });
    expect(finding(alone)).toBe('Nothing was compared with runc.');
    const { run } = alone;
    const all = { ...run, runtimes: run.runtimes.slice(0, 1), config: { ...run.config, runtimes: null } };
    expect(finding({ ...alone, run: all })).toContain('this engine knows only runc. To register');
  });
});

describe('the badges', () => {
  const badges = (input: Synthetic) => {
    const block = trustBadges(context(input));
    return block.kind === 'badges' ? block.items.map(({ tone, text }) => `${tone}: ${text}`) : [];
  };

  test('tell failures, the A/A check, disturbances and decided comparisons', () => {
    const check = { comparisons: 9, rms: 1, limit: 1.5, finds: 1.96, widening: 1 };
    const bad = analysed(({ trials }) => ({
      trials: { ...trials, failed: 3 },
      aaCheck: { ...check, rms: 2, widening: 1.33 },
    }));
    expect(badges(bad)).toContain('care: runc measured twice: results differ, intervals widened 1.33×');
    expect(badges(bad)[0]).toMatch(/^care: 3 of \d+ measured trials failed$/);
    const good = badges(analysed(() => ({ aaCheck: check })));
    expect(good).toContain(
      'good: runc measured twice: same result (this check detects differences of at least 2× the scatter between blocks)',
    );
    expect(good[0]).toMatch(/^good: \d+ measured trials, none failed$/);
    expect(badges(run)).toContain('plain: runc not checked against itself');
    expect(badges(run).join('\n')).toMatch(/^care: [01]\.?\d*% of measured trials disturbed$/m);
    expect(badges(run).join('\n')).toMatch(/^plain: \d+ of \d+ comparisons decided$/m);
    const open = badges(judged('runsc', 'inconclusive')).join('\n');
    const numbers = (said: string) => /(\d+) of (\d+) comparisons/.exec(said)?.slice(1).map(Number) ?? [];
    expect(numbers(open)[0]).toBeLessThan(numbers(badges(run).join('\n'))[0] ?? 0);
    expect(numbers(open)[1]).toBe(numbers(badges(run).join('\n'))[1]);
  });

  test('say so where nobody watched the host', () => {
    const trials = run.trials.map((one) => ({ ...one, trial: { ...one.trial, noise: null } }));
    expect(badges({ ...run, trials })).toContain('plain: disturbances not recorded');
  });
});

describe('the cards', () => {
  const cards = (input: Synthetic) => runtimeCards(context(input))[0] as CardsBlock;
  const figure = (input: Synthetic, runtime: string, term: string) => {
    const { terms, cards: all } = cards(input);
    const found = all.find((card) => card.runtime === runtime)?.values[terms.indexOf(term)];
    return found === undefined ? undefined : [plain(found.value), plain(found.beside)];
  };

  test('have a card for each runtime that could be measured, and figures that some have', () => {
    const { terms, cards: all } = cards(run);
    expect(all.map(({ runtime }) => runtime)).toEqual(['runc', 'crun', 'runsc']);
    expect(terms).toEqual(['starts in', 'CPU per start', 'idle memory', 'kernel']);
    expect(figure(run, 'runc', 'starts in')?.[1]).toBe('');
    expect(figure(run, 'runsc', 'starts in')?.[1]).toMatch(/^▲ costs more 2\.\d+× \[/);
    expect(figure(run, 'runsc', 'kernel')?.[0]).toBe('its own');
    expect(figure(run, 'crun', 'kernel')?.[0]).toBe('the host’s');
  });

  test('the CPU per start has an interval and no verdict, whatever its row says', () => {
    const cpu = run.analysis.rows.filter(({ metric }) => metric === 'total.cpu');
    expect(cpu.map(({ verdict }) => verdict)).toContain('more');
    expect(figure(run, 'runsc', 'CPU per start')?.[1]).toMatch(/^2\.\d+× \[2\.\d+, 2\.\d+\]$/);
    expect(figure(run, 'runc', 'CPU per start')?.[1]).toBe('');
    const uncounted = analysed(({ rows }) => ({ rows: rows.filter(({ metric }) => metric !== 'total.cpu') }));
    expect(cards(uncounted).terms).not.toContain('CPU per start');
  });

  test('the first idle container and each additional one have a price each', () => {
    const mib = 2 ** 20;
    const resident = analysed(({ rows }) => ({
      rows: rows.flatMap((row): SummaryRow[] => {
        if (row.workload !== 'memory/idle' || !row.headline) return [row];
        const median = row.runtime === 'runc' ? 4 * mib : 16 * mib;
        const idle = { ...row, metric: 'memory.resident' };
        const interval = { ratio: 4, ratioCiLow: null, ratioCiHigh: null };
        const own = row.runtime === 'runc' ? {} : interval;
        return [idle, { ...idle, ...own, metric: 'memory.private', headline: false, median }];
      }),
    }));
    expect(cards(resident).terms).toEqual([
      'starts in',
      'CPU per start',
      'idle memory, first container',
      'idle memory, each additional container',
      '100 idle containers (estimated)',
      'kernel',
    ]);
    // What is there once per host counts once, and the reader can add it up.
    const [first, each] = ['idle memory, first container', 'idle memory, each additional container'].map(
      (term) => figure(resident, 'runsc', term)?.[0],
    );
    const [all = '', sum] = figure(resident, 'runsc', '100 idle containers (estimated)') ?? [];
    expect(sum).toBe(`${first} + 99 × ${each}`);
    expect(Number(/^([\d.]+) GiB$/.exec(all)?.[1])).toBeCloseTo(
      (Number.parseFloat(first ?? '') + 99 * 16) / 1024,
      2,
    );
    expect(figure(resident, 'runsc', 'idle memory, each additional container')).toEqual([
      '16.0 MiB',
      '+12.0 MiB',
    ]);
    expect(figure(resident, 'runc', 'idle memory, each additional container')).toEqual(['4.00 MiB', '']);
    const emulatedGuests = [{ runtime: 'runsc', by: 'QEMU TCG' }];
    const emulated = { ...resident, analysis: { ...resident.analysis, emulatedGuests } };
    expect(figure(emulated, 'runsc', 'idle memory, each additional container')?.[1]).toBe(
      '+12.0 MiB, emulated guest',
    );
  });
});

describe('the matrix', () => {
  const matrix = (input: Synthetic) => categoryMatrix(context(input))[0] as MatrixBlock;
  const cell = (input: Synthetic, runtime: string, category: string) => {
    const { columns, rows } = matrix(input);
    const cells = rows.find((row) => row.runtime === runtime)?.cells ?? [];
    return cells.length === 1 ? cells[0] : cells[columns.findIndex(({ title }) => title === category)];
  };
  const said = (input: Synthetic, runtime: string, category: string) =>
    cell(input, runtime, category)?.lines.map((line) => plain(line));

  test('has verdict, interval and the test that stands apart, or else the costliest, and leads to the category', () => {
    expect(said(run, 'runsc', 'Input and output')).toEqual([
      expect.stringMatching(/^▲ costs more 1\.\d+×$/),
      expect.stringMatching(/^\[1\.\d+, 1\.\d+\]$/),
      expect.stringMatching(/^apart: 3\.\d+× fio-read read tmpfs$/),
    ]);
    const none = analysed(({ categories = [] }) => ({
      categories: categories.map((one) => (one.apart === undefined ? one : { ...one, apart: [] })),
    }));
    expect(said(none, 'runsc', 'Input and output')?.[2]).toMatch(/^worst: 3\.\d+× fio-read read tmpfs$/);
    expect(cell(run, 'runsc', 'Input and output')?.href).toBe('#category-io');
    expect(said(run, 'runsc', 'System calls')?.[2]).toBe('stress-ng');
    // Two tests have no common ratio: each has its verdict.
    expect(said(run, 'runsc', 'Startup')).toEqual([
      expect.stringMatching(/^▲ costs more 2\.\d+× true$/),
      expect.stringMatching(/^▲ costs more 2\.\d+× python$/),
    ]);
  });

  test('colours claims alone, the larger the stronger', () => {
    expect(cell(run, 'runsc', 'System calls')?.tone).toEqual({ kind: 'worse', level: 3 });
    expect(cell(run, 'runsc', 'Startup')?.tone).toEqual({ kind: 'worse', level: 2 });
    expect(cell(judged('runsc', 'inconclusive'), 'runsc', 'System calls')?.tone).toEqual({
      kind: 'undecided',
    });
    expect(cell(judged('runsc', 'equivalent'), 'runsc', 'Startup')?.tone).toEqual({ kind: 'equivalent' });
  });

  test('says why a runtime, or a category under it, could not be measured', () => {
    expect(said(run, 'kata', 'Startup')?.[0]).toMatch(/^not measurable: Kata Containers is not installed/);
    expect(cell(run, 'kata', 'Startup')).toMatchObject({ tone: { kind: 'absent' }, href: '#missing' });
    const subjects = run.run.subjects.map((subject) =>
      subject.category === 'syscall' ? { ...subject, unsupported: { runsc: 'it has no perf' } } : subject,
    );
    const rows = run.analysis.rows.filter((row) => row.category !== 'syscall' || row.runtime !== 'runsc');
    const without: Synthetic = {
      ...run,
      run: { ...run.run, subjects },
      analysis: {
        ...run.analysis,
        rows,
        categories: run.analysis.categories?.filter(
          (one) => one.category !== 'syscall' || one.runtime !== 'runsc',
        ),
      },
    };
    expect(said(without, 'runsc', 'System calls')).toEqual(['not measurable:', 'it has no perf']);
  });

  test('what was not measured at all is said below it', () => {
    const [block] = notMeasuredHere(context(run));
    expect(block?.kind === 'paragraph' ? plain(block.text) : '').toBe(
      'Not part of the standard preset: network, applications, isolation, many containers at once.',
    );
  });
});
