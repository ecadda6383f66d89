import { readFile, realpath } from 'node:fs/promises';
import { flagOf } from '../../../core/collect/process/read.ts';
import { type RunProgram, runProgram } from '../../../core/host/programs.ts';
import { defaultDaemonJson } from '../../../core/model/runtime/engine-kind.ts';

/** A running dockerd that reads a certain daemon.json. */
export interface DockerdProcess {
  readonly pid: number;
  /** The systemd unit whose main process it is; null if there is none. */
  readonly unit: string | null;
}

/** Why there is no dockerd to reload a file. */
export type NoDockerd =
  | { readonly reason: 'not-running' }
  /** The running dockerd uses another configuration file. */
  | { readonly reason: 'other-file'; readonly pid: number; readonly file: string };

const unit = 'docker.service';
const defaultPidFile = '/var/run/docker.pid';

/** The configuration file of a dockerd; null if the process is not a dockerd. */
async function configurationOf(pid: number): Promise<string | null> {
  try {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() !== 'dockerd') return null;
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    return flagOf(argv, '--config-file') ?? defaultDaemonJson;
  } catch {
    return null;
  }
}

/** Main process of docker.service; null without systemd, or if the unit is not active. */
async function pidOfUnit(run: RunProgram): Promise<number | null> {
  const { exitCode, stdout } = await run('systemctl', ['show', '--property=MainPID', '--value', unit]);
  const pid = exitCode === 0 ? Number(stdout.trim()) : 0;
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}

async function pidOfFile(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d{1,10}$/.test(text.trim()) ? Number(text) : null;
}

const sameFile = async (a: string, b: string) => {
  const real = (path: string) => realpath(path).catch(() => path);
  return (await real(a)) === (await real(b));
};

/**
 * Finds the dockerd that reads `file`: by the systemd unit, else by the pid file (`pidFile`: value of the file's own key
 * `pidfile`). Verifies that the process is a dockerd that uses this configuration file.
 */
export async function findDockerd(
  file: string,
  pidFile: string | null,
  run: RunProgram = runProgram,
): Promise<DockerdProcess | NoDockerd> {
  let other: NoDockerd = { reason: 'not-running' };
  for (const { pid, owner } of [
    { pid: await pidOfUnit(run), owner: unit },
    { pid: await pidOfFile(pidFile ?? defaultPidFile), owner: null },
  ]) {
    const itsFile = pid === null ? null : await configurationOf(pid);
    if (pid === null || itsFile === null) continue;
    if (await sameFile(itsFile, file)) return { pid, unit: owner };
    other = { reason: 'other-file', pid, file: itsFile };
  }
  return other;
}

/** Makes dockerd reload its file by SIGHUP, through systemd if it is a unit. Rejects if it has ended. */
export async function reloadDockerd(dockerd: DockerdProcess, run: RunProgram = runProgram): Promise<void> {
  if (dockerd.unit === null) {
    process.kill(dockerd.pid, 'SIGHUP');
    return;
  }
  const { exitCode, stderr } = await run('systemctl', ['reload', dockerd.unit], { timeoutMs: 30_000 });
  if (exitCode !== 0) throw new Error(`systemctl reload ${dockerd.unit}: ${stderr.trim()}`);
}
