import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { loadRun } from '../../src/core/store/run-directory.ts';
import { newestRun } from '../../src/core/store/run-ids.ts';
import { freezers, openFreezer } from './freezer.ts';
import { canRun, nightly, ocibench, workplace } from './support.ts';

const limit = 600_000;
const pauseMs = 3_000;
const blocks = 2;

/** How the harness is paused, once it has been prepared for that by its process id. */
interface Pause {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
  remove(): Promise<void>;
}

/** runc, which waits in `create` for as long as there is a file `hold`, and says by a file `held` that it does. */
const holdable = (directory: string) => `#!/bin/sh
case " $* " in
  *' create '*)
    while [ -e ${directory}/hold ]; do : >${directory}/held; sleep 0.05; done
    ;;
esac
exec runc "$@"
`;

/** Measures, pauses the harness in the midst of a trial, and looks at what was recorded. */
async function measureThrough(prepare: (pid: number) => Promise<Pause>, reason: string): Promise<void> {
  const place = await workplace();
  const at = (name: string) => join(place.path, name);
  await writeFile(at('holdable'), holdable(place.path), { mode: 0o755 });
  await writeFile(place.daemonJson, JSON.stringify({ runtimes: { holdable: { path: at('holdable') } } }));
  let pause: Pause | null = null;
  try {
    const run = [
      'run',
      '--engine',
      'embedded',
      '--set',
      `daemonJson=${place.daemonJson}`,
      '--out',
      place.path,
    ];
    const what = [
      '--set',
      'report=false',
      '--runtimes',
      'runc,holdable',
      '--workloads',
      'startup/echo',
      '--blocks',
      `${blocks}..${blocks}`,
      '--set',
      'seed=5',
    ];
    const child = ocibench([...run, ...what], place.path);
    pause = await prepare(child.pid ?? 0);
    const results = join(place.path, 'results');
    const recorded = async () => {
      const path = await newestRun(results);
      return path === null ? [] : (await loadRun(path)).trials;
    };
    let over = false;
    void child.then(() => {
      over = true;
    });
    while (!over && (await recorded()).length < 3) await sleep(20);
    await writeFile(at('hold'), '');
    while (!over && !existsSync(at('held'))) await sleep(20);
    const begin = Date.now();
    await pause.begin();
    await sleep(pauseMs);
    const end = Date.now();
    await pause.end();
    await rm(at('hold'));
    const { exitCode, stderr } = await child;
    expect(exitCode, stderr).toBe(0);

    const trials = await recorded();
    const paused = trials.filter(({ outcome }) => outcome.status === 'interrupted');
    expect(paused.map(({ outcome }) => outcome)).toEqual([
      {
        status: 'interrupted',
        reason: expect.stringContaining(reason),
        messages: { reason: expect.objectContaining({ id: expect.any(String) }) },
      },
    ]);
    const again = trials.filter(({ trialId }) => trialId === paused[0]?.trialId);
    expect(again.map(({ attempt, outcome }) => [attempt, outcome.status])).toEqual([
      [1, 'interrupted'],
      [2, 'ok'],
    ]);
    const ok = trials.filter(({ outcome }) => outcome.status === 'ok');
    expect(ok).toHaveLength(2 + 3 * blocks);
    const spans = ok.map(({ startedAt, iterationNs }) => {
      const started = Date.parse(startedAt);
      return { started, ended: started + (iterationNs ?? Number.NaN) / 1e6 };
    });
    expect(spans.filter(({ started, ended }) => !(started >= begin || ended <= end))).toEqual([]);
    expect(await readdir(results)).toContain('latest');
  } finally {
    await pause?.remove();
    await place.remove();
  }
}

describe.skipIf(!canRun)('a trial in which the harness was paused is no value, and is measured again', () => {
  test(
    'by a signal',
    () =>
      measureThrough(
        async (pid) => ({
          begin: () => void process.kill(pid, 'SIGSTOP'),
          end: () => void process.kill(pid, 'SIGCONT'),
          remove: async () => undefined,
        }),
        'SIGSTOP',
      ),
    limit,
  );

  test.each(nightly ? freezers : freezers.slice(0, 1))(
    'with its engine, by the freezer of %s, as `docker pause` does with a CI job: no signal tells of it',
    async (name) => {
      const freezer = await openFreezer(name);
      await measureThrough(async (pid) => {
        await freezer.join(pid);
        return { begin: freezer.freeze, end: freezer.thaw, remove: freezer.remove };
      }, 'ocibench stood still for ');
    },
    limit,
  );

  test('this host has a freezer to test with', () => {
    expect(freezers.length).toBeGreaterThan(0);
  });
});
