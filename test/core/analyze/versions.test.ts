import { expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { versionPairs } from '../../../src/core/analyze/rows/direct-rows.ts';
import type { RuntimeFacts } from '../../../src/core/model/runtime/runtime.ts';
import { summaryCsv } from '../../report/exports/summary-rows.ts';
import { kataMissing, lineWorkload, measurement, runRecord, runtimeFacts } from '../../support/records.ts';

const version = (name: string, number: string | null, more: Partial<RuntimeFacts> = {}): RuntimeFacts => ({
  ...runtimeFacts(name),
  family: 'runc',
  version: number,
  sha256: `sum of ${name}`,
  ...more,
});
const pairsOf = (...runtimes: readonly RuntimeFacts[]) =>
  versionPairs({ runtimes: [...runtimes] }).map(({ newer, older }) => `${newer} ÷ ${older}`);

test('versions are ordered by their numbers, each against the next older one', () => {
  expect(
    pairsOf(version('runc', '1.1.15+ds1'), version('new', '1.3.6+ds1'), version('mid', 'runc version 1.2.0')),
  ).toEqual(['mid ÷ runc', 'new ÷ mid']);
  expect(pairsOf(version('runc', '1.3.0'), version('candidate', '1.3.0-rc.1'))).toEqual(['runc ÷ candidate']);
  // Builds of the same number: the first of the run is taken for the older one.
  expect(pairsOf(version('runc', '1.3.0'), version('rebuilt', '1.3.0'))).toEqual(['rebuilt ÷ runc']);
  expect(pairsOf(version('a', 'unknown'), version('b', 'unknown'))).toEqual(['b ÷ a']);
});

test('what differs by more than its version is no pair, nor is the same program twice', () => {
  const old = version('runc', '1.1.0');
  expect(pairsOf(old, version('same', '1.1.0', { sha256: old.sha256 }))).toEqual([]);
  expect(pairsOf(old, version('crun', '1.2.0', { family: 'crun' }))).toEqual([]);
  expect(pairsOf(old, version('new', null))).toEqual([]);
  expect(pairsOf(old, version('new', '1.3.0', { preflight: kataMissing }))).toEqual([]);
  const systemd = { entry: { name: 'new', origin: 'PATH' as const, runtimeArgs: ['--systemd-cgroup'] } };
  expect(pairsOf(old, version('new', '1.3.0', systemd))).toEqual([]);
  expect(pairsOf(old, version('new', '1.3.0', { platform: 'kvm' }))).toEqual([]);
  const unknown = { family: 'other' };
  expect(pairsOf(version('a', '1.0', unknown), version('b', '2.0', unknown))).toEqual([]);
});

const crun = { family: 'crun' };
const runtimes = [
  version('runc', '1.1.15'),
  version('runc-1.3', '1.3.6'),
  version('crun', '1.21', crun),
  version('crun-1.28', '1.28', crun),
];
const costs: Readonly<Record<string, number>> = { runc: 100, 'runc-1.3': 90, crun: 40, 'crun-1.28': 48 };
const run = runRecord({ runtimes });
const measurements = Object.entries(costs).flatMap(([runtime, cost], seed) =>
  Array.from({ length: 12 }, (_, at) =>
    measurement(runtime, at + 1, cost * (1 + 0.01 * Math.sin(seed * 12.9898 + at * 78.233))),
  ),
);
const analysis = analyze({ run, measurements, workloads: [lineWorkload('syscall/calls')] });

test('a newer version is compared with the older one, of which the run has the rows where that is its baseline', () => {
  const [runc, other] = analysis.versions ?? [];
  expect(runc).toMatchObject({ family: 'runc', older: 'runc', newer: 'runc-1.3', olderVersion: '1.1.15' });
  expect(runc?.rows).toEqual(analysis.rows.filter(({ runtime }) => runtime === 'runc-1.3'));
  expect(other?.rows).toHaveLength(1);
  expect(other?.rows[0]).toMatchObject({
    runtime: 'crun-1.28',
    baseline: 'crun',
    pairs: 12,
    verdict: 'slower',
    family: 'headline/version/docker/crun-1.28/syscall',
  });
  expect(other?.rows[0]?.ratio).toBeCloseTo(1.2, 1);
});

test('it is corrected together with the other headlines of the run', () => {
  const [, other] = analysis.versions ?? [];
  const alone = analyze({
    run: { ...run, runtimes: runtimes.slice(0, 3) },
    workloads: [lineWorkload('syscall/calls')],
    measurements: measurements.filter(({ cell }) => cell.runtime !== 'crun-1.28'),
  });
  const [before, after] = [alone, analysis].map(({ rows }) => rows.find(({ runtime }) => runtime === 'crun'));
  expect(before?.verdict).toBe('faster');
  expect(after?.verdict).toBe('faster');
  expect(other?.rows[0]?.pAdjusted).toBeGreaterThanOrEqual(other?.rows[0]?.p ?? 1);
});

test('summary.csv has each comparison once', () => {
  const pairs = summaryCsv(analysis, run).map((row) => `${row.runtime} ${row.baseline}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(pairs.at(-1)).toBe('crun-1.28 crun');
  expect(pairs).toHaveLength(5);
});

test('in duets only what ran at once is compared', () => {
  const duet = analyze({
    run: { ...run, config: { ...run.config, duet: true } },
    measurements,
    workloads: [lineWorkload('syscall/calls')],
  });
  expect(duet.versions?.map(({ newer }) => newer)).toEqual(['runc-1.3']);
});

test('an engine in which a name leads to another program is left out', () => {
  const found = (shas: readonly (string | null)[]) =>
    runtimes.map(({ entry, version: number }, at) => ({
      name: entry.name,
      path: null,
      version: number,
      sha256: shas[at] ?? null,
    }));
  const usual = runtimes.map(({ sha256 }) => sha256);
  const asked = ['old', 'new'].map((name) => ({ name, path: [], containerd: [], env: {}, daemonJson: {} }));
  const record = (name: string, shas: readonly (string | null)[]) => ({
    name,
    facts: run.engine,
    programs: [],
    runtimes: found(shas),
  });
  const inBoth = analyze({
    run: {
      ...run,
      config: { ...run.config, engines: asked },
      engines: [record('old', usual), record('new', ['other', ...usual.slice(1)])],
    },
    measurements: ['old', 'new'].flatMap((engine) =>
      measurements.map((each) => ({
        ...each,
        trialId: `${each.trialId}-${engine}`,
        cell: { ...each.cell, engine },
      })),
    ),
    workloads: [lineWorkload('syscall/calls')],
  });
  expect(inBoth.versions?.map(({ newer, rows }) => [newer, rows.map(({ engine }) => engine)])).toEqual([
    ['runc-1.3', ['old']],
    ['crun-1.28', ['old', 'new']],
  ]);
});
