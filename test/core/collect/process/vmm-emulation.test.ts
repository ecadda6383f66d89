import { expect, test } from 'vitest';
import { vmmEmulation } from '../../../../src/core/collect/process/scan.ts';
import { capturedScan } from '../cgroup/kata-captures.ts';

test.each<[string | null, string]>([
  ['QEMU TCG', '/usr/bin/qemu-system-x86_64 -machine q35,accel=tcg -cpu max'],
  ['QEMU TCG', 'qemu-system-x86_64 -M q35 -m 2048'],
  ['QEMU TCG', 'qemu-system-x86_64 -accel tcg,thread=multi -accel kvm'],
  ['QEMU TCG', 'qemu-system-aarch64 --accel tcg:kvm'],
  [null, '/opt/kata/bin/qemu-system-x86_64 -machine q35,accel=kvm,nvdimm=on -cpu host'],
  [null, 'qemu-system-x86_64 -accel kvm:tcg'],
  [null, 'qemu-system-x86_64 -enable-kvm'],
  [null, '/usr/libexec/qemu-kvm -name sandbox'],
  [null, '/opt/kata/bin/cloud-hypervisor --api-socket x'],
  [null, '/firecracker --id=accel=tcg'],
  [null, ''],
])('%s: %s', (emulation, line) => {
  expect(vmmEmulation(line === '' ? [] : line.split(' '))).toBe(emulation);
});

test('the captured sandbox of Kata 3.25.0 was emulated, and only its monitor says so', () => {
  const told = capturedScan('v2-virtiofs-3.25.0').map(({ role, emulation }) => [role, emulation]);
  expect(told).toEqual([
    ['shim', undefined],
    ['virtiofsd', undefined],
    ['vmm', 'QEMU TCG'],
    ['virtiofsd', undefined],
  ]);
});
