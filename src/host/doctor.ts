import { dockerDiskFix } from '../model/disk-error.ts';
import type { Check, HostFacts } from '../model/host.ts';

export { engineChecks } from './doctor-engine.ts';
export { kataChecks } from './doctor-kata.ts';

/** What a check needs beside the machine's facts; what is absent or null could not be found out. */
export interface Circumstances {
  /** Do we run as root? */
  readonly root?: boolean | null;
  /** Running containers that are not ours. */
  readonly otherContainers?: number | null;
  /** Free space where images and scratch files go, bytes. */
  readonly freeBytes?: number | null;
  /** Free space where Docker keeps its data; absent where that is not on this host. */
  readonly dockerDisk?: { readonly path: string; readonly freeBytes: number } | null;
  /** Shims, sandboxes and virtual machines of other engines' containers. */
  readonly foreignSandboxes?: number | null;
  /** The smallest step of the clock, ns. */
  readonly clockStepNs?: number | null;
  /** Does the installed runsc fail to set up its network here? Absent: no runsc. */
  readonly runscWithoutNetwork?: boolean | null;
}

type Outcome = Omit<Check, 'id' | 'title'>;
const gib = 1024 ** 3;
const ok = (detail: string): Outcome => ({ status: 'ok', detail });
const warn = (detail: string, fix: string): Outcome => ({ status: 'warn', detail, fix });
const fail = (detail: string, fix: string): Outcome => ({ status: 'fail', detail, fix });
const unknown = (detail: string): Outcome => ({ status: 'unknown', detail });

const unifiedBoot = 'boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line';

function cgroup({ cgroup: layout }: HostFacts): Outcome {
  if (layout === 'v2') return ok('v2: the reference for all accounting');
  if (layout === 'unknown')
    return fail(
      'no cgroup hierarchy is mounted below /sys/fs/cgroup; Docker cannot start containers. Matters much',
      'mount -t cgroup2 none /sys/fs/cgroup',
    );
  if (layout === 'hybrid')
    return warn(
      'hybrid: v1 controllers beside /sys/fs/cgroup/unified. Peak pids and pressure per trial are absent, and crun starts only in the embedded engine. Matters some',
      unifiedBoot,
    );
  return warn(
    'v1: a labelled fallback; peak pids and pressure per trial are absent. Matters some',
    unifiedBoot,
  );
}

function controllers({ cgroup: layout, controllers: present }: HostFacts): Outcome {
  const needed =
    layout === 'v2' ? ['cpu', 'memory', 'io', 'pids'] : ['cpu', 'cpuacct', 'memory', 'blkio', 'pids'];
  const missing = needed.filter((name) => !present.includes(name));
  if (missing.length === 0) return ok(`${needed.join(', ')} are there`);
  const detail = `missing: ${missing.join(', ')}; their figures are absent, limits are not applied, and some runtimes do not start. Matters much`;
  const fix =
    layout === 'v2'
      ? `remove cgroup_disable= and v1 mounts of ${missing.join(', ')} from the boot configuration${missing.includes('memory') ? ', and add cgroup_enable=memory' : ''}`
      : `mount them:  mkdir -p /sys/fs/cgroup/${missing[0]} && mount -t cgroup -o ${missing[0]} none /sys/fs/cgroup/${missing[0]} ; or ${unifiedBoot}`;
  return missing.includes('cpu') || missing.includes('memory') ? fail(detail, fix) : warn(detail, fix);
}

function governor({ governor: name, hypervisor }: HostFacts): Outcome {
  if (name === null)
    return unknown(
      `no cpufreq here${hypervisor === null ? '' : ': the host of this guest decides the frequency'}`,
    );
  if (name === 'performance') return ok(name);
  return warn(
    `${name}: short trials are measured while the CPU still changes its frequency. Matters much for startup and system calls`,
    'for f in /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor; do echo performance > $f; done',
  );
}

function turbo({ turbo: on }: HostFacts): Outcome {
  if (on === null) return unknown('turbo or boost cannot be read here');
  return on
    ? warn(
        'on: the frequency depends on temperature and on how many cores are busy. Matters some; interleaving averages it out',
        'echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo   (or: echo 0 > /sys/devices/system/cpu/cpufreq/boost)',
      )
    : ok('off');
}

function smt({ smt: on }: HostFacts): Outcome {
  if (on === null) return unknown('cannot be read here');
  return on
    ? ok(
        'on: threads of one core share its units, so that a busy neighbour slows a trial. Matters little on an idle host',
      )
    : ok('off');
}

function mitigations({ mitigations: states }: HostFacts): Outcome {
  const names = Object.keys(states);
  if (names.length === 0) return unknown('/sys/devices/system/cpu/vulnerabilities cannot be read');
  const open = names.filter((name) => states[name]?.startsWith('Vulnerable'));
  const off = ['meltdown', 'spectre_v2'].filter((name) => open.includes(name));
  if (off.length > 0)
    return warn(
      `${off.join(' and ')} not mitigated: system calls are cheaper than on a protected host, and runtimes that make more of them look better. Matters much when hosts are compared`,
      'remove mitigations=off from the kernel command line',
    );
  return ok(open.length === 0 ? 'active, or not needed by this CPU' : `active; without: ${open.join(', ')}`);
}

