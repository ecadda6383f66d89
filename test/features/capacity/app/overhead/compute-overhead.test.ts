import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../../../../src/core/model/run/run.ts';
import { overheadSchema } from '../../../../../src/features/capacity/overhead/overhead-record.ts';
import { plannedTrials } from '../../../../support/planned-trials.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { type KnownRunOptions, knownRun } from '../../overhead/known-run.ts';

const lacking = '20261125-205804-e1d4';

/** A world with a stored run whose overheads are known. */
async function worldWith(
  options: KnownRunOptions = {},
  change: (run: RunRecord) => object = (run) => run,
): Promise<{ readonly world: ScriptedWorld; readonly runId: string }> {
  const world = await ScriptedWorld.open();
  const { run, trials } = knownRun(options);
  const changed: Pick<RunRecord, 'subjects'> = { ...run, ...change(run) };
  await store(world, run, plannedTrials(changed, trials), change);
  return { world, runId: run.runId };
}

async function store(
  world: ScriptedWorld,
  run: RunRecord,
  trials: readonly object[],
  change: (run: RunRecord) => object,
): Promise<void> {
  const path = join(world.path, 'results', run.runId);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(change(run)));
  await writeFile(join(path, 'schedule.jsonl'), '');
  await writeFile(join(path, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
}

test('prints a table, the record of its schema, and objects for Kubernetes', async () => {
  const { world, runId } = await worldWith();
  await using _ = world;
  const table = await world.command(['capacity', 'overhead', runId]);
  expect(table.exitCode, table.stderr).toBe(0);
  expect(table.stdout).toMatch(/runsc\n.*memory, fixed +38\.\d MiB \[/);
  expect(table.stdout).toContain('mem_limit');
  expect(table.stderr).toContain(`ocibench capacity overhead ${runId} --yaml`);

  const json = await world.command(['capacity', 'overhead', runId, '--json']);
  const record = overheadSchema.parse(JSON.parse(json.stdout));
  expect(record.run).toMatchObject({ runId });
  expect(record.runtimes.map(({ runtime }) => runtime)).toEqual(['runc', 'crun', 'runsc']);
  expect(record.computed.map(({ runtime }) => runtime)).toEqual(['kata']);

  const yaml = await world.command(['capacity', 'overhead', runId, '--yaml']);
  expect(yaml.stdout.match(/^kind: RuntimeClass$/gm)).toHaveLength(4);
});

test('takes the runtimes, the confidence and the guest’s memory that are asked for', async () => {
  const { world, runId } = await worldWith();
  await using _ = world;
  const one = await world.command([
    'capacity',
    'overhead',
    runId,
    '--runtimes',
    'runsc',
    '--confidence',
    '0.99',
    '--json',
  ]);
  expect(JSON.parse(one.stdout)).toMatchObject({
    confidence: 0.99,
    computed: [],
    runtimes: [{ runtime: 'runsc' }],
  });
  const kata = await world.command([
    'capacity',
    'overhead',
    runId,
    '--runtimes',
    'kata',
    '--kata-memory',
    '256M',
    '--yaml',
  ]);
  expect(kata.exitCode, kata.stderr).toBe(0);
  expect(kata.stdout).toContain('memory: "430Mi"');
  const wider = JSON.parse(
    (
      await world.command([
        'capacity',
        'overhead',
        runId,
        '--runtimes',
        'runsc',
        '--confidence',
        '80%',
        '--json',
      ])
    ).stdout,
  );
  const high = (found: typeof wider) => found.runtimes[0].size.total.fixedBytes.high;
  expect(high(wider)).toBeLessThan(high(JSON.parse(one.stdout)));
});

test('ends with 1 where a runtime that was asked for has no interval', async () => {
  const { world, runId } = await worldWith({ blocks: 5 });
  await using _ = world;
  const { exitCode, stdout, stderr } = await world.command([
    'capacity',
    'overhead',
    runId,
    '--runtimes',
    'runsc',
    '--yaml',
  ]);
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('no RuntimeClass');
});

test('a runtime without an interval ends it with 1 only where it was asked for', async () => {
  await using world = await ScriptedWorld.open();
  const { run, trials } = knownRun();
  const few = trials.filter(({ cell, block }) => cell.runtime !== 'crun' || block <= 5);
  await store(world, run, few, (each) => each);
  const ends = async (...words: readonly string[]) =>
    (await world.command(['capacity', 'overhead', run.runId, '--json', ...words])).exitCode;
  expect(await ends()).toBe(0);
  expect(await ends('--runtimes', 'runsc')).toBe(0);
  expect(await ends('--runtimes', 'crun,runsc')).toBe(1);
});

test('names every workload that the run lacks, with the command that measures it', async () => {
  await using world = await ScriptedWorld.open();
  await cp(join(import.meta.dirname, '../../../../contracts/stored-run'), join(world.path, 'results'), {
    recursive: true,
  });
  const { exitCode, stderr, stdout } = await world.command(['capacity', 'overhead', lacking]);
  expect(exitCode, stderr).toBe(2);
  expect(stdout).toBe('');
  const said = stderr.split('\n').filter((line) => line.endsWith(': not measured'));
  expect(said).toEqual([expect.stringContaining(`${lacking}: `)]);
  for (const workload of ['memory/sized', 'startup/density', 'cpu/at-rest'])
    expect(said[0]).toContain(workload);
  // One command measures all of them, and is said once.
  expect(stderr.split('ocibench capacity measure')).toHaveLength(2);
  expect(said[0]).not.toContain('startup/echo');
});

test.each([
  [
    'fewer sizes',
    ({ subjects }: RunRecord) => subjects.filter(({ params }) => !/256M|512M/.test(params)),
    /memory\/sized: was measured at 2 sizes; a line needs 3/,
  ],
  [
    'no start',
    ({ subjects }: RunRecord) => subjects.filter(({ workload }) => workload !== 'startup/echo'),
    /startup\/echo: not measured/,
  ],
] as const)('a run of %s is refused', async (_, subjectsOf, message) => {
  const { world, runId } = await worldWith({}, (run) => ({ ...run, subjects: subjectsOf(run) }));
  await using __ = world;
  const { exitCode, stderr } = await world.command(['capacity', 'overhead', runId]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});

test('runtimes that are not in the run are named, all at once', async () => {
  const { world, runId } = await worldWith();
  await using _ = world;
  const { exitCode, stderr } = await world.command([
    'capacity',
    'overhead',
    runId,
    '--runtimes',
    'runscc,youki,kata,crun',
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${runId}: runtimes.runscc: the run has no such runtime`);
  expect(stderr).toContain("did you mean 'runsc'?");
  expect(stderr).toContain(`${runId}: runtimes.youki: `);
  expect(stderr).not.toContain('runtimes.crun');
});

test('flags that cannot be are named, all at once', async () => {
  const { world, runId } = await worldWith();
  await using _ = world;
  for (const confidence of ['100%', '0', '30%', 'high']) {
    const asked = ['capacity', 'overhead', runId, '--confidence', confidence, '--kata-memory', 'much'];
    const { exitCode, stderr } = await world.command(asked);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--confidence: must be from 50% to below 100%, but is '${confidence}'`);
    expect(stderr).toContain("--kata-memory: must be a size, but is 'much'");
  }
});

test('a run of another schema is refused, and left as it is', async () => {
  const { world, runId } = await worldWith({}, (run) => ({ ...run, schemaVersion: 99 }));
  await using _ = world;
  const file = join(world.path, 'results', runId, 'run.json');
  const before = await readFile(file, 'utf8');
  const { exitCode, stderr } = await world.command(['capacity', 'overhead', runId]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('schemaVersion: is 99; this ocibench reads 2');
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('a run without any runtime on the host’s kernel does not say what a program uses', async () => {
  const { world, runId } = await worldWith({}, (run) => ({
    ...run,
    runtimes: run.runtimes.map((each) => ({ ...each, family: 'runsc' })),
  }));
  await using _ = world;
  const { exitCode, stderr } = await world.command(['capacity', 'overhead', runId]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    `${runId}: runtimes: none of the runtimes that could run shares the host’s kernel`,
  );
  expect(stderr).toContain('ocibench capacity measure');
});
