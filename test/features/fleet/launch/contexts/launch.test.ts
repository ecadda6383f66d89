import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseFlags, type RunFlags } from '../../../../../src/core/config/command-line.ts';
import { launchOnContexts } from '../../../../../src/features/fleet/launch/contexts/launch.ts';
import type { StartRun } from '../../../../../src/features/fleet/launch/contexts/start-run.ts';
import { recorder, testContext } from '../../../../support/app-context.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-contexts-test-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function addContext(name: string, host: string): Promise<void> {
  const meta = join(place, 'contexts/meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(meta, { recursive: true });
  await writeFile(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

/** Ends as the test says, and keeps what it was started with. */
function starter(exitCodes: Readonly<Record<string, number>>) {
  const started: Parameters<StartRun>[0][] = [];
  const start: StartRun = async (run) => {
    started.push(run);
    run.onLine('engine: docker');
    await writeFile(run.log, 'the last line\n');
    return exitCodes[run.words[2]?.replace('context=', '') ?? ''] ?? 0;
  };
  return { start, started };
}

function launch(
  contexts: string,
  start: StartRun,
  options: { readonly flags?: RunFlags; readonly words?: readonly string[]; readonly aborted?: boolean } = {},
) {
  const reporter = recorder();
  const signal = options.aborted ? AbortSignal.abort() : new AbortController().signal;
  const app = testContext({
    reporter,
    interrupts: () => ({ signal, [Symbol.dispose]: () => undefined }),
  });
  const run = { words: options.words ?? [], ...parseFlags(options.flags ?? {}) };
  const flags = { contexts, atOnce: '3', out: join(place, 'out') };
  const environment = { DOCKER_CONFIG: place };
  return launchOnContexts(app, flags, run, start, environment).then((result) => ({
    ...result,
    said: reporter.said,
  }));
}

test('each context gets the same words, a directory and a lock of its own; one that fails loses no other', async () => {
  await addContext('a', 'ssh://user@a');
  await addContext('b', 'tcp://b:2376');
  await addContext('c', 'unix:///run/c.sock');
  const { start, started } = starter({ b: 3, c: 1 });
  const { ends, said } = await launch('a,b,c', start, { words: ['--preset', 'quick'] });
  expect(ends.map(({ host, state }) => `${host} ${state}`)).toEqual(['a ran', 'b failed', 'c some-failed']);
  expect(ends[1]?.why?.text).toContain('ends with: the last line');
  expect(new Set(started.map(({ env }) => env.OCIBENCH_LOCK)).size).toBe(3);
  const own = started.map(({ words }) => words.slice(0, 5).join(' '));
  expect(own.toSorted()).toEqual(
    ['a', 'b', 'c'].map((name) => `run --set context=${name} --out ${join(place, 'out', name)}`),
  );
  expect(new Set(started.map(({ words }) => words.slice(5).join(' '))).size).toBe(1);
  expect(started[0]?.words.slice(5)).toEqual([
    '--set',
    'progress=false',
    '--preset',
    'quick',
    '--set',
    expect.stringMatching(/^seed=\d+$/),
  ]);
  expect(said).toContain('log: a: engine: docker');
});

test('what has not begun when it is interrupted is not begun', async () => {
  await addContext('a', 'ssh://user@a');
  const { start, started } = starter({});
  const { ends, interrupted } = await launch('a', start, { aborted: true });
  expect(started).toEqual([]);
  expect(interrupted).toBe(true);
  expect(ends).toMatchObject([{ host: 'a', state: 'interrupted' }]);
});

test('every problem at once: unknown contexts, one daemon twice, options that are the launcher’s', async () => {
  await addContext('a', 'ssh://user@a');
  await addContext('b', 'ssh://user@a');
  const { start, started } = starter({});
  const wrong = launch('a,b,../x,none', start, { flags: { context: 'a', engine: 'embedded' } });
  const { exitCode, problems } = await wrong.catch((error) => error);
  expect(exitCode).toBe(2);
  expect(problems.map(({ key }: { readonly key: string }) => key)).toEqual([
    '--set context',
    '--engine',
    '--contexts',
    '--set context',
    '--contexts',
  ]);
  expect(started).toEqual([]);
});
