import { describe, expect, test } from 'vitest';
import type { HostFacts } from '../../../../../src/core/model/host.ts';
import type { RunRecord } from '../../../../../src/core/model/run.ts';
import { hostNotes, hostProblems } from '../../../../../src/features/capacity/app/predict/host-refusals.ts';
import { runRecord } from '../../../../support/records.ts';

/** Problems and notes of a host that differs from the run's in these parts. */
function compared(own: Partial<HostFacts>, measured: Partial<HostFacts> = {}) {
  const base = runRecord();
  const run: RunRecord = { ...base, host: { ...base.host, ...measured } };
  const host = { ...base.host, ...own };
  const problems = hostProblems('r.json', host, run);
  for (const { fix } of problems) expect(fix).toContain('sudo ocibench capacity measure');
  return {
    problems: problems.map(({ key }) => key),
    notes: hostNotes(host, run).length,
  };
}

const mitigated = (own: Record<string, string>, measured: Record<string, string>) =>
  compared({ mitigations: own }, { mitigations: measured });

describe('a mitigation', () => {
  const tsa = { tsa: 'Mitigation: Clear CPU buffers' };

  test.each([
    ['of the recording', tsa, {}],
    ['of the run', {}, tsa],
    ['of one host, from which the other is not affected', { tsa: 'Not affected' }, tsa],
    ['that one lacks microcode for', {}, { mds: 'Vulnerable: Clear CPU buffers attempted, no microcode' }],
    ['by other means', { retbleed: 'Mitigation: IBRS' }, { retbleed: 'Mitigation: Enhanced IBRS' }],
  ] as const)('%s is refused', (_, own, measured) => {
    const [name] = Object.keys({ ...own, ...measured });
    expect(mitigated(own, measured)).toEqual({ problems: [`host.mitigations.${name}`], notes: 0 });
  });

  test.each([
    ['that is not listed', { tsa: 'Not affected' }, {}],
    ['that neither host is affected by', { tsa: 'Not affected' }, { tsa: 'Not affected' }],
    ['of old microcode', { old_microcode: 'Vulnerable' }, { old_microcode: 'Not affected' }],
  ] as const)('%s says nothing', (_, own, measured) => {
    expect(mitigated(own, measured)).toEqual({ problems: [], notes: 0 });
    expect(mitigated(measured, own)).toEqual({ problems: [], notes: 0 });
  });

  const retpolines = 'Mitigation: Retpolines; STIBP: disabled';
  test.each([
    ['other details', { spectre_v2: retpolines }, { spectre_v2: `${retpolines}; BHI: Vulnerable` }],
    ['nothing done', { vmscape: 'Vulnerable' }, {}],
    ['no microcode', { gds: 'Vulnerable: No microcode' }, { gds: 'Vulnerable' }],
    ['a guest that runs', { multihit: 'KVM: Mitigation: VMX disabled' }, { multihit: 'KVM: Vulnerable' }],
  ] as const)('with %s is named', (_, own, measured) => {
    expect(mitigated(own, measured)).toEqual({ problems: [], notes: 1 });
    expect(mitigated(measured, own)).toEqual({ problems: [], notes: 1 });
  });
});

test.each([
  ['a guest', 'hypervisor', 'kvm'],
  ['an emulated processor', 'emulation', 'QEMU TCG'],
] as const)('%s is not a host with the same processor', (_, key, value) => {
  expect(compared({ [key]: value }).problems).toEqual([`host.${key}`]);
  expect(compared({}, { [key]: value }).problems).toEqual([`host.${key}`]);
  expect(compared({ [key]: value }, { [key]: value }).problems).toEqual([]);
});
