import { expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { headlinePrecision, wantedBy } from '../../../src/core/analyze/claims/precision.ts';
import { compareRuns } from '../../../src/core/analyze/runs/compare-runs.ts';
import { summaryCsv } from '../../report/exports/summary-rows.ts';
import { lineWorkload, runSubject, trialRecord } from '../../support/records.ts';
import { measuredUnderAll, threeProfiles as run } from './several-profiles-run.ts';

const workloads = [lineWorkload('syscall/calls')];
const measurements = measuredUnderAll();
const analysis = analyze({ run, measurements, workloads });

test('runtimes are compared under the first profile, and categories are of it alone', () => {
  expect(analysis.rows.map(({ runtime, profile, verdict }) => [runtime, profile, verdict])).toEqual([
    ['runc', 'plain', 'baseline'],
    ['crun', 'plain', 'faster'],
    ['runsc', 'plain', 'slower'],
  ]);
  expect(analysis.categories?.map(({ runtime, subjects }) => [runtime, subjects])).toEqual([
    ['crun', 1],
    ['runsc', 1],
  ]);
});

test('each runtime under a further profile is compared with itself under the first, in a family of its own', () => {
  expect(
    analysis.profiles?.map(({ runtime, profile, baseline, baselineProfile, ratio, verdict, family }) => [
      `${runtime} ${profile} ÷ ${baseline} ${baselineProfile}`,
      Number(ratio?.toFixed(2)),
      verdict,
      family,
    ]),
  ).toEqual([
    ['runc read-only ÷ runc plain', 1.25, 'slower', 'headline/profile/docker/read-only/runc/syscall'],
    ['crun read-only ÷ crun plain', 1, 'equivalent', 'headline/profile/docker/read-only/crun/syscall'],
    ['runsc read-only ÷ runsc plain', 1, 'equivalent', 'headline/profile/docker/read-only/runsc/syscall'],
    ['runc label ÷ runc plain', 1, 'equivalent', 'headline/profile/docker/label/runc/syscall'],
    ['crun label ÷ crun plain', 1, 'equivalent', 'headline/profile/docker/label/crun/syscall'],
    ['runsc label ÷ runsc plain', 1, 'equivalent', 'headline/profile/docker/label/runsc/syscall'],
  ]);
});

test('a profile that nothing could be measured under keeps a row with the reason', () => {
  const refusing = {
    ...run,
    subjects: [
      ...run.subjects.slice(0, 2),
      runSubject('syscall/calls', { profile: 'label', unsupported: { runc: 'it cannot' } }),
    ],
  };
  const without = measurements.filter(({ cell }) => cell.runtime !== 'runc' || cell.profile !== 'label');
  const found = analyze({ run: refusing, measurements: without, workloads });
  const row = found.profiles?.find(({ runtime, profile }) => runtime === 'runc' && profile === 'label');
  expect(row).toMatchObject({ n: 0, verdict: 'unavailable', note: 'it cannot', baselineProfile: 'plain' });
});

test('values without a reference are kept, and say what they lack', () => {
  const without = measurements.filter(({ cell }) => cell.runtime !== 'runc' || cell.profile !== 'plain');
  const found = analyze({ run, measurements: without, workloads });
  const row = found.profiles?.find(({ runtime, profile }) => runtime === 'runc' && profile === 'label');
  expect(row).toMatchObject({ n: 12, ratio: null, verdict: 'inconclusive' });
  expect(row?.note).toContain('runc / plain');
});

test('the CSV has one row for every cell, and says what it is compared with', () => {
  const rows = summaryCsv(analysis, run);
  expect(
    rows.map((row) => `${row.runtime} ${row.profile} ÷ ${row.baseline} ${row.baseline_profile}`),
  ).toEqual([
    'runc plain ÷ runc ',
    'crun plain ÷ runc ',
    'runsc plain ÷ runc ',
    'runc read-only ÷ runc plain',
    'crun read-only ÷ crun plain',
    'runsc read-only ÷ runsc plain',
    'runc label ÷ runc plain',
    'crun label ÷ crun plain',
    'runsc label ÷ runsc plain',
  ]);
});

test('while it runs, the baseline under a further profile has a precision, too', () => {
  const found = headlinePrecision({ run, measurements, workloads, wanted: wantedBy(run.config) });
  expect(
    found.map(({ cell: { runtime, profile }, ratio, settled }) => [
      `${runtime} ${profile}`,
      Number(ratio?.toFixed(2)),
      settled,
    ]),
  ).toEqual([
    ['crun plain', 0.5, 'clear'],
    ['runsc plain', 3, 'clear'],
    ['runc read-only', 1.25, 'clear'],
    ['crun read-only', 1, 'precise'],
    ['runsc read-only', 1, 'precise'],
    ['runc label', 1, 'precise'],
    ['crun label', 1, 'precise'],
    ['runsc label', 1, 'precise'],
  ]);
});

test('two runs are compared under each profile by what the profile costs in them', () => {
  const later = measurements.map((one) =>
    one.cell.profile === 'label' && one.cell.runtime === 'crun' && one.value !== null
      ? { ...one, value: one.value * 1.5 }
      : one,
  );
  const after = { run, measurements: later, analysis: analyze({ run, measurements: later, workloads }) };
  const changes = compareRuns({ run, measurements, analysis }, after).changes;
  expect(changes.map(({ runtime, profile, basis }) => `${runtime} ${profile} ${basis}`)).toContain(
    'runc label relative',
  );
  expect(
    changes.filter(({ verdict }) => verdict === 'slower').map(({ runtime, profile }) => [runtime, profile]),
  ).toEqual([['crun', 'label']]);
});

test('a profile is never compared with another, nor by another reference', () => {
  const only = (...names: string[]) => {
    const config = {
      ...run.config,
      profiles: run.config.profiles?.filter(({ name }) => names.includes(name)),
    };
    const one = {
      ...run,
      runId: names.join('-'),
      config,
      subjects: run.subjects.filter(({ profile }) => names.includes(profile ?? '')),
    };
    const own = measurements.filter(({ cell }) => names.includes(cell.profile));
    return { run: one, measurements: own, analysis: analyze({ run: one, measurements: own, workloads }) };
  };
  const [plain, label] = [only('plain'), only('label')];
  expect(compareRuns(plain, label)).toMatchObject({ changes: [], unmatched: 6 });
  // In one of them `label` is compared with `plain`, in the other it is the first.
  const both = compareRuns(only('plain', 'label'), label).changes;
  expect(both.map(({ runtime, profile }) => `${runtime} ${profile}`)).toEqual([]);
  const same = compareRuns(only('plain', 'label'), only('plain', 'read-only')).changes;
  expect(new Set(same.map(({ profile }) => profile))).toEqual(new Set(['plain']));
});

test('an inconclusive row says how many blocks it needs, of itself and of the first profile, and by which name', () => {
  const few = measuredUnderAll(6).map((one) =>
    one.cell.profile === 'label' && one.value !== null
      ? { ...one, value: one.value * (1 + 0.3 * Math.sin(one.block * 5)) }
      : one,
  );
  const trials = few.map(({ trialId, cell, block }) =>
    trialRecord({ trialId, cell, block, iterationNs: cell.profile === 'label' ? 3e6 : 1e6 }),
  );
  const found = analyze({ run, measurements: few, workloads, trials });
  const row = found.profiles?.find(({ runtime, profile }) => runtime === 'crun' && profile === 'label');
  expect(row?.verdict).toBe('inconclusive');
  const { until, moreBlocks = 0, moreMs } = row?.needs ?? {};
  expect(until).toBe('syscall/calls:crun@label');
  expect(moreBlocks).toBeGreaterThan(0);
  expect(moreMs).toBeCloseTo(4 * moreBlocks);
});
