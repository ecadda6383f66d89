import { expect, test } from 'vitest';
import { loadWorkloadIds } from '../../../../src/core/config/workload-ids.ts';
import type { Preflight } from '../../../../src/core/model/runtime/runtime.ts';
import { fleetOf } from '../../../../src/features/fleet/merge/fleet.ts';
import { toldOf, toldWords } from '../../../../src/features/fleet/merge/notes.ts';
import { withoutNames } from '../../../../src/features/fleet/merge/withhold-names.ts';
import { fleetBlocks } from '../../../../src/features/fleet/report/blocks.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import { runSubject, runtimeFacts } from '../../../support/records.ts';
import { alikeHosts, type MadeHost, madeFleet, madeRun } from './made-fleet.ts';

const shipped = { workloads: new Set(loadWorkloadIds()), profiles: new Set(['default']) };

const lost = (preflight: Partial<Extract<Preflight, { status: 'unavailable' }>>): Preflight => ({
  status: 'unavailable',
  code: 'kata-shim-missing',
  reason: 'no shim',
  fix: 'install it',
  error: '',
  ...preflight,
});
const runtimesWith = (preflight: Preflight) => [
  ...['runc', 'crun', 'runsc'].map((name) => ({ ...runtimeFacts(name), family: name, version: '1.0' })),
  { ...runtimeFacts('kata', preflight), family: 'kata' },
];
const withLost = (at: (n: number) => Preflight | null): MadeHost[] =>
  alikeHosts(6, (n) => {
    const preflight = at(n);
    return preflight === null ? {} : { run: { runtimes: runtimesWith(preflight) } };
  });

test('what does not start is grouped by reason and fix, what concerns most first', () => {
  const fleet = madeFleet(withLost((n) => (n < 3 ? lost({}) : n === 3 ? lost({ reason: 'no KVM' }) : null)));
  expect(fleet.missing.map(({ runtimes, reason, fix, hosts }) => [runtimes, reason, fix, hosts])).toEqual([
    [['kata'], 'no shim', 'install it', [0, 1, 2]],
    [['kata'], 'no KVM', 'install it', [3]],
  ]);
});

test('workloads that a runtime does not support are one group, and runtimes that do not start are not in it', () => {
  const subjects = ['startup/echo', 'syscall/calls'].map((workload) =>
    runSubject(workload, { definition: 'd1', unsupported: { runsc: 'no', kata: 'no' } }),
  );
  const fleet = madeFleet(alikeHosts(3, () => ({ run: { subjects, runtimes: runtimesWith(lost({})) } })));
  expect(
    fleet.missing.map(({ kind, runtimes, workloads, hosts }) => [kind, runtimes, workloads, hosts]),
  ).toEqual([
    ['runtime', ['kata'], [], [0, 1, 2]],
    ['workload', ['runsc'], ['startup/echo', 'syscall/calls'], [0, 1, 2]],
  ]);
});

test('a submission without use is told though another of its name counts', () => {
  const [ada, other] = alikeHosts(2, () => ({ name: 'ada' })).map(madeRun);
  if (ada === undefined || other === undefined) throw new Error('no runs');
  const fleet = fleetOf({
    harnessVersion: '0.1.0',
    own: null,
    told: [],
    thresholds: { practical: 0.05, alpha: 0.05 },
    runs: [
      { ...ada, origin: '/monday/ada/run' },
      { ...other, origin: '/tuesday/ada/run', comparisons: [], records: 'others', runId: 'other' },
    ],
    rules: { submissions: ['/monday', '/tuesday'] },
  });
  expect(fleet.missing.map(({ kind, others }) => [kind, others])).toEqual([['run', ['ada']]]);
});

test('no text from outside is in what a class sees', () => {
  const ref = (id: string, values: Record<string, string>) => ({
    reason: 'of alice',
    fix: 'ask alice',
    code: 'alice',
    error: 'alice',
    messages: { reason: { id, values }, fix: { id: 'external', values: { text: 'alice' } } },
  });
  const known = ref('preflight.runscPlatformUnknown', { platform: 'alice' });
  const hosts = withLost((n) =>
    lost([known, ref('external', { text: 'alice' }), ref('alice.alice', {})][n] ?? {}),
  );
  const fleet = fleetOf({
    runs: hosts.map(madeRun),
    harnessVersion: '0.1.0',
    own: null,
    thresholds: { practical: 0.05, alpha: 0.05 },
    told: [
      toldOf(
        'left-out',
        toldWords.unreadable({ origin: '/in/alice', why: { id: 'external', values: { text: 'alice' } } }),
        ['/in/alice'],
      ),
    ],
  });
  expect(JSON.stringify(fleet.missing)).toContain('alice');
  const bare = withoutNames(fleet, 'en', shipped);
  expect(JSON.stringify(bare)).not.toContain('alice');
  expect(bare.missing.find(({ kind }) => kind === 'run')?.others).toEqual([null]);
  expect(bare.missing.map(({ reason }) => reason)).toContain("this runsc has no platform '…'");
  for (const lang of ['en', 'fr'] as const) {
    const page = renderMarkdown(fleetBlocks(bare, { lang, charts: [], forClass: true }), lang, '');
    expect(page).not.toContain('alice');
    expect(page).toContain(lang === 'en' ? 'What could not run' : 'Ce qui n’a pas pu tourner');
  }
});

test('other load when a run began is a fact, and no change of the host', () => {
  const { host } = { host: madeRun({ name: 'a' }).host };
  const loaded = (loadAverage1: number) => ({ run: { host: { ...host, loadAverage1 } } });
  const fleet = madeFleet([
    { name: 'a', ...loaded(0) },
    { name: 'a', runId: 'run-later', ...loaded(2) },
    { name: 'b', ...loaded(2) },
    { name: 'c' },
  ]);
  expect(fleet.hosts.map(({ facts }) => facts.load)).toEqual(['busy', 'busy', 'quiet']);
  expect(fleet.told.map(({ code }) => code)).not.toContain('fleet.changedHost');
});
