import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/core/model/prng.ts';
import { openMovePlace, patient } from './move-place.ts';
import { findInState, findProcesses } from './ours.ts';
import { shopLoad, shopServices, writeStack } from './shop-stack.ts';
import { canRun } from './support.ts';
import { untilNone } from './until-none.ts';

/** Runs, nights, merges and plans are killed by `npm run faults`, which also compares all that they wrote. How many commands are killed, in turn, and from which seed the moments are drawn. */
const kills = Number(process.env.OCIBENCH_KILLS ?? 7);
const seed = process.env.OCIBENCH_KILLS_SEED ?? '7';
const longestMs = 15_000;

test.skipIf(!canRun)(
  `${kills} kills at random moments of all else that measures leave nothing that clean does not remove`,
  { timeout: 120_000 + kills * 120_000 },
  async () => {
    const next = seededRandom(seed);
    await using place = await openMovePlace(['servers', 'python']);
    const { cache, web, worker } = shopServices;
    const served = { ...web, depends_on: {} };
    const file = await writeStack(place.path, { cache, worker, web: served, load: shopLoad });
    const theirs = await place.docker.createContainer({ Image: 'shop/servers:1', Cmd: ['sleep', '1d'] });
    await theirs.start();
    const embedded = [
      '--engine',
      'embedded',
      '--workloads',
      'startup/echo,density/idle',
      '--runtimes',
      'runc',
    ];
    const daemonJson = ['--set', `daemonJson=${join(place.path, 'their.json')}`];
    const commands = {
      move: () => place.move(file, '--try-only', ...patient),
      'move --with-data': () => place.move(file, '--try-only', '--with-data', ...patient),
      'capacity measure': () =>
        place.ocibench('capacity', 'measure', '--runtimes', 'runc,crun', ...daemonJson),
      'move, measured': () => place.move(file, '--load', 'load', ...patient),
      'capacity record': () => place.ocibench('capacity', 'record', '--container', theirs.id, '--for', '10s'),
      'run --layers': () => place.ocibench('run', ...embedded, '--layers', 'oci,containerd,docker'),
      'run, density': () => place.ocibench('run', ...embedded, '--preset', 'sandbox'),
    };
    const before = await place.all();
    const table: string[][] = [];
    for (let n = 0; n < kills; n++) {
      const [name, start] = Object.entries(commands)[n % Object.keys(commands).length] ?? [];
      if (name === undefined || start === undefined) break;
      const atMs = Math.round(next() * longestMs);
      const child = start();
      await sleep(atMs);
      const wasAlive = child.kill('SIGKILL');
      const ended = await child;
      // Another exit than that of an answer tells nothing of kills.
      if (!wasAlive) expect([0, 1], ended.stderr).toContain(ended.exitCode);
      const { exitCode, stderr } = await place.ocibench('clean');
      expect(exitCode, stderr).toBe(0);
      // What builds an image cleans up after its end.
      const left = await untilNone(60_000, async () => [
        ...(await findInState()),
        ...(await findProcesses({ environment: [place.host] })),
      ]);
      table.push([name, `${atMs} ms`, wasAlive ? 'killed' : 'had ended', `${left.length} left`]);
      console.log(table.at(-1)?.join('  '));
      expect(left, name).toEqual([]);
      const now = await place.all();
      expect({ ...now, images: [] }, name).toEqual({ ...before, images: [] });
    }
    expect(table.some(([, , what]) => what === 'killed')).toBe(true);
  },
);
