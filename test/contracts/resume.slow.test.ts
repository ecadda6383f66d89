import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { runBlocks } from '../../src/core/measure/execute/run-loop.ts';
import { measurableCells } from '../../src/core/measure/schedule/cells.ts';
import type { ScheduledBlock, TrialSpec } from '../../src/core/model/run/schedule.ts';
import { cellKey } from '../../src/core/model/trial/cell.ts';
import type { Reading, TrialRecord } from '../../src/core/model/trial/trial.ts';
import { loadRun, openRun } from '../../src/core/store/run-directory.ts';
import { ocibench } from './cli.ts';

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, 'stored-run', runId);
const linesOf = async (path: string) => (await readFile(path, 'utf8')).trim().split('\n');
const whole = {
  schedule: await linesOf(join(stored, 'schedule.jsonl')),
  trials: await linesOf(join(stored, 'trials.jsonl')),
  readings: await linesOf(join(stored, 'readings.jsonl')),
};
const trialsOfBlock = 6;

let place: string;
let path: string;
const text = (name: string) => readFile(join(path, name), 'utf8');
const files = async () =>
  Object.fromEntries(await Promise.all((await readdir(path)).map(async (name) => [name, await text(name)])));
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

interface Cut {
  readonly blocks: number;
  readonly trials: number;
}

/** The stored run as it was when so many blocks were scheduled and so many trials had ended, on an engine of that kind. */
async function cutOff({ blocks, trials }: Cut, kind: 'docker' | 'embedded' = 'docker'): Promise<void> {
  const run = JSON.parse(await readFile(join(stored, 'run.json'), 'utf8'));
  const ended = whole.trials.slice(0, trials);
  const ids = ended.map((line) => JSON.parse(line).trialId);
  await writeFile(
    join(path, 'run.json'),
    `${JSON.stringify({ ...run, status: 'interrupted', stopReason: 'interrupted', engine: { ...run.engine, kind } }, null, 2)}\n`,
  );
  await writeFile(join(path, 'schedule.jsonl'), textOf(whole.schedule.slice(0, blocks)));
  await writeFile(join(path, 'trials.jsonl'), textOf(ended));
  await writeFile(
    join(path, 'readings.jsonl'),
    textOf(whole.readings.filter((line) => ids.includes(JSON.parse(line).trialId))),
  );
}

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'contract-'));
  path = join(place, 'results', runId);
  await cp(stored, path, { recursive: true });
});
afterEach(() => rm(place, { recursive: true }));

/** Goes on with the run of `path` where each trial ends as it did in the stored run; what was started, with its attempt. */
async function goOn(): Promise<{
  started: readonly string[];
  stopReason: string;
  setAside: readonly string[];
}> {
  const { run, blocks, trials } = await loadRun(path);
  const workloads = await loadWorkloads();
  const cells = measurableCells(run.subjects, run.runtimes, run.config.baseline, workloads);
  const writer = await openRun(path);
  const started: string[] = [];
  const records = whole.trials.map((line) => JSON.parse(line) as TrialRecord);
  const runTrial = async (
    { trialId, position, cell }: TrialSpec,
    { attempt, block }: { attempt: number; block: number },
  ) => {
    started.push(attempt === 1 ? trialId : `${trialId}, attempt ${attempt}`);
    const record = records.find((each) => each.block === block && cellKey(each.cell) === cellKey(cell));
    if (record === undefined) throw new Error(`block ${block} had no ${cellKey(cell)}`);
    const readings = whole.readings
      .map((line) => JSON.parse(line) as Reading)
      .filter((each) => each.trialId === record.trialId)
      .map((each) => ({ ...each, trialId }));
    return { record: { ...record, trialId, position, attempt }, readings };
  };
  try {
    const { stopReason } = await runBlocks({
      config: run.config,
      cells,
      fromBlock: 0,
      writer,
      precisionOf: () => new Map(),
      maxBlocksOf: () => Number.MAX_SAFE_INTEGER,
      runTrial,
      engineLost: async () => null,
      onEvent: () => undefined,
      interrupt: new AbortController().signal,
      now: () => 0,
      before: { blocks, trials },
    });
    return { started, stopReason, setAside: writer.setAside.map(({ file }) => file.slice(path.length + 1)) };
  } finally {
    writer.close();
  }
}

/** Lines of trials without their places, which a block that is drawn today gives them in another order. */
const anywhere = (lines: readonly string[]) =>
  lines
    .map((line) => {
      const { trialId: _, position: __, ...rest } = JSON.parse(line);
      return JSON.stringify(rest);
    })
    .toSorted();

const cellsOfBlock = (line: string) => {
  const { block, phase, trials } = JSON.parse(line) as ScheduledBlock;
  return [block, phase, ...trials.map(({ cell }) => cellKey(cell)).toSorted()];
};

