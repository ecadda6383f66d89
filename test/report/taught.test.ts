import { expect, test } from 'vitest';
import type { TaughtCase, TaughtClaim } from '../../src/core/model/analysis.ts';
import { reportContext } from '../../src/report/context.ts';
import { renderMarkdown } from '../../src/report/renderers/markdown.ts';
import taught from '../../src/report/sections/taught.ts';
import { syntheticRun } from './support.ts';

const synthetic = syntheticRun({ blocks: 3 });

function section(claims: readonly TaughtClaim[], lang: 'en' | 'fr' = 'en'): string {
  const analysis = { ...synthetic.analysis, taughtClaims: [...claims] };
  const context = reportContext({ ...synthetic, analysis, lang });
  const blocks = taught.blocks(context);
  return blocks.length === 0 ? '' : renderMarkdown(blocks, lang, '');
}

const one = (workload: string, outcome: TaughtCase['outcome'], factor: number): TaughtCase => ({
  profile: 'default',
  layer: 'docker',
  workload,
  params: '',
  metric: 'op.time',
  factor,
  low: factor * 0.9,
  high: factor * 1.1,
  outcome,
});
const gvisor = (cases: readonly TaughtCase[]): TaughtClaim => ({
  id: 'gvisor-slower',
  runtime: 'runsc',
  status: 'partly',
  reason: null,
  cases: [...cases],
});
const kata: TaughtClaim = {
  id: 'kata-slower-start',
  runtime: 'kata',
  status: 'not-measurable',
  reason: 'unavailable',
  cases: [],
};

test('names verdict, counts and examples with their intervals', () => {
  const text = section([
    gvisor([one('cpu/a', 'below', 1), one('app/b', 'holds', 1.4), one('io/c', 'above', 9)]),
  ]);
  expect(text).toContain('**gVisor is 30–50% slower** (`runsc`');
  expect(text).toContain('**holds for some tests only** (holds in 1 of 3 cases).');
  expect(text).toContain('holds (1): `app/b` (time of one operation) 1.40× [1.26, 1.54].');
  expect(text).toContain('costs less than that (1): `cpu/a`');
  expect(text).toContain('costs more than that (1): `io/c`');
});

test('of many cases alike those at both ends are named, and all for which it holds', () => {
  const many = (outcome: TaughtCase['outcome']) =>
    Array.from({ length: 9 }, (_, i) => one(`${outcome}/w${i}`, outcome, 2 + i));
  const text = section([gvisor([...many('above'), ...many('holds')])]);
  for (const i of [0, 1, 2, 6, 7, 8]) expect(text).toContain(`above/w${i}`);
  for (const i of [3, 4, 5]) expect(text).not.toContain(`above/w${i}`);
  expect(text).toContain('3 more between');
  for (let i = 0; i < 9; i++) expect(text).toContain(`holds/w${i}`);
});

test('says why a statement is not measurable: in the words of the preflight, where there are any', () => {
  const other = gvisor([one('cpu/a', 'below', 1)]);
  const reason = synthetic.run.runtimes
    .map(({ entry, preflight }) =>
      entry.name === 'kata' && preflight.status === 'unavailable' ? preflight : null,
    )
    .find((found) => found !== null)?.reason;
  expect(reason).toBeDefined();
  const text = section([other, kata]);
  expect(text).toContain('**not measurable here**: it cannot run here:');
  expect(text.replaceAll('\\', '')).toContain(reason);
  expect(section([other, { ...kata, runtime: null, reason: 'no-runtime' }])).toContain(
    '**Kata starts more slowly**: **not measurable here**: no such runtime is registered.',
  );
});

test('says so where no single range fits, and where no application was measured', () => {
  const far = [one('io/a', 'below', 1.02), one('io/b', 'above', 50)];
  const said = 'No single range of this width fits: from 1.02× to 50.0× was observed.';
  expect(section([{ ...gvisor(far), status: 'refuted' }])).toContain(said);
  expect(section([gvisor([one('io/a', 'above', 2), one('io/b', 'above', 2.3)])])).not.toContain('No single');
  const files = section([{ ...gvisor(far), status: 'undecided', reason: 'no-application' }]);
  expect(files).toContain('**inconclusive**: no application and no CPU-bound work was measured.');
  expect(files).toContain('costs more than that (1): `io/b`');
});

test('there is no section where nothing was measurable', () => {
  expect(section([kata])).toBe('');
  expect(section([])).toBe('');
});

test('on an emulated processor the section says so itself', () => {
  const run = { ...synthetic.run, host: { ...synthetic.run.host, emulation: 'QEMU TCG' } };
  const analysis = { ...synthetic.analysis, taughtClaims: [gvisor([one('app/b', 'holds', 1.4)])] };
  const text = renderMarkdown(
    taught.blocks(reportContext({ ...synthetic, run, analysis, lang: 'en' })),
    'en',
    '',
  );
  expect(text).toContain('> **Warning:** the processor was emulated (QEMU TCG)');
  expect(section([gvisor([one('app/b', 'holds', 1.4)])])).not.toContain('emulated');
});

test('in French', () => {
  const text = section([gvisor([one('app/b', 'holds', 1.4)]), kata], 'fr');
  expect(text).toContain('## Idées répandues, mises à l’épreuve');
  expect(text).toContain('**vrai pour certains tests seulement** (vérifié dans 1 cas sur 1).');
  expect(text).toContain('1,40×');
  expect(text.replaceAll('\u00a0', ' ')).toContain(
    '**non mesurable ici** : il ne peut pas fonctionner ici : ',
  );
});

test('a statement of another version is called by its id', () => {
  const claim = { ...gvisor([one('cpu/a', 'holds', 1.4)]), id: 'netd-slower' };
  expect(section([claim])).toContain('**netd-slower** (`runsc`');
});
