import type { Check, EngineFacts, HostFacts } from '../model/host.ts';
import type { RuntimeFamily } from '../model/runtime.ts';

function cgroupVersion(engine: EngineFacts, host: HostFacts): Check {
  const about = { id: 'engine-cgroup', title: "engine's cgroup version" };
  const expected = host.cgroup === 'v2' ? '2' : '1';
  if (engine.cgroupVersion === 'unknown' || host.cgroup === 'unknown' || !engine.local)
    return { ...about, status: 'unknown', detail: 'cannot be compared with this host' };
  if (engine.cgroupVersion === expected)
    return { ...about, status: 'ok', detail: `v${engine.cgroupVersion}, as the host` };
  return {
    ...about,
    status: 'warn',
    detail: `the engine uses cgroup v${engine.cgroupVersion} and this host shows ${host.cgroup}: the engine runs in another machine or namespace, and its cgroups cannot be read. Matters much`,
    fix: 'measure where the engine runs, or use --engine embedded',
  };
}

function cgroupDriver(engine: EngineFacts, families: readonly RuntimeFamily[]): Check {
  const about = { id: 'engine-cgroup-driver', title: "engine's cgroup driver" };
  if (engine.cgroupDriver === 'none')
    return {
      ...about,
      status: 'fail',
      detail:
        'none (rootless without delegation): no limit is applied and nothing is accounted per container. Matters much',
      fix: 'delegate the controllers to the user (systemd: Delegate=yes on user@.service), or use a daemon that runs as root',
    };
  if (engine.cgroupDriver === 'cgroupfs' && engine.cgroupVersion === '2' && engine.kind === 'docker')
    return {
      ...about,
      status: 'warn',
      detail:
        'cgroupfs on cgroup v2: where systemd runs, both manage the same tree and systemd may take controllers away. Matters some',
      fix: '"exec-opts": ["native.cgroupdriver=systemd"] in /etc/docker/daemon.json; then: systemctl restart docker',
    };
  if (engine.cgroupDriver === 'systemd' && families.includes('runsc'))
    return {
      ...about,
      status: 'ok',
      detail:
        'systemd; a runsc that is registered by runtimeType needs systemd-cgroup = "true" in runsc.toml, otherwise its limits are not applied (google/gvisor#10371)',
    };
  return { ...about, status: 'ok', detail: engine.cgroupDriver };
}

function storage(engine: EngineFacts): Check {
  const about = { id: 'engine-storage', title: "engine's storage driver" };
  if (engine.storageDriver !== 'vfs') return { ...about, status: 'ok', detail: engine.storageDriver };
  return {
    ...about,
    status: 'warn',
    detail:
      'vfs copies the whole image for every container: create is slow for every runtime alike. Matters much for startup',
    fix: 'put the data root on a file system for overlay2 (ext4, xfs with ftype=1)',
  };
}

const measureThere = 'run ocibench on the machine of the engine';

function reach(engine: EngineFacts): Check {
  const about = { id: 'engine-local', title: 'engine on this host' };
  if (engine.local) return { ...about, status: 'ok', detail: engine.endpoint };
  const { hidden = 'remote' } = engine;
  if (hidden === 'rootless')
    return {
      ...about,
      status: 'warn',
      detail:
        'rootless: its containers are in cgroups of its user, where the harness can place none. CPU and memory come from the Docker stats API; memory footprint, PSS, I/O, pressure, CPU of the engine and leftovers are absent. Matters much',
      fix: 'use a daemon that runs as root, or --engine embedded',
    };
  const where =
    hidden === 'remote'
      ? 'is another machine: cgroups and processes cannot be read, and the way there is part of every latency'
      : 'runs under another kernel than this harness (a virtual machine, or a socket that is forwarded): cgroups and processes cannot be read, and the way there is part of every latency';
  return { ...about, status: 'warn', detail: `${engine.endpoint} ${where}. Matters much`, fix: measureThere };
}

function transport(engine: EngineFacts): readonly Check[] {
  if (engine.transport !== 'tcp') return [];
  return [
    {
      id: 'engine-transport',
      title: 'way to the engine',
      status: 'warn',
      detail:
        'not protected (--insecure-tcp): whoever is in that network can read it, change it, and be root on that host',
      fix: 'use TLS with client certificates (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH), or ssh://',
    },
  ];
}

function users({ userns }: EngineFacts): readonly Check[] {
  if (userns === undefined) return [];
  return [
    {
      id: 'engine-userns',
      title: 'user namespaces',
      status: 'ok',
      detail: `userns-remap: root in the containers is user ${userns.uid} of the host, for every runtime alike; files of an image belong to it, too`,
    },
  ];
}

/** Whether the CPU time of the engine's daemons and shims is known. `unknown`: why it is not; null where it is. */
export function engineCpuCheck(unknown: string | null): Check {
  const about = { id: 'engine-cpu', title: "engine's CPU time" };
  if (unknown === null) return { ...about, status: 'ok', detail: 'counted by the cgroups of its daemons' };
  return {
    ...about,
    status: 'warn',
    detail: `${unknown}: engine.cpu and total.cpu are absent, and short-lived load of others beside the engine is not noticed. Matters some`,
    fix: 'run dockerd and its containerd in cgroups of their own, as systemd does, and ocibench in another',
  };
}

/**
 * Doubts about the engine on this host. `families` are the runtimes to be measured: some doubts concern only
 * one of them.
 */
export function engineChecks(
  engine: EngineFacts,
  host: HostFacts,
  families: readonly RuntimeFamily[] = [],
): readonly Check[] {
  const checks: Check[] = [cgroupVersion(engine, host), cgroupDriver(engine, families), storage(engine)];
  checks.push(reach(engine), ...transport(engine), ...users(engine));
  if (families.includes('crun') && host.cgroup === 'hybrid' && engine.local && engine.kind === 'docker')
    checks.push({
      id: 'crun-hybrid',
      title: 'crun on hybrid cgroups',
      status: 'fail',
      detail:
        'crun does not start where v1 controllers stand beside /sys/fs/cgroup/unified. Its rows will say so',
      fix: '--engine embedded, or boot with systemd.unified_cgroup_hierarchy=1',
    });
  return checks;
}
