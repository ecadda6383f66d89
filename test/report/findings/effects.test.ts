import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import type { Design } from '../../../src/core/model/run/design.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import effects from '../../../src/features/options/sections/effects.ts';
import { reportContext } from '../../../src/report/context.ts';
import { renderMarkdown } from '../../../src/report/renderers/markdown.ts';
import { minTableWidth, terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { designOf, factorialRun, measured } from '../../features/options/effects/factorial-run.ts';
import { kataMissing, lineWorkload } from '../../support/records.ts';

const workloads = [lineWorkload('syscall/calls')];
const design = designOf({ directfs: [true, false], overlay2: ['root:self', 'none'] });
const costs = (of: Design, off = 1.5) =>
  measured(of, ({ directfs }) => (directfs === 'false' ? 200 * off : 200));

function inputOf(
  of: Design,
  measurements: readonly Measurement[],
  lang: 'en' | 'fr' = 'en',
  run = factorialRun(of),
) {
  const analysis = analyze({ run, measurements, workloads });
  return { run, analysis, measurements, trials: [], lang };
}
function section(...given: Parameters<typeof inputOf>): string {
  const input = inputOf(...given);
  return renderMarkdown(effects.blocks(reportContext(input)), given[2] ?? 'en', '');
}

describe('the section of options', () => {
  it('says what each option changes, with intervals, and how much is open', () => {
    const text = section(design, costs(design));
    expect(text).toContain('**gv: options of runsc**');
    expect(text).toContain('All 4 combinations of directfs (true, false) and overlay2 (root:self, none)');
    expect(text).toMatch(
      /- directfs=false instead of true: slower: .* of syscall\/calls 1\.50× \[1\.\d\d, 1\.\d\d\]; of 1 test, 0 no difference, 0 inconclusive/,
    );
    expect(text).toContain(
      '- overlay2=none instead of root:self: nothing significant; of 1 test, 1 no difference, 0 inconclusive',
    );
    expect(text).toContain('Interactions: of 1 test, 1 no difference, 0 inconclusive.');
    expect(text).toMatch(/\| syscall\/calls: .* \| 1\.50× .* \| slower \|/);
    expect(text).not.toContain('also includes');
  });

  it('is in French', () => {
    const text = section(design, costs(design), 'fr');
    expect(text).toContain('**gv : options de runsc**'.replace(' :', '\u00a0:'));
    expect(text).toContain('directfs=false au lieu de true');
    expect(text).toContain('plus lent');
  });

  it('shows the interactions that are claimed', () => {
    const both = measured(design, ({ directfs, overlay2 }) =>
      directfs === 'false' && overlay2 === 'none' ? 300 : 200,
    );
    const text = section(design, both);
    expect(text).toMatch(
      /\| directfs=false instead of true, with overlay2=none instead of root:self \| .* \| 1\.50× .* \| slower \|/,
    );
  });

  it('says why what does not start is not told, once', () => {
    const run = factorialRun(design);
    const refused = {
      ...run,
      runtimes: run.runtimes.map((facts) =>
        facts.entry.name.includes('directfs-false') ? { ...facts, preflight: kataMissing } : facts,
      ),
    };
    const left = costs(design).filter(({ cell }) => !cell.runtime.includes('directfs-false'));
    const text = section(design, left, 'en', refused);
    expect(text).toContain(
      '- Unknown: directfs=false instead of true: no arm with directfs=false has values',
    );
    expect(text).toContain(
      'directfs=false instead of true: nothing significant; of 1 test, 0 no difference, 0 inconclusive, 1 without a value',
    );
    expect(text).toContain(
      'overlay2=none instead of root:self: nothing significant; of 1 test, 1 no difference',
    );
  });

  it('is absent in a run without designs', () => {
    const { run, ...input } = inputOf(design, costs(design));
    const { effects: _, ...analysis } = input.analysis;
    expect(effects.blocks(reportContext({ ...input, run, analysis }))).toEqual([]);
  });
});

describe('the options in a terminal', () => {
  it('stand for the arms, of which the table has the reference only', () => {
    const table = terminalTable({ ...inputOf(design, costs(design)), width: 100 });
    expect(table).toContain('options of runsc, from gv and its 3 other arms (all in report.md):');
    expect(table).toMatch(/^ {2}gv +204/m);
    expect(table).not.toContain('gv+');
  });

  it('have a sentence each, no wider than it, whatever the names are', () => {
    const hostile = designOf({ directfs: ['true', 'false'], [`x${'-long'.repeat(30)}`]: ['a\u202eb', 'c'] });
    for (const [of, lang] of [
      [design, 'en'],
      [design, 'fr'],
      [hostile, 'en'],
    ] as const) {
      const table = terminalTable({ ...inputOf(of, costs(of), lang), width: minTableWidth });
      expect(table).toContain('directfs=false');
      expect(table).not.toContain('\u202e');
      for (const line of table.split('\n')) expect(line.length, line).toBeLessThanOrEqual(minTableWidth);
    }
  });
});
