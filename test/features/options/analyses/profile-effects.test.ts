import { describe, expect, test } from 'vitest';
import type { CategoryEstimate, FactRow, SummaryRow } from '../../../../src/core/model/analysis/analysis.ts';
import { profileEffects, withNotApplied } from '../../../../src/features/options/analyses/profile-effects.ts';
import { factRows } from '../../../core/analyze/several-profiles-run.ts';
import { cell, runRecord } from '../../../support/records.ts';

const rules = { defaultAction: 'SCMP_ACT_ERRNO' };
const run = runRecord({
  config: {
    profiles: [
      { name: 'plain' },
      { name: 'strict', seccomp: { file: 'f', sha256: 's', rules } },
      { name: 'gain', noNewPrivileges: true },
      { name: 'limit', memoryBytes: 9 },
      { name: 'both', noNewPrivileges: true, capDrop: ['ALL'] },
    ],
  },
});

const usual = {
  'syscalls.answered': '287, refused 68, absent 20',
  capabilities: '14: CHOWN (00)',
  'mounts.writable': '12: / /proc',
  no_new_privileges: 'no',
  'seccomp.mode': 'filter',
  'user.mapping': '0 0 4294967295',
};
const told = (runtime: string, profile: string, changes: Partial<typeof usual> = {}): readonly FactRow[] =>
  factRows(runtime, profile, { ...usual, ...changes });
const cost = (profile: string, low90: number | null, high90 = low90) =>
  ({
    runtime: 'runc',
    profile,
    category: 'startup',
    layer: 'docker',
    low90,
    high90,
  }) as unknown as CategoryEstimate;
const effects = (facts: readonly FactRow[], costs: readonly CategoryEstimate[] = []) =>
  profileEffects(run, facts, costs);
const of = (profile: string, found: ReturnType<typeof effects>) =>
  found.find((effect) => effect.profile === profile);

describe('an option', () => {
  test('was applied where a fact that shows it changes, and its change is told', () => {
    const found = effects([
      ...told('runc', 'plain'),
      ...told('runc', 'strict', { 'syscalls.answered': '60, refused 300, absent 15' }),
    ]);
    expect(of('strict', found)).toMatchObject({
      applied: ['seccomp'],
      notApplied: [],
      changed: [
        { id: 'syscalls.answered', before: usual['syscalls.answered'], after: '60, refused 300, absent 15' },
      ],
    });
  });

  test('was not applied where none of them does', () => {
    const off = { 'seccomp.mode': 'off' };
    const found = effects([...told('runsc', 'plain', off), ...told('runsc', 'strict', off)]);
    expect(of('strict', found)).toMatchObject({ applied: [], notApplied: ['seccomp'], changed: [] });
  });

  test('is no filter where none is there, whatever else changes the calls', () => {
    const found = effects([
      ...told('runsc', 'plain', { 'seccomp.mode': 'off' }),
      ...told('runsc', 'strict', {
        'seccomp.mode': 'off',
        'syscalls.answered': '286, refused 69, absent 20',
      }),
    ]);
    expect(of('strict', found)?.notApplied).toEqual(['seccomp']);
  });

  test('is not seen where no fact shows it, or the fact is not told', () => {
    const silent = { no_new_privileges: 'not told' };
    const found = effects([
      ...told('runsc', 'plain', silent),
      ...told('runsc', 'gain', silent),
      ...told('runsc', 'limit', silent),
    ]);
    expect(of('gain', found)).toMatchObject({ applied: [], notApplied: [], unseen: ['noNewPrivileges'] });
    expect(of('limit', found)).toMatchObject({ applied: [], notApplied: [], unseen: ['memoryBytes'] });
  });
});

describe('a profile is dominated', () => {
  const facts = [
    ...told('runc', 'plain'),
    ...told('runc', 'gain', { no_new_privileges: 'yes' }),
    ...told('runc', 'both', { no_new_privileges: 'yes', capabilities: '0: none (00)' }),
  ];

  test('by one that separates better and costs no more', () => {
    const found = effects(facts, [cost('gain', 1.1), cost('both', 1.02)]);
    expect(of('plain', found)?.dominatedBy).toEqual(['both']);
    expect(of('gain', found)?.dominatedBy).toEqual(['both']);
    expect(of('both', found)?.dominatedBy).toEqual([]);
  });

  test('not by one that costs more, or whose cost is not known, or that separates worse by another fact', () => {
    expect(of('gain', effects(facts, [cost('gain', 1), cost('both', 1.2)]))?.dominatedBy).toEqual([]);
    expect(of('gain', effects(facts, [cost('gain', 1)]))?.dominatedBy).toEqual([]);
    expect(of('gain', effects(facts))?.dominatedBy).toEqual([]);
    expect(of('gain', effects(facts, [cost('gain', 1), cost('both', 1, 1.2)]))?.dominatedBy).toEqual([]);
    expect(of('gain', effects(facts, [cost('gain', 1), cost('both', null)]))?.dominatedBy).toEqual([]);
    const open = [...facts.slice(0, -6), ...told('runc', 'both', { capabilities: '0: none (00)' })];
    expect(of('gain', effects(open, [cost('gain', 1), cost('both', 1)]))?.dominatedBy).toEqual([]);
  });
});

test('a row of what was not applied says so first', () => {
  const off = { 'seccomp.mode': 'off' };
  const found = effects([...told('runsc', 'plain', off), ...told('runsc', 'strict', off)]);
  const row = { ...cell('runsc'), profile: 'strict', n: 3, note: 'a doubt' } as unknown as SummaryRow;
  expect(withNotApplied([row], found)[0]?.note).toBe(
    'not applied by this runtime: seccomp (no fact changes inside the container); a doubt',
  );
  expect(withNotApplied([{ ...row, runtime: 'runc' }], found)[0]?.note).toBe('a doubt');
});

test('nothing is told of a run of one profile', () => {
  expect(profileEffects(runRecord(), told('runc', 'default'), [])).toEqual([]);
});
