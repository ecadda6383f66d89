import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { writeManifest } from '../../../../src/core/store/manifest.ts';
import { mergeRuns } from '../../../../src/features/fleet/app/merge/merge.ts';
import { type Fleet, fleetSchema } from '../../../../src/features/fleet/merge/fleet-record.ts';
import { entriesOf, writeArchive } from '../../../core/artefact/archives.ts';
import { blankPictures, testContext } from '../../../support/app-context.ts';
import { ScriptedWorld } from '../../../support/scripted-world.ts';
import { forge, hostsOf } from './real-hosts.ts';

/** Are artefacts read by processes of their own, as for a user? */
const apart = vi.hoisted(() => ({ isReal: false }));
vi.mock('../../../../src/app/apart/apart.ts', async (original) => {
  const { readingHere } = await import('../../../support/read-here.ts');
  return readingHere(await original<object & { readApart: unknown }>(), () => apart.isReal);
});
afterEach(() => {
  apart.isReal = false;
});

async function merge(world: ScriptedWorld, ...words: readonly string[]) {
  const end = await world.command(['fleet', 'merge', 'in', '--out', 'fleet', ...words]);
  const fleet = fleetSchema.parse(JSON.parse(await readFile(join(world.path, 'fleet/fleet.json'), 'utf8')));
  return { end, fleet };
}

const leftOut = ({ told }: Fleet) => told.filter(({ kind }) => kind === 'left-out');
const froms = ({ hosts }: Fleet) => hosts.flatMap(({ runs }) => runs.map(({ from }) => from));
const codes = ({ told }: Fleet) => told.map(({ code }) => code);

test('one forged analysis of four is named and left out, and the others are made again', async () => {
  apart.isReal = true;
  await using world = await ScriptedWorld.open();
  const [, second = ''] = await hostsOf(world, 4);
  const { fleet: honest } = await merge(world);
  await forge(second, 0.1);
  const { end, fleet } = await merge(world);
  expect(end.exitCode, end.stderr).toBe(1);
  expect(leftOut(fleet).map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /in\/host1\/.* is left out: its analysis\.json says \S+ for crun .*, but its records say \S+: either may have been changed/,
    ),
  ]);
  expect(froms(fleet)).toEqual(['records', 'records', 'records']);
  expect(fleet.told.find(({ code }) => code === 'fleet.madeAgain')?.origins).toHaveLength(3);
  const costs = ({ categories }: Fleet) => categories.map(({ runtime, cost }) => [runtime, cost]);
  expect(costs(fleet)).toEqual(costs(honest));
  const csv = await readFile(join(world.path, 'fleet/fleet.csv'), 'utf8');
  expect(csv).toMatch(/^host,host0,.*,records,/m);
}, 240_000);

test('of a large fleet those that stand apart are made again, and all once one is contradicted', async () => {
  await using world = await ScriptedWorld.open();
  const paths = await hostsOf(world, 18);
  const { fleet: honest } = await merge(world);
  const made = froms(honest).filter((from) => from === 'records').length;
  expect(made).toBe(16);
  expect(codes(honest)).toEqual(expect.arrayContaining(['fleet.madeAgain', 'fleet.asPublished']));
  // Whichever is in no sample, and one that is hardly seen.
  await forge(paths[17] ?? '', 0.1);
  for (const at of [3, 9]) await forge(paths[at] ?? '', 0.99);
  const { end, fleet } = await merge(world);
  expect(end.exitCode, end.stderr).toBe(1);
  expect(leftOut(fleet)).toHaveLength(3);
  expect(new Set(froms(fleet))).toEqual(new Set(['records']));
  // A class is small enough to be made again as a whole.
  const { fleet: ofClass } = await merge(world, '--class');
  expect(codes(ofClass)).not.toContain('fleet.asPublished');
}, 600_000);

describe('an artefact that takes more than it may', () => {
  test.each(['directory', 'archive'])(
    'as %s is left out, and three good hosts are merged',
    async (kind) => {
      await using world = await ScriptedWorld.open();
      const paths = await hostsOf(world, 4);
      const [, second = ''] = paths;
      const trials = await readFile(join(second, 'trials.jsonl'), 'utf8');
      await writeFile(join(second, 'trials.jsonl'), trials.repeat(Math.ceil((40 * 2 ** 20) / trials.length)));
      await writeManifest(second);
      const named = [0, 2, 3].map((at) => join('in', `host${at}`));
      if (kind === 'archive') {
        const names = ['run.json', 'schedule.jsonl', 'trials.jsonl', 'MANIFEST.sha256'];
        await writeArchive(world.path, 'bad', '.tar.gz', await entriesOf(second, names, 'x'));
      }
      const app = testContext({ pictures: blankPictures });
      const environment = { ...app.environment, workingDirectory: world.path };
      const bad = kind === 'archive' ? 'bad.tar.gz' : 'in/host1';
      const apart = {
        limits: { heapMiB: 96, residentMiB: 2048, runSeconds: 600, archiveSeconds: 1200 },
      };
      const { fleet } = await mergeRuns(
        { ...app, environment },
        [bad, ...named],
        { out: join(world.path, 'fleet') },
        apart,
      );
      expect(fleet.hosts).toHaveLength(3);
      expect(leftOut(fleet).map(({ message }) => message)).toEqual([
        expect.stringMatching(new RegExp(`${bad}.* is left out: reading it takes more memory than 96 MiB`)),
      ]);
    },
    240_000,
  );
});
