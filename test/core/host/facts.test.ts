import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseLoadAverage } from '../../../src/core/collect/host-snapshot.ts';
import { parseKibibytes } from '../../../src/core/collect/process/read.ts';
import {
  parseCpuinfo,
  parseHypervisor,
  parseKsm,
  parseOsRelease,
  parseSelected,
  parseSwitch,
  parseTurbo,
  readHostFacts,
} from '../../../src/core/host/facts.ts';
import { hostFactsSchema } from '../../../src/core/model/machine/host.ts';

describe('parseHypervisor', () => {
  const bare = {
    vendor: 'Dell Inc.',
    product: 'PowerEdge',
    hypervisorType: null,
    hypervisorFlag: false,
    clocksource: 'tsc',
  };
  it.each([
    [null, {}],
    ['unknown', { hypervisorFlag: true }],
    ['unknown', { vendor: null, product: null, hypervisorFlag: true }],
    ['qemu', { vendor: 'QEMU', hypervisorFlag: true }],
    ['qemu', { vendor: 'QEMU', product: 'QEMU Virtual Machine' }],
    ['kvm', { vendor: 'Amazon EC2', product: 'm5.large', hypervisorFlag: true }],
    [null, { vendor: 'Amazon EC2', product: 'm5.metal' }],
    ['kvm', { clocksource: 'kvm-clock' }],
    ['hyperv', { vendor: 'Microsoft Corporation', product: 'Virtual Machine', hypervisorFlag: true }],
    [null, { vendor: 'Microsoft Corporation', product: 'Surface Laptop' }],
    ['xen', { hypervisorType: 'xen\n' }],
  ])('%s from %j', (expected, hints) => expect(parseHypervisor({ ...bare, ...hints })).toBe(expected));
});

describe('small files', () => {
  it('os-release', () => {
    expect(parseOsRelease('ID=debian\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n')).toBe(
      'Debian GNU/Linux 13 (trixie)',
    );
    expect(parseOsRelease("PRETTY_NAME='A b'")).toBe('A b');
    expect(parseOsRelease('')).toBe('Linux');
  });
  it('cpuinfo of x86 and arm', () => {
    expect(parseCpuinfo('processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu hypervisor sse\n')).toEqual({
      model: 'AMD EPYC',
      hypervisorFlag: true,
      microcode: null,
    });
    expect(parseCpuinfo('microcode\t: 0x1000065\n')).toMatchObject({ microcode: '0x1000065' });
    expect(parseCpuinfo('processor\t: 0\nBogoMIPS\t: 108.00\nFeatures\t: fp\n')).toEqual({
      model: null,
      hypervisorFlag: false,
      microcode: null,
    });
  });
  it('meminfo counts KiB', () => {
    expect(parseKibibytes('MemTotal:       1024 kB\nSwapTotal:         0 kB\n', 'MemTotal')).toBe(1_048_576);
    expect(parseKibibytes('MemTotal:       1024 kB\n', 'SwapFree')).toBeNull();
  });
  it('loadavg', () => {
    expect(parseLoadAverage('0.73 0.52 0.40 1/123 4567\n')).toBe(0.73);
    expect(parseLoadAverage('')).toBeNull();
  });
  it('switches never take "cannot be read" for "off"', () => {
    expect(parseSelected('always within_size advise [never] deny force\n')).toBe('never');
    expect(parseSelected('')).toBeNull();
    expect([parseSwitch('1\n'), parseSwitch('0'), parseSwitch(null), parseSwitch('x')]).toEqual([
      true,
      false,
      null,
      null,
    ]);
    expect([parseKsm('1'), parseKsm('0'), parseKsm('2\n'), parseKsm(null)]).toEqual([
      true,
      false,
      false,
      null,
    ]);
    expect([
      parseTurbo('0', null),
      parseTurbo('1', '1'),
      parseTurbo(null, '1'),
      parseTurbo(null, null),
    ]).toEqual([true, false, true, null]);
  });
});

describe('readHostFacts', () => {
  let root = '';
  afterEach(() => {
    if (root !== '') rmSync(root, { recursive: true, force: true });
    root = '';
  });
  const tree = (files: Readonly<Record<string, string>>) => {
    root = mkdtempSync(join(tmpdir(), 'ocibench-facts-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  };

  it('reads every file to its field', async () => {
    const cpu = 'sys/devices/system/cpu';
    const facts = await readHostFacts(
      tree({
        'etc/os-release': 'PRETTY_NAME="Test OS"',
        'proc/cpuinfo': 'model name : Xeon\nflags : fpu',
        'proc/cmdline': 'quiet ocibench.accelerator=tcg\n',
        'proc/meminfo': 'MemTotal: 2048 kB\nSwapTotal: 100 kB\nSwapFree: 60 kB\n',
        'proc/loadavg': '1.50 0 0 1/1 1',
        'proc/sys/kernel/osrelease': '6.12.1\n',
        'proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw',
        'sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
        'sys/devices/system/clocksource/clocksource0/current_clocksource': 'hpet\n',
        [`${cpu}/cpu0/cpufreq/scaling_governor`]: 'powersave\n',
        [`${cpu}/intel_pstate/no_turbo`]: '0\n',
        [`${cpu}/smt/active`]: '1\n',
        [`${cpu}/vulnerabilities/meltdown`]: 'Mitigation: PTI\n',
        'sys/kernel/mm/transparent_hugepage/shmem_enabled': 'always [advise] never\n',
        'sys/kernel/mm/ksm/run': '1\n',
      }),
    );
    expect(hostFactsSchema.parse(facts)).toMatchObject({
      os: 'Test OS',
      kernel: '6.12.1',
      cpuModel: 'Xeon',
      memoryBytes: 2_097_152,
      cgroup: 'v2',
      controllers: ['cpu', 'memory'],
      hypervisor: null,
      emulation: 'QEMU TCG',
      clocksource: 'hpet',
      governor: 'powersave',
      turbo: true,
      smt: true,
      thpShmem: 'advise',
      ksm: true,
      swapUsedBytes: 40_960,
      loadAverage1: 1.5,
      mitigations: { meltdown: 'Mitigation: PTI' },
    });
  });

  it('gives null for what is not there', async () => {
    const facts = await readHostFacts(tree({}));
    expect(hostFactsSchema.parse(facts)).toMatchObject({
      cgroup: 'unknown',
      controllers: [],
      emulation: null,
      clocksource: null,
      governor: null,
      turbo: null,
      smt: null,
      thpShmem: null,
      ksm: null,
      swapUsedBytes: null,
      mitigations: {},
    });
  });

  it('reads this machine', async () => {
    const facts = hostFactsSchema.parse(await readHostFacts());
    expect(facts.memoryBytes).toBeGreaterThan(1e8);
    expect(facts.cpus).toBeGreaterThan(0);
  });
});
