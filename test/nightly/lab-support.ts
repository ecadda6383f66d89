import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../src/core/files/programs.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { labNeeds } from '../../src/features/lab/requirements/lab.ts';
import { canRun } from '../e2e/support.ts';

const programs = await Promise.all(labNeeds.map((need) => findProgram(need.program)));

/** Is everything here that a guest of the lab is made and booted with? */
export const canBootLab = canRun && process.arch === 'x64' && programs.every((program) => program !== null);

/** Shell commands that print a line for each slice, unit, mount and file that ocibench left in a guest. */
export const tellLeftovers = `{
  find /sys/fs/cgroup -type d -name 'ocibench*' -printf 'cgroup %p\\n'
  systemctl list-units --all --plain --no-legend 'ocibench*' | sed 's/^/unit /'
  find /run/systemd /etc/systemd -name 'ocibench*' -printf 'file %p\\n'
  find /var/lib/ocibench/runs /var/lib/ocibench/trash /run/ocibench -mindepth 1 ! -name runs -printf 'file %p\\n' 2>/dev/null
  grep ocibench /proc/self/mountinfo | sed 's/^/mount /'
} | sed 's/^/left in the guest: /' >&2`;

/** A run that a guest brought back. */
export interface LabRun {
  readonly record: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly directory: string;
}

/** The runs below `out`, by their label `engine`. Throws, with what the lab said, where none came back. */
export async function loadRuns(out: string, said: string): Promise<Readonly<Record<string, LabRun>>> {
  const results = join(out, 'results');
  const names = await readdir(results).catch((error: unknown) => {
    throw new Error(`no runs came back: ${said}`, { cause: error });
  });
  const runs: Record<string, LabRun> = {};
  for (const id of names.filter((name) => /^\d/.test(name))) {
    const directory = join(results, id);
    const record = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')) as RunRecord;
    const lines = (await readFile(join(directory, 'trials.jsonl'), 'utf8')).trim().split('\n');
    const trials = lines.map((line) => JSON.parse(line) as TrialRecord);
    runs[record.config.labels.engine ?? id] = { record, trials, directory };
  }
  return runs;
}
