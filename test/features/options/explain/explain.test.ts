import { expect, test } from 'vitest';
import { askedEngines, recordableEngine } from '../../../../src/core/config/engine-shape.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import type { FactRow, SummaryRow } from '../../../../src/core/model/analysis/analysis.ts';
import type { Category } from '../../../../src/core/model/workload/metric.ts';
import { enginesFor, explanationOf } from '../../../../src/features/options/explain/explain.ts';
import { settingsOf } from '../../../../src/features/options/explain/settings.ts';

const source = `{
  "live-restore": true,
  "log-driver": "json-file",
  "runtimes": { "crun": { "path": "/usr/bin/crun" } },
  "log-opts": { "max-size": "10m" },
  "registry-mirrors": ["https://me:secret@mirror"],
  "icc": true
}
`;
const settings = settingsOf(source, JSON.parse(source));

test('settings stand in the order of their lines, each with what means nothing without it', () => {
  expect(settings.map(({ keys, line, shown }) => ({ keys, line, shown }))).toEqual([
    { keys: ['live-restore'], line: 2, shown: '"live-restore": true' },
    {
      keys: ['log-driver', 'log-opts'],
      line: 3,
      shown: '"log-driver": "json-file", "log-opts": {"max-size":"10m"}',
    },
    { keys: ['runtimes'], line: 4, shown: '"runtimes": ["crun"]' },
    { keys: ['registry-mirrors'], line: 6, shown: '"registry-mirrors": ["https://me:secret@mirror"]' },
    { keys: ['icc'], line: 7, shown: '"icc": true' },
  ]);
});

test('the owner of a file reads what it says, and the run records placeholders', () => {
  const secret = { 'log-driver': 'splunk', 'log-opts': { 'splunk-token': 'abc', 'max-size': '1m' } };
  expect(settingsOf(JSON.stringify(secret), secret)[0]?.shown).toContain('"splunk-token":"abc"');
  const recorded = askedEngines([{ name: 'own', daemonJson: secret }]).map(recordableEngine);
  expect(JSON.stringify(recorded)).toMatch(/"splunk-token":"\(not recorded, #[0-9a-f]{4}\)","max-size":"1m"/);
  expect(JSON.stringify(recorded)).not.toContain('abc');
});

test('an objection stands at its setting, also at that of a key that leads it', () => {
  const file = { 'log-driver': 'json-file', 'log-opts': { 'max-size': 'ten' } };
  const about = { file: 'daemon.json', runtime: 'runc', dockerd: '26.1.5' };
  const reason = { code: 'a.b', message: external('is bad'), fix: external('mend it') };
  const objection = { key: 'log-opts', effect: 'no-container', reason } as const;
  const said = explanationOf(settingsOf('{}', file), about, null, [objection, { ...objection, key: 'bip' }]);
  expect(said.options[0]?.objections).toMatchObject([
    { key: 'log-opts', effect: 'no-container', code: 'a.b', message: 'is bad', fix: 'mend it' },
  ]);
});

test('each setting has an engine of its own beside the plain one, and all stand together', () => {
  expect(enginesFor(settings)).toEqual([
    { name: 'plain' },
    {
      name: 'live-restore',
      daemonJson: { 'live-restore': true },
      optional: true,
      categories: ['startup', 'isolation'],
    },
    {
      name: 'log-driver',
      daemonJson: { 'log-driver': 'json-file', 'log-opts': { 'max-size': '10m' } },
      optional: true,
      categories: ['startup', 'isolation'],
    },
    {
      name: 'all',
      daemonJson: {
        'live-restore': true,
        'log-driver': 'json-file',
        'log-opts': { 'max-size': '10m' },
      },
      optional: true,
    },
  ]);
  expect(enginesFor(settings.slice(0, 1))).toEqual([
    { name: 'plain' },
    { name: 'live-restore', daemonJson: { 'live-restore': true }, optional: true },
  ]);
  expect(enginesFor(settings, false).every(({ categories }) => categories === undefined)).toBe(true);
});

const cell = { runtime: 'runc', profile: 'default', layer: 'docker', params: '' } as const;

function row(engine: string, more: Partial<SummaryRow>): SummaryRow {
  return {
    ...cell,
    workload: 'startup/echo',
    engine,
    category: 'startup',
    metric: 'startup.to_output',
    unit: 'ns',
    better: 'lower',
    headline: true,
    n: 7,
    failures: 0,
    median: 1,
    baseline: 'runc',
    ciLow: null,
    ciHigh: null,
    p95: null,
    min: null,
    max: null,
    mad: null,
    p: null,
    pAdjusted: null,
    pairs: 7,
    ratio: 1.2,
    ratioCiLow: 1.1,
    ratioCiHigh: 1.3,
    verdict: 'slower',
    note: '',
    ...more,
  } as SummaryRow;
}

function fact(engine: string, id: string, value: string, varies = false): FactRow {
  return { ...cell, workload: 'isolation/facts', engine, id, value, trials: 2, varies };
}

test('a setting has the figures and facts of its engine, and of no other', () => {
  const analysis = {
    rows: [
      row('plain', { verdict: 'baseline' }),
      row('log-driver', { verdict: 'unavailable', note: 'no disk' }),
    ],
    engines: [
      row('live-restore', { baselineEngine: 'plain' }),
      row('live-restore', { baselineEngine: 'plain', headline: false, metric: 'cpu.usage' }),
      row('all', { baselineEngine: 'plain', ratio: 2 }),
    ],
    facts: [
      fact('plain', 'seccomp.mode', 'filter'),
      fact('live-restore', 'seccomp.mode', 'off'),
      fact('plain', 'hostname', 'a', true),
      fact('live-restore', 'hostname', 'b', true),
    ],
  };
  const engines = [
    { name: 'plain' },
    { name: 'live-restore', categories: ['startup', 'isolation'] satisfies Category[] },
  ];
  const measured = { runId: 'run', docker: '28.5', analysis, engines };
  const { options, together } = explanationOf(
    settings,
    { file: 'daemon.json', runtime: 'runc', dockerd: '26.1.5' },
    measured,
  );
  expect(options.map(({ effects }) => effects.map(({ ratio, verdict }) => [ratio, verdict]))).toEqual([
    [[1.2, 'slower']],
    [[null, 'unavailable']],
    [],
    [],
    [],
  ]);
  expect(options[1]?.effects[0]?.note).toBe('no disk');
  expect(options.map(({ measuredIn }) => measuredIn)).toEqual([['startup'], ...Array(4).fill(undefined)]);
  expect(options[0]?.facts).toEqual([{ fact: 'seccomp.mode', from: 'filter', to: 'off' }]);
  expect(options[1]?.facts).toBe(null);
  expect(together?.facts).toBe(null);
  expect(options[4]?.notMeasured).toBe('it is the default of dockerd');
  expect(together?.effects.map(({ ratio }) => ratio)).toEqual([2]);
});

test('without a run there are words and no figures', () => {
  const explained = explanationOf(
    settings,
    { file: 'daemon.json', runtime: 'runc', dockerd: '26.1.5' },
    null,
  );
  expect(explained.runId).toBe(null);
  expect(explained.together).toBe(null);
  expect(explained.options.flatMap(({ effects }) => effects)).toEqual([]);
});
