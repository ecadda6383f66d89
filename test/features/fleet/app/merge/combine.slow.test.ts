import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { pseudonymOf } from '../../../../../src/core/host/host-identity.ts';
import { seededRandom } from '../../../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../../../../src/core/model/trial/trial.ts';
import type { StoredRun } from '../../../../../src/core/store/run-directory.ts';
import { type Combined, combinedSchema } from '../../../../../src/features/fleet/index.ts';
import { gaussian } from '../../../../core/analyze/simulated-run.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';

/** A session of the host. */
interface MadeSession {
  /** Log cost of crun in this session; runc costs 1, runsc twice as much. */
  readonly crun?: number;
  readonly run?: Partial<RunRecord>;
  /** Params of `startup/echo` that it measured. */
  readonly params?: readonly string[];
  /** Params whose trials fail under crun. */
  readonly failed?: string;
}

const blocks = 12;
/** Standard deviation of the logarithm of a trial's times. */
const noise = 0.03;
/** Half-width that a session has by itself, in the mean: t with 11 degrees of freedom at 95 %, over its pairs. */
const halfWidthAlone = (2.2 * noise * Math.SQRT2) / Math.sqrt(blocks);
const day = (at: number) => `2026030${at + 1}`;
const idOf = (at: number) => `${day(at)}-080000-abcd`;

/** The records of a real run, of which the sessions are made. */
let made: StoredRun;
beforeAll(async () => {
  await using world = await ScriptedWorld.open(['runc', 'crun', 'runsc']);
  const { exitCode, stderr } = await world.run(blocks, '--set', 'report=false');
  expect(exitCode, stderr).toBe(0);
  made = await world.stored();
});

/** The trial with times of a host that is as noisy as this, and no slower than its cell says. */
function timed(trial: TrialRecord, params: string, session: MadeSession, disturbance: number): TrialRecord {
  const { runtime } = trial.cell;
  const log = runtime === 'crun' ? (session.crun ?? Math.log(0.8)) : runtime === 'runsc' ? Math.log(2) : 0;
  const factor = Math.exp(log + disturbance);
  const hasFailed = runtime === 'crun' && params === session.failed;
  return {
    ...trial,
    trialId: `${trial.trialId}${params}`,
    cell: { ...trial.cell, params },
    marks: trial.marks.map((mark, at) => ({ ...mark, atNs: Math.round(1e7 * at * factor) })),
    ...(hasFailed
      ? { outcome: { status: 'failed', step: 'start', error: { code: 'start-failed', message: 'it broke' } } }
      : {}),
  } as TrialRecord;
}

