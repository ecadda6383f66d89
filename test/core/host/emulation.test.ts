import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCpuinfo, parseEmulation, parseHypervisor } from '../../../src/core/host/facts.ts';

const captured = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/host', name), 'utf8');
const debian = 'BOOT_IMAGE=/boot/vmlinuz-6.12.43+deb13-amd64 root=UUID=1d ro quiet\n';
const epyc = 'processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\nflags\t\t: fpu hypervisor\n';
const arm = (implementer: string, part: string) =>
  `processor\t: 0\nBogoMIPS\t: 125.00\nFeatures\t: fp asimd\nCPU implementer\t: ${implementer}\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: ${part}\nCPU revision\t: 0\n`;

test.each([
  ['the model of -cpu max under TCG', debian, captured('cpuinfo-tcg-max')],
  ['the lab’s own word, whatever the model', captured('cmdline-lab-tcg'), captured('cpuinfo-tcg-qemu64')],
  ['the MIDR of -cpu max under TCG on Arm', debian, arm('0x00', '0x051')],
])('known by %s', (_, cmdline, cpuinfo) => {
  expect(parseEmulation(cmdline, cpuinfo)).toBe('QEMU TCG');
});

test.each([
  ['a guest with KVM', debian, epyc],
  ['a model that QEMU shows with KVM too', debian, captured('cpuinfo-tcg-qemu64')],
  ['the lab with KVM', 'quiet ocibench.accelerator=kvm\n', epyc],
  ['a word that only resembles the lab’s', 'x.ocibench.accelerator=tcg ocibench.accelerator=tcgx\n', epyc],
  ['an Arm server', debian, arm('0x41', '0xd0c')],
  ['a part of that number by another maker', debian, arm('0x43', '0x051')],
  ['files that cannot be read', '', ''],
])('not taken from %s', (_, cmdline, cpuinfo) => {
  expect(parseEmulation(cmdline, cpuinfo)).toBeNull();
});

test('the firmware does not tell it: QEMU names itself with KVM too', () => {
  const { hypervisorFlag } = parseCpuinfo(captured('cpuinfo-tcg-max'));
  const product = 'Standard PC (i440FX + PIIX, 1996)';
  const seen = { vendor: 'QEMU', product, hypervisorType: null, hypervisorFlag };
  expect(parseHypervisor({ ...seen, clocksource: 'tsc' })).toBe('qemu');
});
