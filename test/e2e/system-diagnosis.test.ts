import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRun } from '../../src/core/store/run-directory.ts';
import { newestRun } from '../../src/core/store/run-ids.ts';
import { canRun, root } from './support.ts';
import { productionSettings, type SystemDaemon, systemDaemon } from './system-daemon.ts';

const limit = 600_000;

const ownWorkload = `
import { defineConfig } from '${join(root, 'src/core/config/define-config.ts')}';
import echo from '${join(root, 'workloads/startup/echo.ts')}';
export default defineConfig({ ownWorkloads: [{ ...echo, id: 'startup/mine' }] });
`;

describe.skipIf(!canRun)('what is said of a daemon that is already there', () => {
  let machine: SystemDaemon;
  beforeAll(async () => {
    machine = await systemDaemon({ images: ['base'] });
    await machine.foreign.start('idle', 2);
  }, limit);
  afterAll(() => machine[Symbol.asyncDispose](), limit);

  const small = ['--runtimes', 'runc,crun', '--blocks', '1..1', '--set', 'seed=1'];

  test(
    'the command that goes on with an interrupted run works as it is printed',
    async () => {
      const cwd = await machine.place();
      await writeFile(join(cwd, 'mine.config.ts'), ownWorkload);
      const flags = ['--config', 'mine.config.ts', '--out', 'my results', '--workloads', 'startup/mine'];
      const command = join(root, 'ocibench');
      const running = machine.run([command, 'run', ...flags, ...small, '--blocks', '2..2'], { cwd });
      const recorded = async () => {
        const path = await newestRun(join(cwd, 'my results/results')).catch(() => null);
        return path === null ? [] : (await loadRun(path)).trials;
      };
      while ((await recorded()).length < 3) await new Promise((resume) => setTimeout(resume, 50));
      await machine.signal(running, 'SIGINT');
      const { stderr, exitCode } = await running;
      expect(exitCode, stderr).toBe(130);
      const [, hint = 'false'] = /^continue with: +(.+)$/m.exec(stderr) ?? [];

      const bare = await machine.ocibench(['run', '--resume', 'latest', '--out', 'my results'], { cwd });
      expect(bare.exitCode).toBe(2);
      expect(bare.stderr).toContain('--config FILE');

      const resumed = await machine.run(['sh', '-c', hint], { cwd });
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      const ok = (await recorded()).filter(({ outcome }) => outcome.status === 'ok');
      expect(ok).toHaveLength(2 + 2 * 3);
      expect(new Set(ok.map(({ trialId }) => trialId)).size).toBe(ok.length);
    },
    limit,
  );

  test(
    'the end of a run says which images stay, and clean --images removes them and nobody else’s',
    async () => {
      const cwd = await machine.place();
      const result = await machine.ocibench(
        ['run', '--set', 'report=false', '--workloads', 'startup/echo', ...small],
        {
          cwd,
        },
      );
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stderr).toMatch(/kept for the next run: \d+ images? .*ocibench clean --images/);
      const tags = async () => (await machine.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
      expect((await tags()).join()).toContain('ocibench/');
      await machine.ocibench(['clean', '--images'], { cwd });
      expect(await tags()).toEqual(['foreign/app:1']);
    },
    limit,
  );

  test(
    'who drops the page cache beside foreign containers says so before',
    async () => {
      const cwd = await machine.place();
      const cold = ['--preset', 'standard', '--workloads', 'startup/echo'];
      const result = await machine.ocibench(['run', '--set', 'report=false', ...cold, ...small], { cwd });
      expect(result.exitCode, result.stderr).toBe(0);
      const [before = ''] = result.stderr.split('Measuring');
      expect(before).toMatch(/drops the page cache of the whole host/);
    },
    limit,
  );

  test(
    'a limit of default-ulimits that the daemon may not give is named as such',
    async () => {
      const cwd = await machine.place();
      const most = Number(await readFile('/proc/sys/fs/nr_open', 'utf8')) + 1;
      const settings = await productionSettings();
      await machine.restart({
        ...settings,
        'default-ulimits': { nofile: { Name: 'nofile', Hard: most, Soft: most } },
      });
      const { stdout } = await machine.ocibench(['doctor', '--runtimes', 'runc,crun'], { cwd });
      await machine.restart(settings);
      expect(stdout).not.toContain('AppArmor');
      for (const runtime of ['runc', 'crun'])
        expect(stdout).toMatch(new RegExp(`FAIL +${runtime}: .*default-ulimits\\.nofile`));
    },
    limit,
  );
});

test.skipIf(!canRun)(
  'a full disk of Docker is found by doctor, which still gives its table, and refused before a run, both with what makes room',
  async () => {
    await using machine = await systemDaemon({ images: ['base'], dockerDiskBytes: 300 * 2 ** 20 });
    const cwd = await machine.place();
    const help = /docker image prune/;
    const little = await machine.ocibench(['doctor', '--runtimes', 'runc'], { cwd });
    expect(little.stdout).toMatch(/FAIL +Docker's disk: 0\.\d+ GiB free in \/var\/lib\/docker/);
    expect(little.stdout).toMatch(help);
    expect(little.stdout).toMatch(/ok +runc/);

    await machine.run(['sh', '-c', 'head -c 1G /dev/zero >/var/lib/docker/fill || true'], { cwd });
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
  },
  limit,
);
