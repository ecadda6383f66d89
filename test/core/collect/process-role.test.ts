import { describe, expect, test } from 'vitest';
import { isHelper, namesContainer, processRole } from '../../../src/core/collect/process-role.ts';
import type { ProcessRole } from '../../../src/core/model/trial/trial.ts';

const id = 'ab'.repeat(32);
const role = (argv: string[], more: { comm?: string; inCgroup?: boolean; parentRole?: ProcessRole } = {}) =>
  processRole({
    argv,
    comm: more.comm ?? 'x',
    inCgroup: more.inCgroup ?? false,
    parentRole: more.parentRole ?? null,
  });

describe('roles', () => {
  test.each<[ProcessRole, string[]]>([
    ['shim', ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', id]],
    ['shim', ['/opt/kata/bin/containerd-shim-kata-v2', '-id', id]],
    ['shim', ['/usr/bin/containerd-shim-runsc-v1', '-id', id]],
    ['shim', ['/usr/bin/conmon', '--api-version', '1', '-c', id, '-r', '/usr/bin/crun']],
    ['sentry', ['runsc-sandbox', '--platform=systrap', 'boot', id]],
    ['sentry', ['/usr/bin/runsc', '--platform=kvm', 'boot', id]],
    ['gofer', ['runsc-gofer', 'gofer', '--bundle=x']],
    ['gofer', ['/usr/bin/runsc', 'gofer', '--bundle=x']],
    // As release-20260914 names them, whose programs lie in gvisor-bin/.
    ['sentry', ['/usr/local/bin/gvisor-bin/gvisor_sentry', 'boot', id]],
    ['parking', ['runsc-fd-parking']],
    ['gofer', ['runsc-checkpointgofer', '--root=x']],
    ['runtime', ['runsc-exec', '--root=x', 'exec', id]],
    ['runtime', ['/usr/local/bin/gvisor-bin/gvisor-sentry-prewarmer']],
    ['runtime', ['/usr/bin/runsc', 'create', '--bundle', 'x', id]],
    ['runtime', ['runc', 'init']],
    ['runtime', ['/usr/bin/crun', 'start', id]],
    ['vmm', ['/usr/bin/qemu-system-x86_64', '-name', `sandbox-${id}`]],
    ['vmm', ['/opt/kata/bin/cloud-hypervisor', '--api-socket', 'x']],
    ['vmm', ['/firecracker', '--id', 'x']],
    ['vmm', ['/opt/kata/bin/qemu-system-x86_64-no-shared-fs', '-name', `sandbox-${id}`]],
    ['vmm', ['/opt/kata/bin/openvmm', '--ttrpc', `/run/kata/${id}/openvmm.sock`]],
    ['runtime', ['/opt/kata/bin/jailer', '--id', 'x', '--exec-file', '/opt/kata/bin/firecracker']],
    ['virtiofsd', ['/usr/libexec/virtiofsd', '--fd=3']],
    ['kata-proxy', ['/usr/libexec/kata-containers/kata-proxy']],
    ['kata-shim', ['/usr/libexec/kata-containers/kata-shim']],
    ['docker-proxy', ['/usr/bin/docker-proxy', '-proto', 'tcp']],
    ['dockerd', ['/usr/sbin/dockerd']],
    ['containerd', ['/usr/bin/containerd', '--config', 'x']],
    ['other', ['/usr/bin/something']],
    ['other', []],
  ])('%s: %j', (expected, argv) => {
    expect(role(argv)).toBe(expected);
  });

  test('what runs in the cgroup under no known name is the workload', () => {
    expect(role(['redis-server', '*:6379'], { inCgroup: true })).toBe('workload');
    expect(role(['/usr/bin/stress-ng', 'boot'], { inCgroup: true })).toBe('workload');
  });

  test('children of the sentry are stubs, whatever they are called, and so are theirs', () => {
    expect(role([], { comm: 'exe', inCgroup: true, parentRole: 'sentry' })).toBe('stub');
    expect(role([], { comm: 'exe', inCgroup: false, parentRole: 'stub' })).toBe('stub');
  });

  test('only processes that live for one container are helpers', () => {
    expect((['shim', 'vmm', 'stub', 'virtiofsd'] as const).every(isHelper)).toBe(true);
    expect((['workload', 'other', 'dockerd', 'containerd', 'docker-proxy'] as const).some(isHelper)).toBe(
      false,
    );
  });
});

describe('a container id on a command line', () => {
  test('marks helpers, also of runtimes not known by name', () => {
    expect(namesContainer(['/usr/bin/some-new-vmm', `--id=sandbox-${id}`], id)).toBe(true);
  });

  test('marks one that holds the first 32 digits, as Firecracker’s under Kata does, but no fewer', () => {
    expect(namesContainer(['/firecracker', `--id=${id.slice(0, 32)}`], id)).toBe(true);
    expect(namesContainer(['/firecracker', `--id=${id.slice(0, 31)}`], id)).toBe(false);
  });

  test.each([
    [['docker', 'logs', '-f', id]],
    [['/usr/bin/docker', 'exec', id, 'sh']],
    [['grep', id]],
    [['tail', '-f', `/var/lib/docker/containers/${id}/${id}-json.log`]],
    [['bash', '-c', `docker rm ${id}`]],
  ])('says nothing in %j', (argv) => {
    expect(namesContainer(argv, id)).toBe(false);
  });

  test('of another container says nothing', () => {
    expect(namesContainer(['containerd-shim-runc-v2', '-id', 'cd'.repeat(32)], id)).toBe(false);
  });
});
