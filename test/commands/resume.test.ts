import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesAgain } from '../../src/commands/resume.ts';
import { recordableEntry } from '../../src/config/recordable-entry.ts';
import type { RunRecord } from '../../src/model/run.ts';
import type { RuntimeEntry } from '../../src/model/runtime.ts';
import { runRecord } from '../analyze/builders.ts';

let directory: string;
let daemonJson: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-resume-'));
  daemonJson = join(directory, 'daemon.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A run of one runtime, as it is recorded. */
function recorded(entry: RuntimeEntry): RunRecord {
  const run = runRecord();
  return {
    ...run,
    runtimes: run.runtimes.slice(0, 1).map((runtime) => ({ ...runtime, entry: recordableEntry(entry) })),
  };
}
const entry = (...runtimeArgs: string[]): RuntimeEntry => ({
  name: 'mine',
  path: '/usr/bin/crun',
  runtimeArgs,
  origin: 'daemon.json',
});
const write = (...runtimeArgs: string[]) =>
  writeFile(daemonJson, JSON.stringify({ runtimes: { mine: { path: '/usr/bin/crun', runtimeArgs } } }));

describe('the runtimes of a run that is resumed', () => {
  it('are those of its record, where the record holds all of them', async () => {
    expect(await entriesAgain(recorded(entry('--debug')), { daemonJson: '/nowhere' })).toEqual([
      entry('--debug'),
    ]);
  });

  it('are read again where a value was not recorded', async () => {
    await write('--token=hunter2');
    expect(await entriesAgain(recorded(entry('--token=hunter2')), { daemonJson })).toEqual([
      entry('--token=hunter2'),
    ]);
  });

  it('are refused where that value is another one now, without telling either', async () => {
    await write('--token=hunter3');
    const error = await entriesAgain(recorded(entry('--token=hunter2')), { daemonJson }).catch(
      (refused) => refused,
    );
    expect(error).toMatchObject({ exitCode: 2, problems: [{ file: daemonJson, key: 'runtimes.mine' }] });
    expect(JSON.stringify([error.message, error.problems])).not.toContain('hunter');
  });
});
