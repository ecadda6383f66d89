import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { strictFile } from '../../src/app/container-profiles/seccomp-profile.ts';
import { builtInProfiles } from '../../src/core/config/built-in-profiles.ts';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart, type SeenEngines, watchEngines } from './engine-apart.ts';
import { configured, isWhole, recordOf, resultsIn, runWords, trialsOf } from './engines-run.ts';
import { listFailures } from './latest-run.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

/** A runc that takes a second longer where the container's root is read-only, and a second in any case. */
const sleepy = `#!/bin/sh
bundle=; next=
for word; do
  [ -n "$next" ] && bundle=$word && next=
  [ "$word" = --bundle ] && next=yes
done
case " $* " in
  *' create '*) sleep 1; grep -q '"readonly":true' "$bundle/config.json" && sleep 1;;
esac
exec runc "$@"
`;

describe.skipIf(!canRun)('a runtime to which one option costs a second', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let seen: SeenEngines;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let results = '';

  beforeAll(async () => {
    place = await workplace();
    const path = join(place.path, 'sleepy');
    await writeFile(path, sleepy);
    await chmod(path, 0o755);
    await configured(place, {
      engine: 'embedded',
      runtimes: { sleepy: { path } },
      baseline: 'sleepy',
      workloads: ['startup/echo', 'isolation/facts'],
      profiles: {
        plain: {},
        'read-only': {},
        label: { labels: { cost: 'nothing' } },
        unfiltered: { seccomp: 'unconfined' },
      },
      // A second of sleep hides what a busy host adds, and more blocks what a very busy one does.
      thresholds: { practical: '25%' },
      precision: '10%',
    });
    const command = ocibench(runWords(place, 7, 40), place.path);
    seen = await watchEngines(place.path, command);
    result = await command;
    results = await resultsIn(place);
  }, 900_000);
  afterAll(() => place.remove());

  test('has the price of that option found, and of that option only', async () => {
    expect(result.exitCode, result.stderr).toBe(0);
    const rows = (await readCsv(join(results, 'summary.csv'))).filter(
      ({ workload, headline }) => workload === 'startup/echo' && headline === 'yes',
    );
    expect(
      rows.map((row) => `${row.runtime} ${row.profile} ÷ ${row.baseline_profile} ${row.verdict}`),
    ).toEqual([
      'sleepy plain ÷  baseline',
      'sleepy read-only ÷ plain slower',
      'sleepy label ÷ plain equivalent',
      'sleepy unfiltered ÷ plain equivalent',
    ]);
    expect(Number(rows[1]?.ratio)).toBeGreaterThan(1.4);
  });

  test('sees inside the containers which options were applied', async () => {
    const { profileEffects = [] } = await recordOf<Analysis>(results, 'analysis.json');
    const effects = profileEffects.map(({ profile, applied, notApplied }) => [profile, applied, notApplied]);
    expect(effects.toSorted()).toEqual([
      ['label', [], []],
      ['plain', [], []],
      ['read-only', ['readonlyRootfs'], []],
      ['unfiltered', ['seccomp'], []],
    ]);
  });

  test('has records that hold together, and leaves nothing on this host', async () => {
    const { runId, config } = await recordOf<RunRecord>(results, 'run.json');
    expect(config.profiles?.map(({ name }) => name)).toEqual(['plain', 'read-only', 'label', 'unfiltered']);
    const verified = await ocibench(['verify', runId, '--in', place.path], place.path);
    expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
    expect(seen.marks.runs).toEqual([runId]);
    await expectApart(seen, 20_000);
  });
});

describe.skipIf(!canRun)('every option that is known by its name, and a filter of one’s own', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let trials: readonly TrialRecord[];
  const names = builtInProfiles.map(({ name }) => name);

  beforeAll(async () => {
    place = await workplace();
    const filter = JSON.parse(await readFile(strictFile, 'utf8')) as { syscalls: { names: string[] }[] };
    for (const rule of filter.syscalls) rule.names = rule.names.filter((name) => name !== 'execve');
    await writeFile(join(place.path, 'filter.json'), JSON.stringify(filter));
    await configured(place, {
      engine: 'embedded',
      runtimes: ['runc'],
      workloads: ['startup/echo'],
      profiles: [...names, { name: 'own', seccomp: './filter.json' }],
    });
    result = await ocibench(runWords(place, 1), place.path);
    trials = (await trialsOf(await resultsIn(place))).filter(isWhole);
  }, 300_000);
  afterAll(() => place.remove());

  test('what a start needs and the filter refuses is named, with the call', () => {
    expect(result.exitCode, result.stderr).toBe(1);
    const outcomes = (profile: string) =>
      trials.filter(({ cell }) => cell.profile === profile).map(({ outcome }) => outcome);
    expect(outcomes('seccomp=strict').map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(outcomes('own').length).toBeGreaterThan(0);
    for (const outcome of outcomes('own'))
      expect(outcome).toMatchObject({
        status: 'failed',
        error: {
          code: 'seccomp-refused',
          message: expect.stringMatching(/^refused by seccomp: .*execve \(/),
        },
      });
  });

  test('every other one starts a container', () => {
    const others = trials.filter(({ cell }) => cell.profile !== 'own');
    expect(listFailures(others)).toEqual([]);
    const started = new Set(others.map(({ cell }) => cell.profile));
    // Not measurable where the kernel has no AppArmor.
    expect(names.filter((name) => !started.has(name) && !name.startsWith('apparmor='))).toEqual([]);
  });
});
