import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectCgroupLayout } from '../../src/core/collect/cgroup/layout.ts';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import { measuredOn } from './measured-run.ts';
import { canRun, nightly } from './support.ts';
import { type SystemDaemon, systemDaemon } from './system-daemon.ts';

/** Medians of the headlines by runtime. */
function headlines({ rows }: Analysis): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap(({ headline, runtime, median }) => (headline && median ? [[runtime, median]] : [])),
  );
}

/** Idle containers of the runtimes in turn, each a neighbour whose pages are those of ours. */
async function startNeighbours({ docker, foreign }: SystemDaemon, count: number): Promise<void> {
  await foreign.start('idle');
  for (let each = 1; each < count; each++) {
    const container = await docker.createContainer({
      Image: 'foreign/app:1',
      Cmd: ['/bin/sleep', '1000000'],
      HostConfig: { Runtime: ['runc', 'crun', 'runsc'][each % 3] as string, NetworkMode: 'none' },
    });
    await container.start();
  }
}

/**
 * Gives what runs on the machine more of the CPUs than whatever else this host does: a container that is to keep a CPU busy does, and
 * a container that settles has settled.
 */
async function prefer({ cgroup }: SystemDaemon): Promise<void> {
  const { unified, v1 } = detectCgroupLayout();
  const [mount, file, weight] =
    v1.cpu === undefined ? [unified, 'cpu.weight', 800] : [v1.cpu, 'cpu.shares', 8192];
  await writeFile(join(mount ?? '', cgroup, file), String(weight));
}

const limit = 600_000;
/** Of those whose processes are the host's own, one is enough by day. */
const runtimes = ['runc', 'runsc', ...(nightly ? ['crun'] : [])];
const short = ['--set', 'report=false', '--workloads', 'startup/echo', '--runtimes', 'runc'];

describe.skipIf(!canRun)('beside a daemon with a cgroup of its own', () => {
  let machine: SystemDaemon;
  beforeAll(async () => {
    machine = await systemDaemon({ images: ['base'] });
    await prefer(machine);
  }, limit);
  afterAll(() => machine[Symbol.asyncDispose](), limit);

  test(
    'another containerd of the host is no part of the engine: its CPU is load of others',
    async () => {
      const cwd = await machine.place();
      const program = join(cwd, 'containerd');
      await writeFile(program, '#!/bin/sh\nwhile :; do :; done\n', { mode: 0o755 });
      const script = ['cgroup-join.sh', 'k3s'] as const;
      const k3s = machine.run(['sh', join(machine.directory, script[0]), script[1], program], { cwd });
      const named = () => machine.run(['sh', '-c', 'grep -lx containerd /proc/[0-9]*/comm | wc -l'], { cwd });
      try {
        // dockerd's own and this one.
        await expect.poll(async () => (await named()).stdout.trim(), { timeout: 60_000 }).toBe('2');
        const { trials } = await measuredOn(machine, cwd, [...short, '--blocks', '2..2']);
        const own = trials.filter(({ phase, outcome }) => phase === 'measure' && outcome.status === 'ok');
        expect(own.length).toBeGreaterThan(3);
        for (const { engineCpu } of own) expect(engineCpu).toMatchObject({ cgroups: ['/docker.service'] });
        const flagged = own.filter(({ noise }) => noise?.flags.includes('other-load>10%'));
        expect(flagged.length).toBeGreaterThan(own.length / 2);
      } finally {
        await machine.signal(k3s, 'SIGKILL');
        await k3s;
      }
    },
    limit,
  );

  test(
    'foreign containers do not move the memory headline of any runtime, and no comparison takes them for a regression',
    async () => {
      const cwd = await machine.place();
      const idle = [
        '--set',
        'report=false',
        '--workloads',
        'memory/idle',
        '--runtimes',
        runtimes.join(','),
        '--blocks',
        '6..6',
      ];
      const alone = await measuredOn(machine, cwd, idle);
      await startNeighbours(machine, 5);
      const beside = await measuredOn(machine, cwd, idle);

      const [before, after] = [headlines(alone.analysis), headlines(beside.analysis)];
      expect([...before.keys()].toSorted()).toEqual(runtimes.toSorted());
      for (const [runtime, bytes] of before) {
        const ratio = (after.get(runtime) ?? Number.NaN) / bytes;
        expect(ratio, runtime).toBeGreaterThan(0.98);
        expect(ratio, runtime).toBeLessThan(1.02);
      }
      // The neighbours were there: proportional figures fell.
      const pss = ({ rows }: Analysis) =>
        rows.find((row) => row.runtime === 'runc' && row.metric === 'pss.shim');
      expect(pss(beside.analysis)?.median).toBeLessThan(0.8 * (pss(alone.analysis)?.median ?? 0));
      expect([alone, beside].map(({ run }) => run.engine.conditions?.otherContainers)).toEqual([0, 5]);

      const ids = [alone, beside].map(({ run }) => run.runId);
      const compared = await machine.ocibench(['compare', ...ids], { cwd });
      expect(compared.exitCode, compared.stderr).toBe(0);
      expect(compared.stdout).toContain('accepted difference: engine.otherContainers was 0 and is 5');
    },
    limit,
  );
});

test.skipIf(!canRun)(
  'foreign containers that keep a CPU busy are noticed although dockerd runs in the root cgroup, and what cannot be is said',
  async () => {
    await using machine = await systemDaemon({ images: ['base'], inRootCgroup: true });
    await prefer(machine);
    const cwd = await machine.place();
    await machine.foreign.start('busy');
    const { trials, analysis, result } = await measuredOn(machine, cwd, [...short, '--blocks', '4..4']);
    const own = trials.filter(({ phase, outcome }) => phase === 'measure' && outcome.status === 'ok');
    expect(own.length).toBeGreaterThan(7);
    expect(own.filter(({ engineCpu }) => 'value' in engineCpu)).toEqual([]);
    // A trial may be shorter than what makes a flag.
    expect(own.filter(({ noise }) => !((noise?.otherCpuNs ?? 0) > 0))).toEqual([]);
    const flagged = own.filter(({ noise }) => noise?.flags.includes('other-load>10%'));
    expect(flagged.length).toBeGreaterThan(own.length / 2);
    expect(analysis.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['noisy-host', 'load-partly-seen']),
    );
    expect(result.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Warning: The engine’s own CPU time is unknown (the engine runs in the root cgroup, together with the whole host)',
    );
  },
  limit,
);
