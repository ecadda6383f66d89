import { access, readdir, readFile, readlink } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { scratchPath } from '../../src/core/engine/scratch.ts';
import { identityOf } from '../../src/core/host/process-identity.ts';
import { runtimeDirectory } from '../../src/core/host/run-registry.ts';
import { runsDirectory, trashDirectory } from '../../src/core/host/state-directory.ts';
import type { CommandName } from './fault-commands.ts';

/** Where faults are injected: outputs, runtimes, environment and lock of their own. */
export interface Place {
  readonly out: string;
  readonly daemonJson: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly lock: string;
  /** Where its commands make temporary files, and nobody else. */
  readonly temporary: string;
  /** How long its commands take that nobody ends, ms. */
  readonly wholeMs: Map<CommandName, number>;
}

/** Processes that the commands of a place have started: each has its temporary directory, and so have those that it starts. */
async function processesOf({ temporary }: Place): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`TMPDIR=${temporary}`)) continue;
    found.push(`process ${pid} ${(await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()}`);
  }
  return found;
}

/** What is left where nobody but the commands of this place writes: its temporary directory, its state, and beside its lock. */
export async function leftIn(place: Place): Promise<string[]> {
  const found = await processesOf(place);
  for (const directory of [place.temporary, runsDirectory(), trashDirectory()])
    for (const name of await readdir(directory).catch(() => [])) found.push(`file ${join(directory, name)}`);
  for (const name of await readdir(join(place.lock, '..')))
    if (join(place.lock, '..', name).startsWith(place.lock)) found.push(`lock ${name}`);
  for (const kind of ['results', 'charts']) found.push(...(await unfinishedIn(place, kind)));
  return found;
}

/** Files below a directory of a place that were not written to their end. */
export async function unfinishedIn({ out }: Place, directory: string): Promise<readonly string[]> {
  const found = await readdir(join(out, directory), { recursive: true }).catch(() => []);
  return found.filter((path) => path.endsWith('.tmp')).map((path) => `file ${directory}/${path}`);
}

/** A network namespace, and the clock ticks since boot at which it was seen: its number is given again to a later one. */
export interface Namespace {
  readonly name: string;
  readonly seenTicks: number;
}

/** Does any process that was there when it was seen still hold it? */
async function isHeld({ name, seenTicks }: Namespace): Promise<boolean> {
  for (const pid of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    if ((await readlink(`/proc/${pid}/ns/net`).catch(() => '')) !== name) continue;
    const startTime = Number(identityOf(Number(pid))?.startTime ?? Number.POSITIVE_INFINITY);
    if (startTime <= seenTicks) return true;
  }
  return false;
}

/** Everything of one run that is on this host: processes, mounts, namespaces, cgroups, units, files. */
export async function tracesOf(place: Place, runId: string, namespace: Namespace | null): Promise<string[]> {
  const scratch = scratchPath(runId);
  const found = (await engineProcesses(scratch)).map(({ name, pid }) => `process ${name} ${pid}`);
  const forms = [runId, runId.replaceAll('-', '_')];
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  found.push(
    ...mounts.filter((line) => forms.some((form) => line.includes(form))).map((line) => `mount ${line}`),
  );
  if (namespace !== null && (await isHeld(namespace))) found.push(`network namespace ${namespace.name}`);
  const cgroups = await execa('find', ['/sys/fs/cgroup', '-type', 'd', '-name', `*${runId}*`], {
    reject: false,
  });
  found.push(
    ...cgroups.stdout
      .split('\n')
      .filter(Boolean)
      .map((path) => `cgroup ${path}`),
  );
  if (await exists(join(runtimeDirectory, 'runs', runId))) found.push(`file record of run ${runId}`);
  return found.concat(await leftIn(place));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The network namespace of a run's embedded engine; null where it has none. */
export async function namespaceOf(runId: string): Promise<Namespace | null> {
  const init = (await engineProcesses(scratchPath(runId))).find(({ name }) => name === 'init');
  if (init === undefined) return null;
  const name = await readlink(`/proc/${init.pid}/ns/net`).catch(() => null);
  // /proc counts the start of processes in hundredths of a second.
  return name === null ? null : { name, seenTicks: uptime() * 100 };
}
