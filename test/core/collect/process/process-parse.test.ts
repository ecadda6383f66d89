import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cgroupPathOf,
  cpuCgroupOf,
  parseCmdline,
  parseKibibytes,
  parseStat,
  pidNamespaceDepth,
} from '../../../../src/core/collect/process/read.ts';
import { fixture } from '../fixture-files.ts';

const rest =
  'S 1 42 42 0 -1 4194560 2662 9 0 0 12 34 7 8 20 0 7 0 203614 2033418240 5057 18446744073709551615 1 1 0';

describe('/proc/<pid>/stat', () => {
  test('a captured QEMU', () => {
    expect(parseStat(fixture('kata', 'v2-virtiofs', 'proc', '11651', 'stat').trimEnd() || '')).toEqual({
      pid: 11651,
      comm: 'qemu-system-x86',
      state: 'S',
      ppid: 1,
      kernelThread: false,
      cpuNs: (431 + 62) * 1e7,
      startTicks: 598306,
    });
  });

  test.each(['a b', '(sd-pam)', 'x) S 1 (', ') R 9 9', ''])(
    'a name such as %j does not move the fields',
    (comm) => {
      const stat = parseStat(`42 (${comm}) ${rest}\n`);
      expect(stat).toMatchObject({ pid: 42, comm, ppid: 1, cpuNs: 46e7, startTicks: 203614 });
    },
  );

  test('kernel threads are recognised by their flag', () => {
    expect(
      parseStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 3 0 0 0')?.kernelThread,
    ).toBe(true);
  });

  test.each([
    '',
    '42',
    '42 (',
    '42 (x',
    '42 (x) S',
    '42 (x) S 1 2 3',
    'x (y) S 1 1 1 1 1 1 1',
    `42 (x) ${rest.slice(0, 30)}`,
  ])('cut short or garbage: %j', (text) => {
    expect(parseStat(text)).toBeNull();
  });
});

test('command lines keep empty arguments; kernel threads have none', () => {
  expect(parseCmdline('sh\0-c\0\0x y\0')).toEqual(['sh', '-c', '', 'x y']);
  expect(parseCmdline('')).toEqual([]);
  expect(parseCmdline('nginx: master process')).toEqual(['nginx: master process']);
});

test('PSS is the Pss: line, not the ones that begin like it', () => {
  expect(
    parseKibibytes('Rss: 5 kB\nPss_Anon: 3 kB\nPss:                22239 kB\nPss_Dirty: 9 kB\n', 'Pss'),
  ).toBe(22239 * 1024);
  expect(parseKibibytes('Rss: 5 kB\nPss_Anon: 3 kB\n', 'Pss')).toBeNull();
  expect(parseKibibytes('Pss: x kB\n', 'Pss')).toBeNull();
});

test('depth of PID namespaces', () => {
  expect(pidNamespaceDepth('Name:\texe\nNSpid:\t11143\t605\t1\n')).toBe(3);
  expect(pidNamespaceDepth('NSpid:\t5\n')).toBe(1);
  expect(pidNamespaceDepth('Name:\tx\n')).toBeNull();
});

test('cgroup paths by hierarchy', () => {
  const text = '9:name=systemd:/\n3:cpu,cpuacct:/system.slice/docker.service\n0::/init.scope\n';
  expect(cgroupPathOf(text, 'cpuacct')).toBe('/system.slice/docker.service');
  expect(cgroupPathOf(text, '')).toBe('/init.scope');
  expect(cgroupPathOf(text, 'memory')).toBeNull();
  expect(cgroupPathOf('9:name=systemd:/a:b:c\n', 'name=systemd')).toBe('/a:b:c');
  expect(cgroupPathOf('9:memory:/x\n', '')).toBeNull();
});

test('no text makes a parser throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseStat(text)).toBeNull();
      expect(parseKibibytes(text, 'Pss')).toBeNull();
      expect(pidNamespaceDepth(text)).toBeNull();
      expect(cgroupPathOf(text, 'memory')).toBeNull();
      expect(parseCmdline(text).join('\0')).toBe(text.replace(/\0$/, ''));
    }),
  );
});

test('CPU time goes to the cgroup of cpuacct, where v1 has it, and of cgroup2 elsewhere', () => {
  expect(cpuCgroupOf('4:memory:/m\n2:cpu,cpuacct:/c\n0::/u\n')).toBe('/c');
  expect(cpuCgroupOf('3:net_cls:/n\n0::/u\n')).toBe('/u');
  expect(cpuCgroupOf('')).toBeNull();
});
