import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { runtimeDirectory } from '../../src/core/host/run-registry.ts';
import { runsDirectory, trashDirectory } from '../../src/core/host/state-directory.ts';
import { untilNone } from './until-none.ts';

/** Everything of ocibench's that is on this host now: processes, mounts, cgroups, files, network devices. */
export async function traces(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
    if (line.includes(`${runsDirectory()}/`)) found.push(`process ${pid}: ${line.slice(0, 120)}`);
  }
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  found.push(
    ...mounts
      .split('\n')
      .filter((line) => line.includes('ocibench'))
      .map((line) => `mount ${line}`),
  );
  const cgroups = await execa('find', ['/sys/fs/cgroup', '-type', 'd', '-path', '*/ocibench*'], {
    reject: false,
  });
  found.push(
    ...cgroups.stdout
      .split('\n')
      .filter(Boolean)
      .map((path) => `cgroup ${path}`),
  );
  found.push(
    ...(await readdir(runsDirectory()).catch(() => [])).map((name) => `file ${join(runsDirectory(), name)}`),
    ...(await readdir(trashDirectory()).catch(() => [])).map(
      (name) => `file ${join(trashDirectory(), name)}`,
    ),
    ...(await readdir(`${runtimeDirectory}/runs`).catch(() => [])).map((name) => `record of run ${name}`),
  );
  return found;
}

/** Waits until nothing is left that was not there before all tests, up to `limitMs`; returns what is. */
export function tracesAfter(limitMs: number): Promise<string[]> {
  const before = new Set(inject('tracesBefore'));
  return untilNone(limitMs, async () => (await traces()).filter((trace) => !before.has(trace)));
}

/** What of one run is left on this host, once nothing is or `limitMs` is over; other runs may go on beside it. */
export function tracesOf(runId: string, limitMs: number): Promise<string[]> {
  const slice = runId.replaceAll('-', '_');
  return untilNone(limitMs, async () =>
    (await traces()).filter((trace) => trace.includes(runId) || trace.includes(slice)),
  );
}
