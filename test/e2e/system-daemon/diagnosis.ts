import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { productionSettings } from '../system-daemon.ts';
import type { GetMachine } from './machine.ts';

/** Leaves so many bytes of Docker's disk free: less than the images need. */
const leaveLittle = `
free=$(df --output=avail --block-size=1 /var/lib/docker | tail -n 1)
fallocate --length $((free - 250 * 1024 * 1024)) /var/lib/docker/fill`;

/** What is said of the daemon. The last cases: they take its images, its disk and its settings. */
export function diagnosisCases(get: GetMachine): void {
  test('clean --images removes the images that stay, and nobody else’s', async () => {
    const { machine } = get();
    const tags = async () => (await machine.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    expect((await tags()).join()).toContain('ocibench/');
    await machine.ocibench(['clean', '--images'], { cwd: await machine.place() });
    expect(await tags()).toEqual(['foreign/app:1']);
  });

  test('a full disk of Docker is found by doctor, which still gives its table, and refused before a run, both with what makes room', async () => {
    const { machine } = get();
    const cwd = await machine.place();
    const help = /docker image prune/;
    const filled = await machine.run(['sh', '-euc', leaveLittle], { cwd });
    expect(filled.exitCode, filled.stderr).toBe(0);
    const little = await machine.ocibench(['doctor', '--runtimes', 'runc'], { cwd });
    expect(little.stdout).toMatch(/FAIL +Docker's disk: 0\.\d+ GiB free in \/var\/lib\/docker/);
    expect(little.stdout).toMatch(help);
    expect(little.stdout).toMatch(/ok +runc/);

    await machine.run(['sh', '-c', 'head -c 1G /dev/zero >/var/lib/docker/fill-all || true'], { cwd });
    const full = await machine.ocibench(['doctor', '--runtimes', 'runc'], { cwd });
    expect(full.stdout).toMatch(/FAIL +Docker's disk: 0\.00 GiB free/);
    expect(full.stdout).toMatch(/cgroup version/);
    expect(full.exitCode).toBe(3);
    expect(full.stderr).not.toMatch(/bug in ocibench/);
    const run = await machine.ocibench(['run', '--workloads', 'startup/echo', '--runtimes', 'runc'], { cwd });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/no space is left where Docker keeps its data, in \/var\/lib\/docker/);
    expect(run.stderr).toMatch(help);
    expect(run.stderr.match(/engine: docker/g)).toHaveLength(1);
    await machine.run(['sh', '-c', 'rm /var/lib/docker/fill*'], { cwd });
  });

  test('after a restart, foreign containers live on; a limit of default-ulimits that the daemon may not give is named as such', async () => {
    const { machine, foreign } = get();
    const cwd = await machine.place();
    const most = Number(await readFile('/proc/sys/fs/nr_open', 'utf8')) + 1;
    await machine.restart({
      ...(await productionSettings()),
      'default-ulimits': { nofile: { Name: 'nofile', Hard: most, Soft: most } },
    });
    expect((await machine.foreign.running()).toSorted()).toEqual(foreign.toSorted());
    const { SecurityOptions } = (await machine.docker.info()) as { SecurityOptions: string[] };
    expect(SecurityOptions.join()).toContain('no-new-privileges');
    const { stdout } = await machine.ocibench(['doctor', '--runtimes', 'runc,crun'], { cwd });
    expect(stdout).not.toContain('AppArmor');
    for (const runtime of ['runc', 'crun'])
      expect(stdout).toMatch(new RegExp(`FAIL +${runtime}: .*default-ulimits\\.nofile`));
  });
}
