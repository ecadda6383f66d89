import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A cgroup of these tests whose processes can be frozen, with a name that no clean-up of ocibench takes for its own. */
export interface Freezer {
  /** Moves a process in; what it starts from then on is in it too. */
  join(pid: number): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Waits until its processes have ended, up to 20 s. */
  remove(): Promise<void>;
}

interface Kind {
  readonly root: string;
  readonly file: string;
  readonly frozen: string;
  readonly thawed: string;
}

/** Both kinds of freezer, by the names of their files (freezer-subsystem.rst of cgroup v1, cgroup-v2.rst). */
const kinds: Readonly<Record<string, Kind>> = {
  'cgroup v1': {
    root: '/sys/fs/cgroup/freezer',
    file: 'freezer.state',
    frozen: 'FROZEN',
    thawed: 'THAWED',
  },
  'cgroup v2': {
    root: existsSync('/sys/fs/cgroup/unified') ? '/sys/fs/cgroup/unified' : '/sys/fs/cgroup',
    file: 'cgroup.freeze',
    frozen: '1',
    thawed: '0',
  },
};

/** Those that this host has: at least one. */
export const freezers = Object.keys(kinds).filter((name) => {
  const { root } = kinds[name] ?? {};
  return root !== undefined && existsSync(join(root, 'cgroup.procs'));
});

/** Makes a freezer of that kind, one of {@link freezers}. */
export async function openFreezer(name: string): Promise<Freezer> {
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`no freezer ${name}`);
  const directory = join(kind.root, `test-freezer-${process.pid}`);
  const write = (file: string, text: string) => writeFile(join(directory, file), text);
  await mkdir(directory);
  return {
    join: (pid) => write('cgroup.procs', String(pid)),
    freeze: () => write(kind.file, kind.frozen),
    thaw: () => write(kind.file, kind.thawed),
    async remove() {
      await write(kind.file, kind.thawed);
      for (
        let tries = 0;
        tries < 100 && (await readFile(join(directory, 'cgroup.procs'), 'utf8')) !== '';
        tries++
      )
        await sleep(200);
      await rmdir(directory);
    },
  };
}
