import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conclude } from '../../src/app/measure/conclude.ts';
import { reportRun } from '../../src/app/report.ts';
import { diskStore, vegaPictures } from '../../src/app/store.ts';
import { type RunRecord, runRecordSchema } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { openRun } from '../../src/core/store/run-directory.ts';
import { anonymousRecords } from '../../src/report/anonymous.ts';
import { goldenRun } from '../core/analyze/golden-run.ts';
import { testContext } from '../support/app-context.ts';

/** What must not be in any file, in whatever case. */
const secrets = [
  'blackbox7',
  'secretcorp',
  'alice_9',
  'robert9',
  'carol_5',
  'daemonhost',
  '10.1.2.3',
  '2001:db8::7',
  '02:42:ac:11:00:02',
  'bob.secret',
  'corp9',
  'corp8',
  'cher.example',
  '/home',
  '/srv/',
  '/usr/',
  '/var/',
  '~/notes',
  'registry.',
  'labelled',
];

/** A run that tells of its host, people, addresses and paths wherever something is said in words. */
function tellingRun(): ReturnType<typeof goldenRun> {
  const golden = goldenRun();
  const words =
    'user@1000.service, runc@sha256:12, blackbox7: fork/exec /home/robert9/bin/kata: no such file; see "/srv/data/my-file", ~/notes; dial tcp 10.1.2.3:2376, [2001:db8::7]:22 (02:42:ac:11:00:02); Get "https://daemonhost:2376/v1.45/info" as Alice_9; ask bob.secret@mail.corp9.example, alice_9@corp8 or <ann@bücher.example>';
  const run: RunRecord = {
    ...golden.run,
    config: { ...golden.run.config, labels: { owner: 'labelled' } },
    host: { ...golden.run.host, hostname: 'blackbox7.secretcorp.example' },
    engine: { ...golden.run.engine, endpoint: 'ssh://alice_9@daemonhost:22/var/run/docker.sock' },
    runtimes: golden.run.runtimes.map((runtime) => ({
      ...runtime,
      entry: {
        ...runtime.entry,
        path: `/usr/local/bin/${runtime.entry.name}`,
        // Nothing else tells that this is a name.
        runtimeArgs: [
          '--bundle=/home/carol_5/x',
          '--owner=carol_5',
          '--root=/var/lib/alice_9',
          '--debug-log',
          '/srv/log/%ID%',
        ],
      },
      preflight:
        runtime.preflight.status === 'unavailable'
          ? { ...runtime.preflight, reason: words, fix: words, error: words }
          : runtime.preflight,
    })),
    subjects: golden.run.subjects.map((subject) => ({
      ...subject,
      unsupported: Object.fromEntries(Object.keys(subject.unsupported).map((name) => [name, words])),
    })),
    images: [
      {
        recipe: 'registry.secretcorp.example/team/app:1',
        recipeHash: 'r',
        contentHash: 'c',
        reference: 'registry.secretcorp.example/team/app:1',
        bytes: 1,
      },
    ],
    checks: [{ id: 'x', status: 'warn', title: words, detail: words, fix: words }],
  };
  const trials = golden.trials.map(
    (trial): TrialRecord =>
      trial.cell.runtime === 'crun' && trial.block % 2 === 1
        ? {
            ...trial,
            outcome: { status: 'failed', step: 'start', error: { code: 'x', message: words, fix: words } },
          }
        : trial,
  );
  return { ...golden, run, trials };
}

/** Every file below a directory, by its path in it. */
async function textsBelow(directory: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const)),
  );
}

