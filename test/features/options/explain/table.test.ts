import { expect, test } from 'vitest';
import type { Explanation, OptionEffect } from '../../../../src/features/options/explain/explanation.ts';
import { explanationTable } from '../../../../src/features/options/explain/table.ts';

const effect = (verdict: OptionEffect['verdict'], more: Partial<OptionEffect> = {}): OptionEffect => ({
  workload: 'startup/echo',
  params: '',
  metric: 'startup.to_output',
  unit: 'ns',
  ratio: 1.2,
  low: 1.1,
  high: 1.3,
  verdict,
  pairs: 8,
  note: '',
  ...more,
});

const option = (key: string, effects: readonly OptionEffect[], more = {}) => ({
  keys: [key],
  line: 2,
  setting: `"${key}": true`,
  what: 'It does.',
  usual: 'Default: false.',
  reach: 'It reaches.',
  objections: [],
  engine: key,
  effects: [...effects],
  facts: [],
  ...more,
});

const explanation: Explanation = {
  file: 'daemon.json',
  runtime: 'runc',
  dockerd: '26.1.5',
  docker: '28.5',
  runId: 'run',
  options: [
    option('init', [effect('slower')]),
    option('icc', [effect('equivalent', { ratio: 1, low: 0.99, high: 1.01 })]),
    option('live-restore', [effect('equivalent'), effect('inconclusive')]),
    option('debug', [effect('unavailable', { ratio: null, low: null, high: null, note: 'no disk' })], {
      facts: null,
    }),
    { ...option('hosts', []), facts: null, engine: undefined, notMeasured: 'it is elsewhere' },
  ],
  together: {
    effects: [effect('slower', { ratio: 2 })],
    facts: [{ fact: 'seccomp.mode', from: 'a', to: 'b' }],
  },
};

test('each setting has its line, its figures, and what it changes', () => {
  const said = explanationTable(explanation, 'en');
  expect(said).toContain('line 2: "init": true');
  expect(said).toMatch(/startup\/echo +time to first output +1\.20× \[1\.10, 1\.30\] +▲ slower/);
  expect(said).toContain('not measured: no disk');
  expect(said).toContain('Not measured: it is elsewhere.');
  expect(said).toContain('seccomp, as seen inside: a → b');
});

test('only what was measured is said of facts', () => {
  const said = explanationTable(
    { ...explanation, options: explanation.options.slice(3, 4), together: null },
    'en',
  );
  expect(said).toContain('Its isolation facts were not measured.');
  expect(said).not.toContain('It changes no');
});

test('in short: a cost by claims alone, and free only where every figure is decided', () => {
  const [, short = ''] = explanationTable(explanation, 'en').split('In short');
  expect(short).toContain('More expensive with: init (startup/echo 1.20× [1.10, 1.30]).');
  expect(short).toMatch(/No difference in any figure: icc\./);
  expect(short).toMatch(/Some figures inconclusive: live-restore,\s+debug\./);
  expect(short).toContain('Not measured here: hosts.');
});

test('without a measurement it ends with the command that measures, where that can be', () => {
  const unmeasured = { ...explanation, docker: null, runId: null, together: null };
  const command = 'ocibench runtimes explain daemon.json --measure';
  expect(explanationTable(unmeasured, 'en').replaceAll(/\s+/g, ' ')).toContain(command);
  const none = { ...unmeasured, options: explanation.options.slice(-1) };
  expect(explanationTable(none, 'en')).not.toContain('--measure');
  expect(explanationTable(explanation, 'en')).not.toContain('--measure');
});

test('a file without settings says so', () => {
  const empty = { ...explanation, docker: null, runId: null, options: [], together: null };
  expect(explanationTable(empty, 'en').trim()).toBe('daemon.json sets nothing: dockerd uses its defaults.');
  expect(explanationTable(empty, 'fr')).toContain('ne règle rien');
});

test('what others wrote cannot speak to the terminal', () => {
  const hostile = { ...explanation, file: 'a\u001b[2Jb', runtime: '\u001b]0;x\u0007' };
  expect(explanationTable(hostile, 'en')).not.toContain('\u001b');
});

test('where a setting was measured is said, if not everywhere', () => {
  const some = option('init', [effect('slower')], { measuredIn: ['startup', 'memory'] });
  const said = explanationTable({ ...explanation, options: [some] }, 'en');
  expect(said.replaceAll(/\s+/g, ' ')).toMatch(/Measured alone in Startup, Memory; elsewhere only/);
  expect(explanationTable(explanation, 'en')).not.toContain('Measured alone');
});

test('an objection says what follows, whether dockerd --validate notices it, and the fix', () => {
  const objections = [
    { key: 'init', effect: 'unnoticed', code: 'a.b', message: 'it is \u001b[2Jgone', fix: 'remove it' },
  ] as const;
  const bad = {
    ...explanation,
    options: [option('init', [], { objections: [...objections] })],
    docker: null,
  };
  const said = explanationTable(bad, 'en').replaceAll(/\s+/g, ' ');
  expect(said).toContain('Judged for Docker 26.1.5 on this host.');
  expect(said).toContain('It does. Default: false. It reaches.');
  expect(said).toMatch(
    /Docker 26\.1\.5 does not start with it, although dockerd --validate accepts it: it is .*gone\. fix: remove it/,
  );
  expect(said).not.toContain('\u001b');
  expect(said).toContain('Stops or does nothing here: init.');
  expect(explanationTable({ ...bad, dockerd: null }, 'fr')).toContain('Aucun dockerd');
});
