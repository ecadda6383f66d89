import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/core/model/prng.ts';
import { openMovePlace, patient } from './move-place.ts';
import { findInState } from './ours.ts';
import { shopServices, writeStack } from './shop-stack.ts';
import { canRun } from './support.ts';

/** How many commands are killed, in turn, and from which seed the moments are drawn. */
const kills = Number(process.env.OCIBENCH_KILLS ?? 3);
const seed = process.env.OCIBENCH_KILLS_SEED ?? '7';
const longestMs = 15_000;

test.skipIf(!canRun)(
  `${kills} kills at random moments of move and capacity leave nothing that clean does not remove`,
  { timeout: 120_000 + kills * 120_000 },
  async () => {
    const next = seededRandom(seed);
    await using place = await openMovePlace(['servers', 'python']);
    const { cache, worker } = shopServices;
    const file = await writeStack(place.path, { cache, worker });
    const daemonJson = ['--set', `daemonJson=${join(place.path, 'their.json')}`];
    const commands = {
      move: () => place.move(file, '--try-only', ...patient),
      'move --with-data': () => place.move(file, '--try-only', '--with-data', ...patient),
      'capacity measure': () =>
        place.ocibench('capacity', 'measure', '--runtimes', 'runc,crun', ...daemonJson),
    };
    const before = await place.all();
    const table: string[][] = [];
    for (let n = 0; n < kills; n++) {
      const [name, start] = Object.entries(commands)[n % 3] ?? [];
      if (name === undefined || start === undefined) break;
      const atMs = Math.round(next() * longestMs);
      const child = start();
      await sleep(atMs);
      const wasAlive = child.kill('SIGKILL');
      await child;
      const { exitCode, stderr } = await place.ocibench('clean');
      expect(exitCode, stderr).toBe(0);
      const left = await findInState();
      table.push([name, `${atMs} ms`, wasAlive ? 'killed' : 'had ended', `${left.length} left`]);
      console.log(table.at(-1)?.join('  '));
      expect(left, name).toEqual([]);
      const now = await place.all();
      expect([now.containers, now.networks], name).toEqual([before.containers, before.networks]);
    }
    expect(table.some(([, , what]) => what === 'killed')).toBe(true);
  },
);