describe('report --anonymous', () => {
  let root = '';
  const texts: Record<string, ReadonlyMap<string, string>> = {};
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ocibench-anonymous-'));
    const { run, trials, workloads } = tellingRun();
    for (const [name, withhold] of [
      ['plain', null],
      ['anonymous', ['alice_9']],
    ] as const) {
      const place = { results: join(root, name, 'results'), charts: join(root, name, 'charts') };
      for (const directory of Object.values(place)) await mkdir(directory, { recursive: true });
      await conclude(
        { store: diskStore, pictures: vegaPictures },
        { run, trials, workloads, lang: 'en', place, withhold },
      );
      texts[name] = await textsBelow(join(root, name));
    }
  }, 60_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  const held = (name: string, secret: string) =>
    [...(texts[name] ?? [])].filter(([, text]) => text.toLowerCase().includes(secret)).map(([file]) => file);

  test('writes the same files, of every kind', () => {
    const names = (name: string) =>
      [...(texts[name]?.keys() ?? [])].map((file) => file.slice(join(root, name).length)).toSorted();
    expect(names('anonymous')).toEqual(names('plain'));
    for (const ending of ['.csv', '.json', '.md', '.html', '.vl.json', '.svg'])
      expect(names('anonymous').filter((file) => file.endsWith(ending)).length, ending).toBeGreaterThan(0);
  });

  test.each(secrets)('no file holds %s', (secret) => {
    expect(held('plain', secret).length, 'planted').toBeGreaterThan(0);
    expect(held('anonymous', secret)).toEqual([]);
  });

  test('what was measured is the same, and so is what it was measured with', () => {
    const file = (name: string, ending: string) =>
      [...(texts[name] ?? [])].find(([path]) => path.endsWith(ending))?.[1] ?? '';
    expect(file('anonymous', 'measurements.csv')).toBe(file('plain', 'measurements.csv'));
    for (const known of ['runc', '[path]', '[address]', '[name]', 'user@1000.service', 'runc@sha256'])
      expect(file('anonymous', 'report.md'), known).toContain(known);
  });

  test('the use case leaves the whole report alone, and says where the other one is', async () => {
    const out = join(root, 'command');
    const { run, trials } = tellingRun();
    const own = join(out, 'results', run.runId);
    const writer = await openRun(own);
    await writer.saveRun(run);
    for (const trial of trials) writer.appendTrial(trial);
    writer.close();
    const before = await readdir(own);
    // Its workloads are none of those that are shipped: a configuration is named, although it has none.
    const config = join(root, 'config.json');
    await writeFile(config, '{}');
    const { conclusion } = await reportRun(testContext(), run.runId, {
      in: out,
      out,
      anonymous: true,
      config,
    });
    expect(JSON.stringify(conclusion.analysis)).toContain('[name]');
    expect(await readdir(own)).toEqual(before);
    const files = [...(await textsBelow(join(out, 'anonymous'))).keys()];
    expect(files.some((file) => file.endsWith('report.html'))).toBe(true);
    expect(files.filter((file) => file.endsWith('run.json') || file.includes('latest'))).toEqual([]);
  });
});

test('a host of a common name takes nothing from what tools print', () => {
  const golden = goldenRun();
  const record = (hostname: string) => ({
    run: { ...golden.run, host: { ...golden.run.host, hostname } },
    printed: 'metric: vm 1200 ops on blackbox7',
  });
  const printed = (hostname: string) =>
    anonymousRecords(record(hostname), [], { hostname: 'host-1' }).printed;
  expect(printed('vm')).toBe('metric: vm 1200 ops on blackbox7');
  expect(printed('blackbox7')).toBe('metric: vm 1200 ops on [name]');
});

test.each(['package', '29', 'missing'])('a host named %s leaves a record that can be read', (hostname) => {
  const golden = goldenRun();
  const runtimes = golden.run.runtimes.map((runtime) => ({
    ...runtime,
    released: { on: '2024-07-29', by: 'version' as const },
    sidecars: { are: 'missing' as const, names: [], sha256: null },
  }));
  const run = { ...golden.run, runtimes, host: { ...golden.run.host, hostname } };
  const published = anonymousRecords({ run }, [], { hostname: 'host-1' }).run;
  expect(runRecordSchema.shape.runtimes.safeParse(published.runtimes).error).toBeUndefined();
});
