import { expect, test } from 'vitest';
import { external } from '../../../src/core/messages/compose.ts';
import { guestAttempts, type MachineEnd } from '../../../src/features/lab/machine.ts';

const failed = (booted: boolean, hung: boolean): MachineEnd => ({
  kind: 'failed',
  booted,
  hung,
  reason: external('no answer'),
});
const hung = failed(false, true);
const refused = failed(false, false);
const ended: MachineEnd = { kind: 'ended' };

/** Under which accelerators a guest is booted that ends like this, one end after the other, and what is said. */
async function tried(accelerator: 'kvm' | 'tcg', isChosen: boolean, ...ends: readonly MachineEnd[]) {
  const booted: string[] = [];
  const said: string[] = [];
  const { end } = await guestAttempts(
    async (under) => {
      const next = ends[booted.length];
      booted.push(under);
      if (next === undefined) throw new Error('booted too often');
      return { end: next };
    },
    { accelerator, isChosen, log: ({ text }) => said.push(text) },
  );
  return { booted: booted.join(), said: said.length, isLast: end === ends.at(-1) };
}

test.each([
  ['that boots', 'tcg', false, [ended], 'tcg'],
  ['that hangs while it boots', 'tcg', true, [hung, ended], 'tcg,tcg'],
  ['that hangs twice', 'tcg', false, [hung, hung], 'tcg,tcg'],
  ['that QEMU refuses', 'tcg', false, [refused], 'tcg'],
  ['that fails in its command', 'kvm', false, [failed(true, false)], 'kvm'],
  ['that does not boot under KVM', 'kvm', false, [refused, ended], 'kvm,tcg'],
  ['that hangs under KVM, and emulated', 'kvm', false, [hung, hung, ended], 'kvm,tcg,tcg'],
  ['for which KVM was chosen', 'kvm', true, [refused], 'kvm'],
] as const)('a guest %s', async (_, accelerator, isChosen, ends, booted) => {
  expect(await tried(accelerator, isChosen, ...ends)).toEqual({
    booted,
    said: ends.length - 1,
    isLast: true,
  });
});