function load({ loadAverage1, cpus }: HostFacts): Outcome {
  if (loadAverage1 === null) return unknown('the load average cannot be read');
  const detail = `load average ${loadAverage1.toFixed(2)} on ${cpus} CPUs`;
  const fix = 'find the cause and end it:  top -o %CPU';
  if (loadAverage1 > cpus) return fail(`${detail}: trials would wait for a CPU. Matters much`, fix);
  return loadAverage1 > 0.25 * cpus
    ? warn(`${detail}: other work disturbs the trials. Matters some`, fix)
    : ok(detail);
}

function swap({ swapUsedBytes, memoryBytes }: HostFacts): Outcome {
  if (swapUsedBytes === null) return unknown('/proc/meminfo cannot be read');
  const mib = Math.round(swapUsedBytes / 1024 ** 2);
  return swapUsedBytes > 0.01 * memoryBytes
    ? warn(
        `${mib} MiB in use: pages that come back from disk are slow, and cgroup memory looks smaller. Matters some`,
        'swapoff -a && swapon -a',
      )
    : ok(swapUsedBytes === 0 ? 'not used' : `${mib} MiB in use`);
}

/** Clocks that are read without leaving user mode (vDSO); all others cost a system call, under a hypervisor an exit. */
const fastClocks = [
  'tsc',
  'kvm-clock',
  'arch_sys_counter',
  'hyperv_clocksource_tsc_page',
  'riscv_clocksource',
  'tod',
];

function clock({ clocksource }: HostFacts): Outcome {
  if (clocksource === null) return unknown('cannot be read here');
  return fastClocks.includes(clocksource)
    ? ok(`${clocksource}: read without a system call`)
    : warn(
        `${clocksource}: every reading of the clock costs a system call. Matters much for workloads that time themselves`,
        'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource   (where available_clocksource lists it)',
      );
}

function clockStep(stepNs: number | null): Outcome {
  if (stepNs === null) return unknown('not looked at');
  if (stepNs <= 1_000) return ok(`${stepNs} ns`);
  const detail = `${Number.isFinite(stepNs) ? `${stepNs / 1_000} µs` : 'it stands still'}: samples take few distinct values, so that medians jump and ties are common`;
  const fix = 'choose another clock source, or measure on another machine';
  return stepNs <= 1_000_000
    ? warn(`${detail}. Matters much for system calls, little for starts`, fix)
    : fail(`${detail}. Matters much`, fix);
}

function virtualisation({ hypervisor }: HostFacts): Outcome {
  if (hypervisor === null) return ok('none: bare metal');
  return warn(
    `this machine is a guest (${hypervisor}): neighbours can take its CPU (steal, recorded per trial), and Kata and gVisor's kvm platform run nested. Matters much for those two, some for the others`,
    'measure on bare metal, or keep to the same kind of guest when runs are compared',
  );
}

function emulation({ emulation: by }: HostFacts): Outcome {
  if (by === null) return ok('no sign of one: instructions run on a real processor');
  return fail(
    `${by} executes every instruction in software: what is cheap and what is dear there (system calls, page faults, traps, atomic operations) has little to do with a real processor, and runtimes differ in just these. Ratios do not carry over: for demonstration, not for decisions. Matters most of all`,
    'measure on real hardware, or in a guest with hardware virtualisation (QEMU: -accel kvm)',
  );
}

function thpShmem({ thpShmem: mode }: HostFacts): Outcome {
  if (mode === null) return unknown('cannot be read here');
  if (mode !== 'never' && mode !== 'deny') return ok(`${mode}: gVisor's memory can use huge pages`);
  return {
    status: 'ok',
    detail: `${mode} (the usual default): gVisor keeps application memory in shared memory, which then has no huge pages. Matters for memory-heavy work under gVisor only`,
    fix: 'to try the other setting:  echo advise > /sys/kernel/mm/transparent_hugepage/shmem_enabled',
  };
}

function ksm({ ksm: on }: HostFacts): Outcome {
  if (on === null) return unknown('cannot be read here');
  return on
    ? warn(
        'on: equal pages of guests are merged over time, so that the memory of Kata depends on when it is read. Matters much for memory',
        'echo 0 > /sys/kernel/mm/ksm/run',
      )
    : ok('off');
}

function containers(count: number | null): Outcome {
  if (count === null) return unknown('the engine was not asked');
  return count === 0
    ? ok('none')
    : warn(
        `${count} running: they share CPU, disk and page cache with the trials. Matters some`,
        'stop them while measuring:  docker ps',
      );
}

