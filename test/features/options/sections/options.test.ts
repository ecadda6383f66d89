import { expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import type { Analysis, FactRow } from '../../../../src/core/model/analysis/analysis.ts';
import { profileEffects } from '../../../../src/features/options/analyses/profile-effects.ts';
import options from '../../../../src/features/options/sections/options.ts';
import { reportContext } from '../../../../src/report/context.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import {
  factRows,
  measuredUnderAll,
  threeProfiles as run,
} from '../../../core/analyze/several-profiles-run.ts';
import { syntheticRun } from '../../../report/support.ts';
import { lineWorkload } from '../../../support/records.ts';

const measurements = [...measuredUnderAll()];
const analysed = analyze({ run, measurements, workloads: [lineWorkload('syscall/calls')] });
const told = (runtime: string, profile: string, mounts: string): readonly FactRow[] =>
  factRows(runtime, profile, {
    'syscalls.answered': '287, refused 68, absent 20',
    capabilities: '14: CHOWN',
    'mounts.writable': mounts,
    'seccomp.mode': 'filter',
    no_new_privileges: 'no',
  });
const facts = ['runc', 'crun', 'runsc'].flatMap((runtime) => [
  ...told(runtime, 'plain', '12: / /proc'),
  ...told(runtime, 'label', '12: / /proc'),
  // One runtime ignores the option.
  ...told(runtime, 'read-only', runtime === 'runsc' ? '12: / /proc' : '8: /proc'),
]);
const analysis: Analysis = {
  ...analysed,
  facts,
  profileEffects: [...profileEffects(run, facts, analysed.profileCategories ?? [])],
};
const inputIn = (lang: 'en' | 'fr', of = analysis) => ({ run, analysis: of, measurements, trials: [], lang });

function section(lang: 'en' | 'fr', of = analysis): string {
  const input = inputIn(lang, of);
  return renderMarkdown(options.blocks(reportContext(input)), lang, '');
}

test('each runtime has a table of options, with cost, verdict and what changes inside', () => {
  const text = section('en');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toHaveLength(6);
  expect(rows[0]).toMatch(/`read-only` \| 1\.2[45]× \[1\.\d+, 1\.\d+\].*costs more.*writable mounts: 12 → 8/);
  expect(rows[1]).toMatch(/`label` \| (1\.00|0\.99)× .*no difference.*no fact shows it/);
  expect(text).toContain('1 always costs more');
});

test('what a runtime does not apply is told instead of a verdict', () => {
  const [, , , , ignored] = section('en')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(ignored).toMatch(/`read-only`.*not applied.*not applied by this runtime: readonlyRootfs/);
  expect(ignored).not.toContain('no difference');
});

test('an option that another one beats without costing more is marked', () => {
  expect(section('en')).toMatch(/`label`.*worse than read-only/);
});

test('it says where nothing was looked at, and speaks French', () => {
  const { profileEffects: _, ...without } = analysis;
  expect(section('en', { ...without, facts: [] })).toContain('isolation/facts was not measured');
  expect(section('fr')).toContain('montages accessibles en écriture');
});

test('a run without profiles has no such section', () => {
  const input = { ...syntheticRun(), lang: 'en' as const };
  expect(options.blocks(reportContext(input))).toEqual([]);
});
