import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostNetwork, type NamespaceHost } from './namespace-hosts.ts';

const nodes = ['n1', 'n2', 'n3'] as const;

/**
 * A requeued job may begin at once (its credential would keep it for two minutes). A node of a busy machine has time to answer. Without
 * munge, database and cgroups.
 */
const configOf = (place: string, addressOf: (name: string) => string) => `ClusterName=t
SlurmctldHost=ctl(10.99.0.1)
SlurmUser=root
AuthType=auth/slurm
CredType=cred/slurm
AuthInfo=cred_expire=5
StateSaveLocation=${place}/state
SlurmdSpoolDir=${place}/spool/%n
SlurmctldPidFile=${place}/slurmctld.run
SlurmdPidFile=${place}/slurmd.%n.run
SlurmctldLogFile=${place}/log/slurmctld.log
SlurmdLogFile=${place}/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
SlurmdTimeout=120
MessageTimeout=30
TCPTimeout=1
${nodes.map((name) => `NodeName=${name} NodeAddr=${addressOf(name)} CPUs=2 RealMemory=1000\n`).join('')}PartitionName=p Nodes=ALL Default=YES
PartitionName=users Nodes=ALL DisableRootJobs=YES
`;

/** A real Slurm of three nodes, each a {@link NamespaceHost}. */
export interface SlurmCluster extends AsyncDisposable {
  readonly place: string;
  readonly control: NamespaceHost;
  /** A program of Slurm on the controller. */
  ask(...words: readonly string[]): Promise<string>;
  cut(node: string): Promise<void>;
  start(node: string): Promise<void>;
}

export async function slurmCluster(): Promise<SlurmCluster> {
  const place = await mkdtemp(join(tmpdir(), 'ocibench-slurm-'));
  const network = await hostNetwork(nodes);
  const conf = join(place, 'slurm.conf');
  for (const name of ['state', 'spool', 'log']) await mkdir(join(place, name));
  await writeFile(join(place, 'slurm.key'), randomBytes(1024), { mode: 0o600 });
  await writeFile(join(place, 'cgroup.conf'), 'CgroupPlugin=disabled\n');
  await writeFile(conf, configOf(place, network.addressOf));
  const ask = async (...words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await network.control.run('env', `SLURM_CONF=${conf}`, ...words);
    if (exitCode !== 0) throw new Error(`${words.join(' ')}: exit ${exitCode}: ${stdout}\n${stderr}`);
    return stdout;
  };
  const start = async (node: string) => {
    const host = await network.start(node);
    const { exitCode, stderr } = await host.run('env', `SLURM_CONF=${conf}`, 'slurmd');
    if (exitCode !== 0) throw new Error(`slurmd of ${node}: ${stderr}`);
  };
  const close = async () => {
    await network[Symbol.asyncDispose]();
    await rm(place, { recursive: true, force: true });
  };
  try {
    await ask('slurmctld', '-c');
    for (const node of nodes) await start(node);
    for (const deadline = performance.now() + 240_000; ; await sleep(100)) {
      const idle = await ask('sinfo', '-h', '-N', '-p', 'p', '-o', '%T').catch(() => '');
      if (idle.split('\n').filter((state) => state === 'idle').length === nodes.length) break;
      if (performance.now() < deadline) continue;
      const log = await readFile(join(place, 'log/slurmctld.log'), 'utf8').catch(() => '');
      throw new Error(`the nodes do not come up: ${idle}\n${log.slice(-2_000)}`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    place,
    ask,
    start,
    control: network.control,
    cut: (node) => network.host(node).cut(),
    [Symbol.asyncDispose]: close,
  };
}