/** Nothing is lost: blocks that were drawn already are there to the letter, the others with the same trials. */
async function expectSame(drawn: number): Promise<void> {
  const trials = await linesOf(join(path, 'trials.jsonl'));
  const kept = drawn * trialsOfBlock;
  expect(trials.slice(0, kept)).toEqual(whole.trials.slice(0, kept));
  expect(anywhere(trials)).toEqual(anywhere(whole.trials));
  const readings = await linesOf(join(path, 'readings.jsonl'));
  expect(readings).toHaveLength(whole.readings.length);
}

describe('an interrupted run that is resumed', () => {
  test.each<Cut>([
    { blocks: 1, trials: 0 },
    { blocks: 1, trials: 6 },
    { blocks: 2, trials: 6 },
    { blocks: 3, trials: 13 },
    { blocks: 3, trials: 17 },
    { blocks: 4, trials: 23 },
  ])(
    'after %j does what was left, in the same blocks; those that it had drawn in their order',
    async (cut) => {
      await cutOff(cut);
      const { started, stopReason } = await goOn();
      expect(started).toEqual(whole.trials.slice(cut.trials).map((line) => JSON.parse(line).trialId));
      expect(stopReason).toBe('max-blocks');
      const schedule = await linesOf(join(path, 'schedule.jsonl'));
      expect(schedule.slice(0, cut.blocks)).toEqual(whole.schedule.slice(0, cut.blocks));
      expect(schedule.map(cellsOfBlock)).toEqual(whole.schedule.map(cellsOfBlock));
      await expectSame(cut.blocks);
    },
  );

  test('measures the trial again that was in flight, as another attempt, and keeps both', async () => {
    const inFlight = 2 * trialsOfBlock + 2;
    await cutOff({ blocks: 3, trials: inFlight });
    const record = JSON.parse(whole.trials[inFlight] ?? '');
    const interrupted = JSON.stringify({ ...record, outcome: { status: 'interrupted' } });
    await appendFile(join(path, 'trials.jsonl'), `${interrupted}\n`);
    const { started } = await goOn();
    expect(started[0]).toBe('b002p002, attempt 2');
    const lines = await linesOf(join(path, 'trials.jsonl'));
    expect(lines[inFlight]).toBe(interrupted);
    expect(JSON.parse(lines[inFlight + 1] ?? '')).toEqual({ ...record, attempt: 2 });
    expect(anywhere([...lines.slice(0, inFlight), ...lines.slice(inFlight + 2)])).toEqual(
      anywhere([...whole.trials.slice(0, inFlight), ...whole.trials.slice(inFlight + 1)]),
    );
  });

  test('sets the half line of a crash aside, with the readings of its trial', async () => {
    await cutOff({ blocks: 3, trials: 14 });
    const torn = whole.trials[14]?.slice(0, 200) ?? '';
    await appendFile(join(path, 'trials.jsonl'), torn);
    const orphans = whole.readings.filter((line) => JSON.parse(line).trialId === 'b002p002');
    await appendFile(join(path, 'readings.jsonl'), textOf(orphans));
    expect(orphans.length).toBeGreaterThan(0);
    const { started, setAside } = await goOn();
    expect(started[0]).toBe('b002p002');
    expect(setAside).toEqual(['trials.jsonl', 'readings.jsonl']);
    await expectSame(3);
  });
});

describe('`ocibench run --resume`', () => {
  /** Neither a refusal nor a missing engine may cost what was measured. */
  const resume = async (name: string, flags: readonly string[] = []) => {
    const before = await files();
    const result = await ocibench(['run', '--resume', name, ...flags], place);
    expect(await files()).toEqual(before);
    expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
    return result;
  };

  test.each([runId, 'latest', join('results', runId)])(
    'of %s ends with 3 where the engine does not answer, says how to reach it, and loses nothing',
    async (name) => {
      await cutOff({ blocks: 3, trials: 13 });
      const result = await resume(name);
      expect(result.exitCode, result.stderr).toBe(3);
      expect(result.stderr).toContain('no-daemon.sock');
    },
    60_000,
  );

  test('ends with 2 where the run is complete', async () => {
    const result = await resume(runId);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(`ocibench report ${runId}`);
  }, 60_000);

  test('ends with 2 and names each runtime that is not registered as it was', async () => {
    await cutOff({ blocks: 3, trials: 13 }, 'embedded');
    const daemonJson = join(place, 'daemon.json');
    await writeFile(daemonJson, '{"runtimes": {"crun": {"path": "/nowhere/crun"}}}');
    const result = await resume(runId, ['--set', `daemonJson=${daemonJson}`]);
    expect(result.exitCode, result.stderr).toBe(2);
    expect(result.stderr).toContain('runtimes.crun');
  }, 60_000);

  test('ends with 2 where it measured a workload that is not known now', async () => {
    await cutOff({ blocks: 3, trials: 13 });
    const { workload } = JSON.parse(await text('run.json')).subjects[0];
    for (const name of ['run.json', 'trials.jsonl'])
      await writeFile(join(path, name), (await text(name)).replaceAll(`"${workload}"`, '"app/mine"'));
    const result = await resume(runId);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/app\/mine[\s\S]*--config FILE/);
  }, 60_000);
});
