import { expect, test } from 'vitest';
import { runtimeFactsSchema } from '../../../../src/core/model/runtime/runtime.ts';
import { virtualMachineOf } from '../../../../src/core/runtimes/guest/virtual-machine.ts';
import { runtimeFacts } from '../../../support/records.ts';
import { capturedScan } from '../../collect/cgroup/kata-captures.ts';

test.each([
  ['v2-virtiofs-3.25.0', false],
  ['path-9p', false],
  ['v2-virtiofs', false],
  ['path-9p-sandbox_cgroup_only', true],
  ['v2-9p-sandbox_cgroup_only', true],
])('%s: is the virtual machine in the container’s cgroup? %s', (set, inCgroup) => {
  expect(virtualMachineOf(capturedScan(set), 'kata')).toEqual({
    comm: 'qemu-system-x86',
    inCgroup,
    emulation: 'QEMU TCG',
  });
});

test('without a monitor the shim is the virtual machine of Kata; other runtimes have none', () => {
  const shim = capturedScan('v2-virtiofs-3.25.0').filter(({ role }) => role === 'shim');
  expect(virtualMachineOf(shim, 'kata')).toMatchObject({ comm: 'containerd-shim', inCgroup: false });
  expect(virtualMachineOf(shim, 'other')).toBeNull();
  expect(virtualMachineOf([], 'kata')).toBeNull();
});

test('one of several that is outside is one too many', () => {
  const vm = capturedScan('path-9p-sandbox_cgroup_only').filter(({ role }) => role === 'vmm');
  const both = [...vm, ...vm.map((each) => ({ ...each, pid: 1, inCgroup: false }))];
  expect(virtualMachineOf(both, 'kata')?.inCgroup).toBe(false);
});

test('records from before it was looked at can be read', () => {
  const facts = runtimeFacts('kata');
  expect(runtimeFactsSchema.parse(facts)).toEqual(facts);
  const vm = virtualMachineOf(capturedScan('path-9p'), 'kata');
  expect(runtimeFactsSchema.parse({ ...facts, vm })).toEqual({ ...facts, vm });
  expect(runtimeFactsSchema.parse({ ...facts, vm: null })).toEqual({ ...facts, vm: null });
});