async function write(world: ScriptedWorld, session: MadeSession, at: number): Promise<string> {
  const random = seededRandom(`session ${at}`);
  const { run, trials } = made;
  const { params = ['', 'network=bridge', 'network=host'] } = session;
  const runId = session.run?.runId ?? idOf(at);
  const path = join(world.path, 'results', runId);
  await mkdir(path, { recursive: true });
  const subjects = run.subjects.flatMap((subject) => params.map((each) => ({ ...subject, params: each })));
  const startedAt = `2026-03-0${at + 1}T08:00:00.000Z`;
  await writeFile(
    join(path, 'run.json'),
    JSON.stringify({ ...run, startedAt, subjects, runId, ...session.run }),
  );
  const own = params.flatMap((each) =>
    trials.map((trial) => timed(trial, each, session, noise * gaussian(random))),
  );
  await writeFile(join(path, 'trials.jsonl'), own.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  return runId;
}

/** `ocibench fleet combine` of these sessions. */
async function combined(sessions: readonly MadeSession[], ...words: readonly string[]) {
  const world = await ScriptedWorld.open();
  const ids: string[] = [];
  for (const [at, session] of sessions.entries()) ids.push(await write(world, session, at));
  const end = await world.command(['fleet', 'combine', ...ids, ...words]);
  return {
    world,
    end,
    ids,
    found: (): Combined => combinedSchema.parse(JSON.parse(end.stdout)),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

const crunOf = ({ comparisons }: Combined, params = '') =>
  comparisons.find((each) => each.runtime === 'crun' && each.params === params);

test('five sessions are one answer, narrower than that of one', async () => {
  await using of = await combined(Array(5).fill({}), '--json', '--to', 'week');
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  const found = of.found();
  expect(found.sessions.map(({ runId }) => runId)).toEqual([0, 1, 2, 3, 4].map(idOf));
  const crun = crunOf(found);
  expect(crun).toMatchObject({ sessions: 5, verdict: 'faster', qDf: 4, df: 4 });
  expect(crun?.ratio).toBeCloseTo(0.8, 1);
  expect(crun?.halfWidth).toBeLessThan(halfWidthAlone);
  expect(found.categories.find(({ runtime }) => runtime === 'crun')).toMatchObject({
    verdict: 'faster',
    sessions: 5,
  });
  expect(found.baselines.map(({ runtime }) => runtime)).toEqual(['runc', 'runc', 'runc']);
  const record = JSON.parse(await readFile(join(of.world.path, 'week/combined.json'), 'utf8'));
  expect(record).toEqual(found);
  const rows: Record<string, string>[] = parse(
    await readFile(join(of.world.path, 'week/combined.csv'), 'utf8'),
    {
      columns: true,
    },
  );
  expect(rows).toHaveLength(found.comparisons.length + found.categories.length);
  expect(Number(rows.find(({ runtime, params }) => runtime === 'crun' && params === '')?.ratio)).toBe(
    crun?.ratio,
  );
});

test('sessions that differ are said to, and what they say together is wide', async () => {
  const crun = [0.6, 0.9, 0.7, 1, 0.8].map(Math.log);
  await using of = await combined(
    crun.map((log) => ({ crun: log })),
    '--json',
  );
  const found = crunOf(of.found());
  expect(found?.differP).toBeLessThan(0.001);
  expect(found?.tau).toBeGreaterThan(1.1);
  expect(found?.halfWidth).toBeGreaterThan(found?.narrowest ?? 1);
  expect(found?.verdict).toBe('inconclusive');
});

test('the table says what was combined, and of two sessions how little they tell; in English for everybody', async () => {
  await using of = await combined([{}, {}]);
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  expect(of.end.stdout).toContain(
    `2 sessions of ${made.run.host.hostname}, 2026-03-01 08:00 UTC to 2026-03-02`,
  );
  expect(of.end.stdout).toMatch(/crun +startup\/echo .*2 +0\.\d+× \[/);
  expect(of.end.stdout).toContain('Two sessions show little');
  const french = await of.world.command(['fleet', 'combine', ...of.ids, '--lang', 'fr']);
  expect(french.stdout).toBe(of.end.stdout);
});

test('a subject that a run lacks, or whose trials failed there, is combined from the others', async () => {
  await using of = await combined([{}, { params: [''] }, { failed: 'network=bridge' }, {}], '--json');
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  const found = of.found();
  expect([crunOf(found)?.sessions, crunOf(found, 'network=bridge')?.sessions]).toEqual([4, 2]);
  expect(found).toMatchObject({ some: 4, once: 0 });
  // Its category is that of the sessions that hold the same subjects.
  expect(found.categories.find(({ runtime }) => runtime === 'crun')).toMatchObject({
    subjects: 3,
    sessions: 2,
  });
});

test('what only one session has is counted', async () => {
  await using of = await combined([{}, { params: [''] }, { params: [''] }]);
  expect(of.end.stdout).toContain('Not combined: 4 comparisons that only one session has.');
});

const otherKernel = () => ({ run: { host: { ...made.run.host, kernel: '9.9.9' } } });

test('a kernel that was updated between sessions is named, and accepted where it is meant', async () => {
  await using of = await combined([{}, {}, otherKernel(), otherKernel()]);
  expect(of.end.exitCode).toBe(2);
  expect(of.end.stderr).toContain(`${idOf(2)}: host.kernel: is 9.9.9 and was`);
  expect(of.end.stderr).toContain('--accept host.kernel');
  // Each session names a key once, whatever the number of earlier ones.
  expect(of.end.stderr.match(/host\.kernel: is/g)).toHaveLength(2);
  const accepted = await of.world.command(['fleet', 'combine', ...of.ids, '--accept', 'host.kernel']);
  expect(accepted.exitCode, accepted.stderr).toBe(0);
  expect(accepted.stdout).toContain('although host.kernel was');
});

test('another host, the same run twice, another baseline, one run and nothing in common are refused', async () => {
  const host = { ...made.run.host, id: 'another' };
  await using of = await combined([{}, { run: { host } }], '--accept', 'all');
  expect([of.end.exitCode, of.end.stderr]).toEqual([2, expect.stringContaining('on another host')]);
  const [id = ''] = of.ids;
  const refused = async (...names: readonly string[]) => {
    const { exitCode, stderr } = await of.world.command(['fleet', 'combine', ...names]);
    expect(exitCode).toBe(2);
    return stderr;
  };
  expect(await refused(id, id)).toContain('named twice');
  expect(await refused(id)).toContain('one run is one session');
  expect(await refused(id, 'absent')).toContain('absent');
  await using other = await combined([{}, { run: { config: { ...made.run.config, baseline: 'crun' } } }]);
  expect(other.end.stderr).toContain('its baseline is crun');
  await using apart = await combined([{ params: [''] }, { params: ['network=bridge'] }]);
  expect([apart.end.exitCode, apart.end.stderr]).toEqual([2, expect.stringContaining('no comparison')]);
});

test('a published run is of the host whose pseudonym it has', async () => {
  const host = { ...made.run.host, id: 'f'.repeat(16) };
  const published = { ...host, id: pseudonymOf(host.id), hostname: 'host-of-publish' };
  await using of = await combined([{ run: { host } }, { run: { host: published } }]);
  expect(of.end.exitCode, of.end.stderr).toBe(0);
});

test('a run that was interrupted counts, and is named', async () => {
  await using of = await combined([{}, {}, { run: { status: 'interrupted' } }]);
  expect(of.end.stdout).toContain(`${idOf(2)} did not end as planned`);
});

test('compare takes the variance between sessions: what sessions differ by is no change', async () => {
  const crun = [0.8, 0.9, 0.75, 0.95, 0.8, 0.7, 1].map(Math.log);
  await using of = await combined(
    crun.map((log) => ({ crun: log })),
    '--to',
    'week',
    '--json',
  );
  const [before = '', after = ''] = of.ids.slice(-2);
  const compare = async (...words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await of.world.command(['compare', before, after, ...words]);
    expect(stderr).toBe('');
    return { exitCode, stdout };
  };
  const plain = await compare();
  expect(plain.exitCode).toBe(1);
  expect(plain.stdout).toContain(
    'Every interval and p-value includes what sessions of the same software usually differ by, ±5%',
  );
  const known = await compare('--sessions', 'week/combined.json');
  expect(known.exitCode).toBe(0);
  expect(known.stdout).toContain(
    'Every interval and p-value includes the variance between sessions, from 7 runs',
  );
  expect(known.stdout).toContain('0 changed');
});

test('compare refuses what says nothing of its sessions', async () => {
  await using of = await combined([{}, {}], '--to', 'week', '--json');
  const { world, ids } = of;
  const refused = async (file: string) => {
    const { exitCode, stderr } = await world.command(['compare', ...ids, '--sessions', file]);
    expect(exitCode).toBe(2);
    return stderr;
  };
  const file = join(world.path, 'week/combined.json');
  const record = JSON.parse(await readFile(file, 'utf8'));
  expect(await refused('absent.json')).toContain('absent.json');
  const change = async (text: string) => {
    await writeFile(file, text);
    return refused(file);
  };
  expect(await change('{')).toContain('it is not a combined.json');
  expect(await change('{}')).toContain('combinedVersion: it is not a combined.json');
  expect(await change('{"combinedVersion": 1}')).toContain('host: it is not a combined.json');
  expect(await change(JSON.stringify({ ...record, combinedVersion: 999 }))).toContain('combinedVersion');
  expect(await change(JSON.stringify({ ...record, sessions: [] }))).toContain('two sessions or more');
  expect(await change(JSON.stringify({ ...record, host: { ...record.host, id: 'x' } }))).toContain(
    'were measured on',
  );
  expect(await change(JSON.stringify({ ...record, baseline: 'crun' }))).toContain('with the baseline crun');
});
