import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../../../../src/core/model/run/run.ts';
import { writeManifest } from '../../../../../src/core/store/manifest.ts';
import { fleetSchema } from '../../../../../src/features/fleet/merge/fleet-record.ts';
import { entriesOf, writeArchive } from '../../../../core/artefact/archives.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { forge, hostsOf } from '../../merge/real-hosts.ts';

const [withoutDocker, forged, zipped] = [[26, 27], 28, 29];
const processors = ['Xeon', 'EPYC', 'Core'];

/** What is particular about each of the thirty machines: three processors, two copies of one machine, two without Docker. */
function particular(run: RunRecord, at: number): RunRecord {
  const cpuModel = processors[at === 5 ? 1 : at % 3] ?? '';
  const id = at === 5 ? 'id-4' : (run.host.id ?? '');
  const { marks: _, ...facts } = run.host;
  const host = { ...facts, id, hostname: 'vm-of-class', cpuModel, loadAverage1: at % 7 === 0 ? 9 : 0 };
  if (!withoutDocker.includes(at)) return { ...run, runId: at === 5 ? 'run-5' : run.runId, host };
  return {
    ...run,
    status: 'failed',
    host,
    runtimes: run.runtimes.map((each) => ({
      ...each,
      preflight: {
        status: 'unavailable',
        code: 'start-failed',
        fix: 'start it',
        error: 'of pupil26',
        reason: `cannot connect to /home/pupil${at}/docker.sock`,
      },
    })),
  };
}

/** Thirty submissions: directories, archives, and a form's download, each with the name of who handed it in. */
async function submissions(world: ScriptedWorld): Promise<void> {
  const paths = await hostsOf(world, 30, particular);
  await forge(paths[forged] ?? '', 0.1);
  for (const [at, path] of paths.entries()) {
    const [place, moodle] = [join(world.path, 'in'), `Pupil ${at}_123${at}_assignsubmission_file_`];
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    if (withoutDocker.includes(at))
      for (const name of names.filter((each) => each !== 'run.json')) await rm(join(path, name));
    const holder = dirname(dirname(path));
    if (at % 3 === 0 || withoutDocker.includes(at)) await rename(holder, join(place, `Pupil ${at}`));
    else {
      await mkdir(join(place, moodle));
      if (at === zipped) await writeFile(join(place, moodle, 'run.zip'), 'PK');
      else if (at % 3 === 1)
        await writeArchive(
          join(place, moodle),
          'run',
          '.tar.gz',
          await entriesOf(path, names, basename(path)),
        );
      else
        await writeArchive(place, `${moodle}run`, '.tar.zst', await entriesOf(path, names, basename(path)));
      if (at !== zipped && at % 3 === 2) await rm(join(place, moodle), { recursive: true });
      await rm(holder, { recursive: true });
    }
  }
  // Handed in twice.
  await cp(join(world.path, 'in', 'Pupil 0'), join(world.path, 'in', 'Pupil 0 (2)'), { recursive: true });
}

test('thirty hand-ins of a class: what counts, what does not and why, with names for the teacher alone', async () => {
  await using world = await ScriptedWorld.open();
  await submissions(world);
  const { exitCode, stderr } = await world.command([
    'fleet',
    'merge',
    'in',
    '--class',
    '--names',
    '--out',
    'class',
    '--lang',
    'fr',
  ]);
  expect(exitCode, stderr).toBe(1);
  const read = (name: string) => readFile(join(world.path, 'class', name), 'utf8');
  const fleet = fleetSchema.parse(JSON.parse(await read('fleet.json')));
  expect(fleet.hosts).toHaveLength(26);
  expect(new Set(fleet.hosts.map(({ known }) => known))).toEqual(new Set(['id', 'submission']));
  const groups = fleet.missing.map(({ kind, code, hosts, others }) => [
    kind,
    code,
    hosts.length + others.length,
  ]);
  expect(groups).toEqual(
    expect.arrayContaining([
      ['run', 'useless.noRuntime', 2],
      ['run', 'fleetRun.contradicts', 1],
      ['run', 'handedIn.packed', 1],
      ['runtime', 'missing.reason', 2],
    ]),
  );
  const shown = ['fleet.json', 'fleet.csv', 'report.html', 'report.md', 'charts/fleet-startup.svg'];
  for (const file of shown) expect(await read(file), file).not.toMatch(/pupil|vm-of-class|docker\.sock/i);
  const page = await read('report.html');
  expect(page).toContain('Ce qui n’a pas pu tourner, et que faire');
  expect(page).toContain('dans un répertoire de même nom');
  const teacher = await read('teacher.html');
  for (const who of ['Pupil 26', 'Pupil 27', 'Pupil 28', 'Pupil 29']) expect(teacher).toContain(who);
  expect(teacher).toMatch(/\d+ · Pupil 7\b/);
  expect(teacher).not.toContain('assignsubmission_file_,');
  expect(
    (await world.command(['fleet', 'merge', 'in', '--class', '--out', 'class', '--lang', 'en'])).exitCode,
  ).toBe(1);
  expect(await read('report.html')).toContain('What could not run, and what to do');
  expect(await readdir(join(world.path, 'class'))).not.toContain('teacher.html');
}, 900_000);

test('a class counts neither figures that nobody can make again nor trials of another student', async () => {
  await using world = await ScriptedWorld.open();
  const [first = '', bent = '', copied = ''] = await hostsOf(world, 4);
  await forge(bent, 3);
  await edit(bent, 'run.json', (text) => {
    const run = JSON.parse(text) as RunRecord;
    const [subject] = run.subjects;
    return JSON.stringify({ ...run, subjects: [...run.subjects, { ...subject, workload: 'own/thing' }] });
  });
  await rm(copied, { recursive: true });
  await cp(first, copied, { recursive: true });
  await edit(copied, 'run.json', (text) => {
    const run = JSON.parse(text) as RunRecord;
    return JSON.stringify({ ...run, host: { ...run.host, id: 'id-2', hostname: 'host2' } });
  });
  await edit(copied, 'trials.jsonl', (text) => text.replaceAll(basename(first), 'another-run'));
  await edit(copied, 'trials.jsonl', (text) =>
    text.replace(/"startedAt":"[^"]*"/, '"startedAt":"2026-01-02T00:00:00Z"'),
  );
  const words = ['fleet', 'merge', 'in', '--out', 'class'];
  const merge = async (...more: string[]) => {
    const { exitCode } = await world.command([...words, ...more]);
    const text = await readFile(join(world.path, 'class', 'fleet.json'), 'utf8');
    return { exitCode, ...fleetSchema.parse(JSON.parse(text)) };
  };
  const ofClass = await merge('--class');
  expect(ofClass.exitCode).toBe(1);
  expect(ofClass.hosts).toHaveLength(2);
  expect(ofClass.missing.map(({ code }) => code).toSorted()).toEqual([
    'handedIn.unknownWorkloads',
    'useless.copied',
  ]);
  const unknown = ofClass.missing.find(({ code }) => code === 'handedIn.unknownWorkloads');
  expect(unknown?.fix).toContain('--config FILE');
  // Hosts of one's own may have measured workloads that this checkout no longer has.
  expect((await merge()).hosts).toHaveLength(3);
}, 300_000);

/** Changes a file of a run, with a manifest that fits. */
async function edit(path: string, name: string, change: (text: string) => string): Promise<void> {
  const file = join(path, name);
  await writeFile(file, change(await readFile(file, 'utf8')));
  await writeManifest(path);
}