function foreignSandboxes(count: number | null): Outcome {
  if (count === null) return unknown('not looked at');
  return count === 0
    ? ok('none')
    : warn(
        `${count} shims or sandboxes of containers that are not ours run: they share the pages of the same binaries, so that memory by PSS (memory.footprint, pss.*) comes out too small, of a shim by half. Resident memory, the headline, does not depend on them. Matters some`,
        'stop those containers while measuring (docker ps, ctr -n k8s.io containers ls)',
      );
}

function privileges(root: boolean | null): Outcome {
  if (root === null) return unknown('not looked at');
  return root
    ? ok('root')
    : warn(
        "not root: no embedded engine, no memory figures of root's processes (memory.footprint and PSS are absent), no cold page cache, and the trials' cgroups stay until root removes them (sudo ./ocibench clean). Times, CPU and peak memory of containers are measured as by root. Matters much",
        'sudo ./ocibench …',
      );
}

function disk(freeBytes: number | null): Outcome {
  if (freeBytes === null) return unknown('not looked at');
  const detail = `${(freeBytes / gib).toFixed(1)} GiB free`;
  if (freeBytes < 2 * gib)
    return fail(
      `${detail}: images and scratch files do not fit`,
      'free space, or set OCIBENCH_STATE to a larger disk',
    );
  return freeBytes < 5 * gib
    ? warn(
        `${detail}: enough for the quick preset only`,
        'free space, or set OCIBENCH_STATE to a larger disk',
      )
    : ok(detail);
}

/** The images take less than this, bytes. */
const imagesBytes = gib / 2;

function dockerDisk({ path, freeBytes }: NonNullable<Circumstances['dockerDisk']>): Outcome {
  const detail = `${(freeBytes / gib).toFixed(2)} GiB free in ${path}`;
  if (freeBytes < imagesBytes) return fail(`${detail}: the images do not fit. Matters much`, dockerDiskFix);
  return freeBytes < 2 * gib
    ? warn(`${detail}: little for images and layers of containers. Matters some`, dockerDiskFix)
    : ok(detail);
}

function runscNetwork(broken: boolean, { kernel }: HostFacts): Outcome {
  return broken
    ? warn(
        `the installed runsc (older than release-20240807) cannot set up its network on Linux ${kernel} (google/gvisor#10704); without a daemon.json it is measured with --network=none, labelled so. Matters much for network workloads`,
        'install a newer runsc: https://gvisor.dev/docs/user_guide/install/',
      )
    : ok("gVisor's own network stack works on this kernel");
}

/** What can be said of the machine of an engine elsewhere: that nothing of it was looked at. */
export function unseenHostChecks(otherContainers: number | null): readonly Check[] {
  return [
    {
      id: 'host-unseen',
      title: "the engine's machine",
      ...unknown(
        'cannot be looked at from here: frequency governor, turbo, mitigations, load, swap, clock, virtualisation and disk are not known, and no trial is flagged for noise',
      ),
    },
    { id: 'other-containers', title: 'other containers', ...containers(otherContainers) },
  ];
}

/** Is this machine fit for measuring? Pure; every check says how much its subject matters and what would mend it. */
export function hostChecks(host: HostFacts, around: Circumstances = {}): readonly Check[] {
  const checks: readonly (readonly [id: string, title: string, outcome: Outcome])[] = [
    ['cgroup', 'cgroup version', cgroup(host)],
    ['cgroup-controllers', 'cgroup controllers', controllers(host)],
    ['governor', 'CPU frequency governor', governor(host)],
    ['turbo', 'turbo / boost', turbo(host)],
    ['smt', 'simultaneous multithreading', smt(host)],
    ['mitigations', 'mitigations of CPU vulnerabilities', mitigations(host)],
    ['load', 'other load', load(host)],
    ['swap', 'swap', swap(host)],
    ['clocksource', 'clock', clock(host)],
    ['clock-step', 'smallest step of the clock', clockStep(around.clockStepNs ?? null)],
    ['virtualisation', 'virtualisation', virtualisation(host)],
    ['emulation', 'emulated processor', emulation(host)],
    ['thp-shmem', 'huge pages for shared memory', thpShmem(host)],
    ['ksm', 'kernel same-page merging', ksm(host)],
    ['other-containers', 'other containers', containers(around.otherContainers ?? null)],
    ['foreign-sandboxes', 'sandboxes of others', foreignSandboxes(around.foreignSandboxes ?? null)],
    ['privileges', 'privileges', privileges(around.root ?? null)],
    ['disk', 'disk space', disk(around.freeBytes ?? null)],
    ...(around.dockerDisk ? [['docker-disk', "Docker's disk", dockerDisk(around.dockerDisk)] as const] : []),
    ...(around.runscWithoutNetwork === undefined || around.runscWithoutNetwork === null
      ? []
      : [['runsc-network', 'gVisor network stack', runscNetwork(around.runscWithoutNetwork, host)] as const]),
  ];
  return checks.map(([id, title, outcome]) => ({ id, title, ...outcome }));
}
