import { expect, test } from 'vitest';
import { analyze } from '../../src/core/analyze/analyze.ts';
import engines from '../../src/features/layers/sections/engines.ts';
import { anonymous } from '../../src/report/anonymous.ts';
import { reportContext } from '../../src/report/context.ts';
import { renderMarkdown } from '../../src/report/renderers/markdown.ts';
import { terminalLines } from '../../src/report/renderers/terminal.ts';
import { findingSentence } from '../../src/report/sections/introduction/finding.ts';
import { summaryTable } from '../../src/report/tables/summary-table.ts';
import { measuredInBoth, twoEngines as run } from '../core/analyze/several-engines-run.ts';
import { lineWorkload } from '../support/records.ts';
import { estimate } from './compared.ts';
import { syntheticRun } from './support.ts';

const measurements = [...measuredInBoth()];
const analysis = analyze({ run, measurements, workloads: [lineWorkload('syscall/calls')] });
const inputIn = (lang: 'en' | 'fr') => ({ run, analysis, measurements, trials: [], lang });

function section(lang: 'en' | 'fr'): string {
  const input = inputIn(lang);
  return renderMarkdown(engines.blocks(reportContext(input)), lang, '');
}

test('the section says what each engine changes for each runtime, and by how much', () => {
  const text = section('en');
  expect(text).toMatch(/\| `runc` \| 100 ns\/op \| 60\.0 ns\/op \| 0\.60× \[0\.60, 0\.60\] \| faster/);
  expect(text).toMatch(/runsc.*no difference/);
  expect(text).not.toMatch(/engine.new/);
});

test('it names the programs that ran, and the runtime that is not the same in both', () => {
  const text = section('en');
  expect(text).toContain('/srv/new/dockerd');
  expect(text).toContain('/opt/containerd/bin/containerd-shim-runc-v2');
  expect(text).toContain('runc is not the same program in every engine (old: runc 26.1.5, new: runc 28.5.2)');
  expect(text).not.toContain('crun is not the same');
});

test('the table of each engine is open', () => {
  const [chapter] = engines.blocks(reportContext(inputIn('en')));
  const blocks = chapter?.kind === 'section' ? chapter.blocks : [];
  const folds = blocks.filter(({ kind }) => kind === 'section');
  expect(folds).toMatchObject([{ title: 'new relative to old', open: true, blocks: [{ kind: 'table' }] }]);
});

test('its fold says how much is claimed, in French too', () => {
  const gist = (lang: 'en' | 'fr') => JSON.stringify(engines.blocks(reportContext(inputIn(lang))));
  expect(gist('en')).toContain('2 differences are claimed');
  expect(gist('fr')).toContain('2 différences sont affirmées');
});

test('it speaks French', () => {
  const text = section('fr');
  expect(text).toContain('n’est pas le même programme');
});

test('a report without names says nothing of where the engines are', () => {
  const hidden = JSON.stringify(anonymous(inputIn('en'), []));
  expect(hidden).not.toContain('secret-place');
  expect(hidden).not.toContain('/srv/new');
});

test('a run of one engine has no such section', () => {
  const single = syntheticRun({ blocks: 3 });
  const input = { ...single, lang: 'en' as const };
  expect(engines.blocks(reportContext(input))).toEqual([]);
});

test('of several engines the sentence says the cost in each, and nothing twice; then the engines', () => {
  const twice = [
    { engine: 'old', runtime: 'crun', cost: 0.5 },
    { engine: 'new', runtime: 'crun', cost: 0.4 },
  ].map(({ cost, ...more }) => estimate('syscall', cost, 'faster', more));
  const several = { ...analysis, categories: twice };
  const context = reportContext({ ...inputIn('en'), analysis: several });
  expect(context.t(findingSentence(context))).toMatch(
    /^Compared with runc in system calls, crun costs 0\.50× through old and 0\.40× through new; runsc costs 3\.00× through old and 5\.00× through new\. new costs 0\.60× to 1\.00× as much as old: 2 of 3 comparisons differ\.$/,
  );
  expect(context.t(findingSentence(context)).match(/crun/g)).toHaveLength(1);
  const options = { lang: 'en', width: 100, color: false } as const;
  const table = terminalLines(summaryTable(several.rows, several, options), options).join('\n');
  expect(table).toMatch(/0\.50× \[.*\], old/);
  expect(table).toMatch(/0\.40× \[.*\], new/);
});

test('of one runtime alone the sentence says in how many engines, and what is claimed of them', () => {
  const own = {
    ...analysis,
    rows: analysis.rows.filter(({ runtime }) => runtime === 'runc'),
    categories: [],
  };
  const alone = {
    ...own,
    engines: analysis.engines?.filter(({ runtime }) => runtime === 'runc') ?? [],
  };
  const runtimes = run.runtimes.filter(({ entry }) => entry.name === 'runc');
  const context = reportContext({ ...inputIn('en'), analysis: alone, run: { ...run, runtimes } });
  expect(findingSentence(context).text).toBe('runc was compared in 2 engines: 1 significant difference.');
  const nothing = {
    ...alone,
    engines: alone.engines.map((row) => ({ ...row, verdict: 'inconclusive' as const })),
  };
  const undecided = reportContext({ ...inputIn('en'), analysis: nothing, run: { ...run, runtimes } });
  expect(findingSentence(undecided).text).toBe('runc was compared in 2 engines: no significant difference.');
});
