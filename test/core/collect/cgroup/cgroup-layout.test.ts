import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectCgroupLayout, layoutOf } from '../../../../src/core/collect/cgroup/layout.ts';
import { fixture } from '../fixture-files.ts';

describe('cgroup layout', () => {
  test('pure v2', () => {
    expect(
      layoutOf(fixture('host', 'mountinfo-v2'), 'cpuset cpu io memory hugetlb pids rdma misc\n'),
    ).toEqual({
      kind: 'v2',
      unified: '/sys/fs/cgroup',
      v1: {},
      mounts: ['/sys/fs/cgroup'],
      controllers: ['cpu', 'cpuset', 'hugetlb', 'io', 'memory', 'misc', 'pids', 'rdma'],
    });
  });

  test('hybrid: v1 controllers beside a cgroup2 mount without any', () => {
    const layout = layoutOf(fixture('host', 'mountinfo-hybrid'), '\n');
    expect(layout.kind).toBe('hybrid');
    expect(layout.unified).toBe('/sys/fs/cgroup/unified');
    expect(layout.v1.cpuacct).toBe('/sys/fs/cgroup/cpuacct');
    expect(layout.mounts).toContain('/sys/fs/cgroup/systemd');
    expect(layout.controllers).not.toContain('name=systemd');
  });

  test('v1 with controllers mounted together, as RHEL 8 has them', () => {
    const layout = layoutOf(fixture('host', 'mountinfo-v1-rhel8'), '');
    expect(layout.kind).toBe('v1');
    expect(layout.v1.cpu).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(layout.v1.cpuacct).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(layout.controllers).toEqual(['blkio', 'cpu', 'cpuacct', 'memory', 'net_cls', 'net_prio', 'pids']);
    expect(layout.mounts).toHaveLength(6);
  });

  test('one odd v1 controller beside a full cgroup2 does not make it hybrid', () => {
    const extra = '40 29 0:40 / /sys/fs/cgroup/net_cls rw - cgroup cgroup rw,net_cls\n';
    expect(layoutOf(fixture('host', 'mountinfo-v2') + extra, 'cpu io memory pids\n').kind).toBe('v2');
  });

  test('cgroups mounted elsewhere are not this host’s', () => {
    expect(layoutOf('29 22 0:26 / /mnt/guest/cgroup rw - cgroup2 cgroup2 rw\n', 'cpu\n').kind).toBe(
      'unknown',
    );
  });

  test('escapes in mount points are undone', () => {
    expect(layoutOf('29 22 0:26 / /a\\040b rw - cgroup2 cgroup2 rw\n', 'cpu\n', '/a b').unified).toBe('/a b');
  });

  test('no table, no layout; nothing is thrown', () => {
    expect(detectCgroupLayout('/sys/fs/cgroup', '/nonexistent')).toMatchObject({
      kind: 'unknown',
      mounts: [],
    });
    fc.assert(
      fc.property(fc.string(), fc.string(), (table, controllers) => {
        expect(layoutOf(table, controllers).kind).toBe('unknown');
      }),
    );
  });
});
