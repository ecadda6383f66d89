import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run.ts';
import type { TrialRecord } from '../../src/core/model/trial.ts';
import { canRun, root, wholeLines } from './support.ts';
import { type SystemDaemon, systemDaemon } from './system-daemon.ts';

const limit = 600_000;

/** bench.config.ts with containers that do nothing until they are ended, 2 s after their start. */
const hanging = `
import { defineConfig } from '${join(root, 'src/core/config/define-config.ts')}';
import { defineWorkload } from '${join(root, 'src/core/config/define-workload.ts')}';
const sleeper = (id, sets) => defineWorkload({
  id, category: 'app', image: 'base', title: 'Sleeps', description: 'Sleeps.',
  parameters: { n: 'nothing' }, presets: { quick: sets, standard: sets, full: sets },
  metrics: [{ id: 'nothing.rate', unit: 'ops/s', better: 'higher', description: 'nothing' }],
  container: () => ({ command: ['/bin/busybox', 'sleep', '600'], timeoutMs: 2_000 }),
  parse: () => [],
});
export default defineConfig({
  ownWorkloads: [sleeper('app/one', [{}]), sleeper('app/many', [1, 2, 3, 4, 5, 6].map((n) => ({ n })))],
});
`;

describe.skipIf(!canRun)('a daemon with icc: false and other options of production', () => {
  let machine: SystemDaemon;
  beforeAll(async () => {
    machine = await systemDaemon({ images: ['base', 'servers'] });
    await machine.foreign.start('idle');
  }, limit);
  afterAll(() => machine[Symbol.asyncDispose](), limit);

  const networks = async () => (await machine.docker.listNetworks()).map(({ Name }) => Name).toSorted();

  async function outcomeOf(place: string): Promise<{ run: RunRecord; trials: readonly TrialRecord[] }> {
    const directory = join(place, 'results', await readlink(join(place, 'results/latest')));
    const trials = (await wholeLines(join(directory, 'trials.jsonl'))).map((line) => JSON.parse(line));
    return { run: JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')), trials };
  }
  const network = [
    'run',
    '--set',
    'report=false',
    '--preset',
    'standard',
    '--workloads',
    'network/redis',
    '--runtimes',
    'runc,crun',
  ];

  test(
    'containers that must reach each other do, in a network of the run that is gone afterwards',
    async () => {
      const cwd = await machine.place();
      const before = await networks();
      const result = await machine.ocibench([...network, '--blocks', '1..1'], { cwd });
      expect(result.exitCode, result.stderr).toBe(0);
      const { trials } = await outcomeOf(cwd);
      expect(trials.map(({ outcome }) => outcome)).toEqual(trials.map(() => ({ status: 'ok' })));
      expect(trials).toHaveLength(2 + 3);
      expect(await networks()).toEqual(before);
    },
    limit,
  );

  test(
    'clean removes the network of a run that was killed, and no other',
    async () => {
      const cwd = await machine.place();
      const before = await networks();
      const running = machine.ocibench([...network, '--blocks', '4..4'], { cwd });
      while ((await networks()).length === before.length) await sleep(50);
      await machine.signal(running, 'SIGKILL');
      await running;
      await machine.docker.createNetwork({ Name: 'ocibench-looks-like-it' });
      const cleaned = await machine.ocibench(['clean'], { cwd });
      expect(cleaned.stdout).toMatch(/removed network [0-9a-f]{12} of run/);
      expect(await networks()).toEqual([...before, 'ocibench-looks-like-it'].toSorted());
      expect(await machine.foreign.running()).toHaveLength(1);
    },
    limit,
  );

  /** A run of workloads that never end, and one that does. */
  async function hangs(...args: string[]) {
    const cwd = await machine.place();
    await writeFile(join(cwd, 'bench.config.ts'), hanging);
    const common = [
      'run',
      '--set',
      'report=false',
      '--config',
      'bench.config.ts',
      '--runtimes',
      'runc,crun',
      '--set',
      'seed=1',
    ];
    await machine.ocibench([...common, ...args], { cwd });
    return outcomeOf(cwd);
  }

  test(
    'a workload that times out three times and works nowhere is given up, the others go on',
    async () => {
      const { run, trials } = await hangs('--workloads', 'app/one,startup/echo', '--blocks', '2..2');
      const of = (workload: string) => trials.filter(({ cell }) => cell.workload === workload);
      expect(of('app/one').map(({ outcome }) => outcome.status)).toEqual(Array(3).fill('timed-out'));
      expect(of('startup/echo').filter(({ outcome }) => outcome.status === 'ok')).toHaveLength(2 + 2 * 3);
      expect(run.stopReason).toBe('max-blocks');
    },
    limit,
  );

  test(
    'the time limit ends a warm-up of workloads that hang',
    async () => {
      const { run, trials } = await hangs('--workloads', 'app/many', '--max-time', '5s');
      expect(run.stopReason).toBe('max-time');
      // Each takes 2 s at least.
      expect(trials.length).toBeLessThanOrEqual(3);
    },
    limit,
  );

  test(
    'what the preset has nothing of is named before the run, in the report, and alone refused',
    async () => {
      const cwd = await machine.place();
      const alone = await machine.ocibench(['run', '--workloads', 'network'], { cwd });
      expect(alone.exitCode).toBe(2);
      expect(alone.stderr).toContain('--preset standard');
      expect(await readdir(cwd)).toEqual([]);
      const beside = await machine.ocibench(
        ['run', '--workloads', 'startup/echo,network', '--runtimes', 'runc', '--blocks', '1..1'],
        { cwd },
      );
      expect(beside.exitCode, beside.stderr).toBe(0);
      expect(beside.stderr).toContain('--workloads network has nothing in the preset quick');
      const report = await readFile(join(cwd, 'results/latest/report.md'), 'utf8');
      expect(report).toContain('not in the preset quick: network');
      expect(report).not.toContain('Everything that was scheduled was measured');
    },
    limit,
  );

  test(
    'a start with a network is not compared under a runtime that is registered without one',
    async () => {
      const cwd = await machine.place();
      const what = ['--preset', 'standard', '--workloads', 'startup/echo', '--runtimes', 'runsc'];
      const result = await machine.ocibench(['run', '--set', 'report=false', ...what, '--blocks', '1..1'], {
        cwd,
      });
      expect(result.exitCode, result.stderr).toBe(0);
      const { run } = await outcomeOf(cwd);
      const bridge = run.subjects.find(({ params }) => params === 'network=bridge');
      expect(bridge?.unsupported).toEqual({ runsc: expect.stringContaining('--network=none') });
    },
    limit,
  );
});
