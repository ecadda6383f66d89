import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadRun } from '../../../src/core/store/run-directory.ts';
import { newestRun } from '../../../src/core/store/run-ids.ts';
import { root } from '../support.ts';
import { type GetMachine, readOutcome } from './machine.ts';

const defineConfig = `import { defineConfig } from '${join(root, 'src/core/config/define-config.ts')}';`;

const ownWorkload = `
${defineConfig}
import echo from '${join(root, 'workloads/startup/echo.ts')}';
export default defineConfig({ ownWorkloads: [{ ...echo, id: 'startup/mine' }] });
`;

/** How long a container that hangs has, ms; and a run of them, s. */
const timeoutMs = 1_000;
const runLimitSeconds = 3;

/** bench.config.ts with containers that do nothing until they are ended, at their time limit. */
const hanging = `
${defineConfig}
import { defineWorkload } from '${join(root, 'src/core/config/define-workload.ts')}';
const sleeper = (id, sets) => defineWorkload({
  id, category: 'app', image: 'base', title: 'Sleeps', description: 'Sleeps.',
  parameters: { n: 'nothing' }, presets: { quick: sets, standard: sets, full: sets },
  metrics: [{ id: 'nothing.rate', unit: 'ops/s', better: 'higher', description: 'nothing' }],
  container: () => ({ command: ['/bin/busybox', 'sleep', '600'], timeoutMs: ${timeoutMs} }),
  parse: () => [],
});
export default defineConfig({
  ownWorkloads: [sleeper('app/one', [{}]), sleeper('app/many', [1, 2, 3, 4, 5, 6].map((n) => ({ n })))],
});
`;

const runOf = (config: string, ...words: readonly string[]) => [
  'run',
  '--set',
  'report=false',
  '--config',
  config,
  '--runtimes',
  'runc,crun',
  '--set',
  'seed=1',
  ...words,
];

/** Runs that do not go straight to their end. */
export function resumeCases(get: GetMachine): void {
  test('the command that goes on with an interrupted run works as it is printed', async () => {
    const { machine } = get();
    const cwd = await machine.place();
    await writeFile(join(cwd, 'mine.config.ts'), ownWorkload);
    const words = [
      '--out',
      'my results',
      '--workloads',
      'startup/mine',
      '--blocks',
      '2..2',
      '--max-time',
      '9m',
    ];
    const running = machine.run([join(root, 'ocibench'), ...runOf('mine.config.ts', ...words)], { cwd });
    const recorded = async () => {
      const path = await newestRun(join(cwd, 'my results/results')).catch(() => null);
      return path === null ? [] : (await loadRun(path)).trials;
    };
    while ((await recorded()).length < 3) await sleep(50);
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
  });

  /** A run of workloads that never end, and one that does. */
  async function hangs(...words: readonly string[]) {
    const { machine } = get();
    const cwd = await machine.place();
    await writeFile(join(cwd, 'bench.config.ts'), hanging);
    await machine.ocibench(runOf('bench.config.ts', ...words), { cwd });
    return readOutcome(cwd);
  }

  test('a workload that times out three times and works nowhere is given up, the others go on', async () => {
    const { run, trials } = await hangs(
      '--workloads',
      'app/one,startup/echo',
      '--blocks',
      '2..2',
      '--max-time',
      '9m',
    );
    const of = (workload: string) => trials.filter(({ cell }) => cell.workload === workload);
    expect(of('app/one').map(({ outcome }) => outcome.status)).toEqual(Array(3).fill('timed-out'));
    expect(of('startup/echo').filter(({ outcome }) => outcome.status === 'ok')).toHaveLength(2 + 2 * 3);
    expect(run.stopReason).toBe('max-blocks');
  });

  test('the time limit ends a warm-up of workloads that hang', async () => {
    const { run, trials } = await hangs('--workloads', 'app/many', '--max-time', `${runLimitSeconds}s`);
    expect(run.stopReason).toBe('max-time');
    expect(trials.length).toBeLessThanOrEqual(Math.ceil((runLimitSeconds * 1_000) / timeoutMs));
  });
}
