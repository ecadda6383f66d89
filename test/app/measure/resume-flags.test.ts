import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesAgain } from '../../../src/app/measure/resume.ts';
import { recordableEntry } from '../../../src/core/config/engine-shape.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import { runRecord } from '../../support/records.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-resume-'));
  await writeFile(join(directory, 'crun'), program, { mode: 0o755 });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const program = '#!/bin/sh\n';
const sha256 = createHash('sha256').update(program).digest('hex');

/** A run of one runtime, as it is recorded. */
function recorded(entry: RuntimeEntry, change: object = {}): RunRecord {
  const run = runRecord();
  return {
    ...run,
    runtimes: run.runtimes
      .slice(0, 1)
      .map((runtime) => ({ ...runtime, sha256, entry: recordableEntry(entry), ...change })),
  };
}
const entry = (...runtimeArgs: string[]): RuntimeEntry => ({
  name: 'mine',
  path: join(directory, 'crun'),
  ...(runtimeArgs.length === 0 ? {} : { runtimeArgs }),
  origin: 'daemon.json',
});
const again = (run: RunRecord, now: readonly RuntimeEntry[], local = true) =>
  entriesAgain(run, { entries: now, file: '/etc/docker/daemon.json' }, { local });

describe('the runtimes of a run that is resumed', () => {
  it('are those that are registered now, and only those that it measured', async () => {
    const others = [{ ...entry(), name: 'other' }];
    expect(await again(recorded(entry('--debug')), [...others, entry('--debug')])).toEqual([
      entry('--debug'),
    ]);
  });

  it('have the values that were not recorded', async () => {
    expect(await again(recorded(entry('--token=hunter2')), [entry('--token=hunter2')])).toEqual([
      entry('--token=hunter2'),
    ]);
  });

  it('may be registered elsewhere, as long as the same program is started', async () => {
    await symlink('crun', join(directory, 'link'));
    const elsewhere: RuntimeEntry = { ...entry(), path: join(directory, 'link'), origin: 'PATH' };
    expect(await again(recorded(entry()), [elsewhere])).toEqual([elsewhere]);
  });

  it.each([
    ['are not registered any more', () => []],
    ['have another program', () => [{ ...entry(), path: '/bin/true' }]],
    ['have other arguments', () => [entry('--debug')]],
    ['are another kind of runtime', () => [{ name: 'mine', runtimeType: 'io.x.v2', origin: 'daemon.json' }]],
  ] as const)('are refused where they %s', async (_, now) => {
    await expect(again(recorded(entry()), now() as RuntimeEntry[])).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ file: '/etc/docker/daemon.json', key: 'runtimes.mine' }],
    });
  });

  it('are refused where the program changed, with both checksums', async () => {
    const was = '0'.repeat(64);
    await expect(again(recorded(entry(), { sha256: was }), [entry()])).rejects.toMatchObject({
      problems: [{ key: 'runtimes.mine.sha256', message: `was ${was} and is now ${sha256}` }],
    });
  });

  it('of an engine elsewhere have no program here', async () => {
    const run = recorded(entry(), { sha256: null });
    expect(await again(run, [entry()], false)).toEqual([entry()]);
  });

  it('are refused where a value that was not recorded is another one now, without telling either', async () => {
    const error = await again(recorded(entry('--token=hunter2')), [entry('--token=hunter3')]).catch(
      (refused) => refused,
    );
    expect(error).toMatchObject({ exitCode: 2, problems: [{ key: 'runtimes.mine' }] });
    expect(JSON.stringify([error.message, error.problems])).not.toContain('hunter');
  });
});
