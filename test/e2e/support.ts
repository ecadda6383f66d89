import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { execa } from 'execa';
import { compileCache } from '../support/compile-cache.ts';
import { keepOwnState } from '../support/own-state.ts';

export const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'src/cli.ts');

/** What these tests need: root, for namespaces and cgroups. CI has it; a person may run the rest without. */
export const canRun = process.getuid?.() === 0;

/**
 * Is there an hour? `npm run test:nightly` also tries what is of the same kind as something that `npm run test:all` does: more
 * faults, restarts and pauses, more runtimes. `scripts/test.ts` names the files in which it does.
 */
export const nightly = process.env.OCIBENCH_NIGHTLY === '1';

/** runc, crun and gVisor on two platforms, and both shapes in which Kata is registered. */
export const daemonJson = {
  'default-runtime': 'crun',
  runtimes: {
    crun: { path: '/usr/bin/crun' },
    runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap', '--network=none'] },
    'runsc-ptrace': { path: '/usr/bin/runsc', runtimeArgs: ['--platform=ptrace', '--network=none'] },
    'kata-runtime': { path: '/usr/bin/kata-runtime' },
    kata: { runtimeType: 'io.containerd.kata.v2' },
  },
};

/** A directory for one test's results, with daemon.json in it; the state of the runs is this test file's own. */
export async function workplace(): Promise<{
  readonly path: string;
  readonly daemonJson: string;
  remove(): Promise<void>;
}> {
  keepOwnState();
  const path = await mkdtemp(join(tmpdir(), 'ocibench-e2e-'));
  const file = join(path, 'daemon.json');
  await writeFile(file, JSON.stringify(daemonJson));
  return { path, daemonJson: file, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The lock of these tests: who else measures on this host is not their concern. */
const lock = join(tmpdir(), `ocibench-e2e-${process.pid}.lock`);

/** Starts `ocibench` as a user does; does not reject on an exit code. */
export function ocibench(
  args: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>> = {},
) {
  return execa(process.execPath, [cli, ...args], {
    cwd: directory,
    reject: false,
    stdin: 'ignore',
    // A signal is a signal: nothing worse follows when the machine is slow.
    forceKillAfterDelay: false,
    env: { NO_COLOR: '1', LC_ALL: 'C.UTF-8', OCIBENCH_LOCK: lock, ...compileCache, ...environment },
  });
}

/** The rows of a CSV file as objects. */
export async function readCsv(path: string): Promise<Record<string, string>[]> {
  return parse(await readFile(path), { columns: true }) as Record<string, string>[];
}

/** The whole lines of a file that is being written; none where it is not there. */
export async function wholeLines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
}
