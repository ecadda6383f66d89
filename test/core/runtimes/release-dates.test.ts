import { describe, expect, test } from 'vitest';
import { releaseChecks } from '../../../src/core/host/doctor/family-checks.ts';
import { families, familyOf } from '../../../src/core/runtimes/registry.ts';
import { monthsBetween, oldReleases } from '../../../src/core/runtimes/release-dates.ts';

test.each([
  ['runc', 'runc version 1.1.15+ds1', '2024-10-07'],
  ['runc', 'runc version 1.5.1', '2026-07-14'],
  ['runc', 'runc version 9.9.9', null],
  ['runc', 'runc version 1.1.12-0ubuntu2~22.04.1', '2024-01-24'],
  ['runc', 'runc version 1.3.0-rc.1', null],
  ['runc', 'runc version 1.0.0~rc93+ds1', null],
  ['crun', 'crun version 1.21', '2025-03-28'],
  ['crun', 'crun version 1.21.0', '2025-03-28'],
  ['crun', 'crun version 1.27.1-dirty', '2026-04-21'],
  ['crun', 'crun version UNKNOWN', null],
  ['kata', '3.25.0', '2026-01-19'],
  ['kata', '3.32.0 (Rust)', '2026-06-22'],
  ['kata', '3.2.0.azl5', '2023-10-23'],
  ['kata', '3.2.0-alpha1', null],
  ['youki', 'youki version 0.7.0', '2026-07-25'],
  ['runsc', 'runsc version 0.0~20240729.0', '2024-07-29'],
  ['runsc', 'runsc version release-20260817.0-70-g3c5eee17d', '2026-08-17'],
  ['runsc', 'runsc version VERSION_MISSING', null],
  ['runsc', 'runsc version release-20261340.0', null],
  ['runsc', 'runsc version release-20260231.0', null],
  ['other', 'some-runtime 1.1.15', undefined],
] as const)('%s: %s is of %s', (family, version, date) => {
  expect(familyOf(family).released?.(version)).toBe(date);
});

test('every date of the tables is a day', () => {
  for (const { released } of families)
    for (const version of ['1.0.0', '1.1', '3.0.0', '0.3.1'])
      expect(released?.(version) ?? '2026-01-01').toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
});

test.each([
  ['2024-07-29', '2026-11-29', 28],
  ['2024-07-29', '2026-11-28', 27],
  ['2025-11-29', '2026-11-28', 11],
  ['2025-11-29', '2026-11-29', 12],
  ['2026-12-01', '2026-11-29', 0],
])('from %s to %s: %i whole months', (from, to, months) => {
  expect(monthsBetween(from, to)).toBe(months);
});

const runtime = (name: string, on?: string) => ({
  entry: { name, path: `/usr/bin/${name}`, origin: 'daemon.json' as const },
  family: 'runsc',
  ...(on === undefined ? {} : { released: { on, by: 'version' as const } }),
});

test('who does not know a release says nothing of its age', () => {
  expect(oldReleases([runtime('runsc')], '2026-11-29')).toEqual([]);
});

describe('doctor', () => {
  const said = (...runtimes: readonly ReturnType<typeof runtime>[]) =>
    releaseChecks(runtimes, '2026-11-29').map(({ id, status, detail, fix }) => ({ id, status, detail, fix }));

  test('two releases of one family beside each other: the old one is named, with the way to a current one', () => {
    expect(said(runtime('runsc', '2024-07-29'), runtime('runsc-now', '2026-08-17'))).toEqual([
      {
        id: 'runsc-release',
        status: 'warn',
        detail:
          'runsc was released on 2024-07-29, 28 months ago: a current gVisor may give different figures; runsc-now was released on 2026-08-17 (3 months ago)',
        fix: expect.stringMatching(/Google’s package repository.*runtimes add runsc-now/s),
      },
    ]);
  });

  test('one of less than a year is no doubt', () => {
    expect(said(runtime('runsc', '2026-11-01'))).toMatchObject([
      { status: 'ok', detail: 'runsc was released on 2026-11-01 (less than a month ago)', fix: undefined },
    ]);
    expect(said(runtime('runsc'))).toEqual([]);
  });

  test('a runtime of no family is called by its name', () => {
    const nvidia = { ...runtime('nvidia', '2024-07-29'), family: 'other' };
    const [check] = releaseChecks([nvidia], '2026-11-29');
    expect(check).toMatchObject({ title: 'Release of nvidia', status: 'warn' });
    expect(check?.detail).toMatch(/a current nvidia may give different figures/);
  });
});
