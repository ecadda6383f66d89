import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../../src/core/model/run.ts';
import { type Features, predictionSchema } from '../../../../../src/features/capacity/predict/prediction.ts';
import type { Recording } from '../../../../../src/features/capacity/recording/recording.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { knownRun, recordingOf, storeKnownRun, subjectNs } from '../../predict/known-run.ts';

const recordingId = 'recording-20260101-000000-0000';
const { runId } = knownRun().run;
/** A service like the applications of the run: a second of its life on half a CPU. */
const service: Features = { 'call.trap': 60_000, 'call.open': 8000, switches: 500, faults: 20_000 };
const nativeNs = 5e8;

const recorded = (parts: Partial<Recording> = {}, features = service): Recording =>
  recordingOf(features, nativeNs, 10, { windowNs: 10e9, ...parts });

/** A world with the known run and a recording. */
async function worldWith(
  recording: unknown = recorded(),
  change?: (run: RunRecord) => object,
): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  const results = join(world.path, 'results');
  await storeKnownRun(results, change);
  await mkdir(join(results, recordingId));
  await writeFile(join(results, recordingId, 'recording.json'), JSON.stringify(recording));
  return world;
}

describe('a prediction', () => {
  test('comes near the truth, as a record of its schema', async () => {
    await using world = await worldWith();
    const { stdout, stderr, exitCode } = await world.command(['capacity', 'predict', recordingId, '--json']);
    expect(exitCode, stderr).toBe(0);
    const prediction = predictionSchema.parse(JSON.parse(stdout));
    const [runsc] = prediction.runtimes;
    expect(prediction).toMatchObject({ native: 'runc', run: { runId }, recording: { per: 'second' } });
    expect(prediction.learnt).toHaveLength(5);
    expect(runsc?.runtime).toBe('runsc');
    const truth = subjectNs(nativeNs, service);
    expect(Math.abs((runsc?.cpu?.ns ?? 0) / truth - 1)).toBeLessThan(0.25);
    // Five applications give no interval at 90 %.
    expect(runsc).toMatchObject({ cpu: { low: null, high: null }, checked: { applications: 5, needed: 9 } });
    expect(runsc?.absent.map(({ part }) => part)).toContain('interval');
    // Only a run that has all is read by `predict --from`; what `overhead --measure` adds would be in another one.
    expect(runsc?.absent.find(({ part }) => part === 'memory')?.reason).toContain('capacity measure');
    const whole = runsc?.attribution?.causes.reduce((sum, { ns }) => sum + ns, nativeNs);
    expect(whole).toBeCloseTo(runsc?.cpu?.ns ?? 0, -3);
  });

  test('takes an older run with recordings rather than a newer one without', async () => {
    await using world = await worldWith();
    const results = join(world.path, 'results');
    const newer = '20260102-000000-ab12';
    await cp(join(results, runId), join(results, newer), { recursive: true });
    await rm(join(results, newer, 'recordings'), { recursive: true });
    const record = join(results, newer, 'run.json');
    await writeFile(record, (await readFile(record, 'utf8')).replaceAll(runId, newer));
    const { stdout, stderr, exitCode } = await world.command(['capacity', 'predict', recordingId, '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(predictionSchema.parse(JSON.parse(stdout)).run.runId).toBe(runId);
  });

  test('has an interval where the applications are enough for the confidence', async () => {
    await using world = await worldWith();
    const { stdout } = await world.command([
      'capacity',
      'predict',
      recordingId,
      '--confidence',
      '80%',
      '--json',
    ]);
    const [runsc] = predictionSchema.parse(JSON.parse(stdout)).runtimes;
    const { ns = 0, low, high } = runsc?.cpu ?? {};
    expect(low).toBeLessThan(ns);
    expect(high).toBeGreaterThan(ns);
  });

  test('says why, and how much longer a request takes, in both languages', async () => {
    await using world = await worldWith();
    const asked = [
      'capacity',
      'predict',
      'latest',
      '--from',
      runId,
      '--why',
      '--utilisation',
      '20%',
      '--cpus',
      '4',
    ];
    const { stdout, exitCode, stderr } = await world.command(asked);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('Why: runsc');
    expect(stdout).toMatch(/files opened and looked up +8,000 /);
    expect(stdout).toMatch(/time of a request on 4 CPUs, 20% busy +\d/);
    const french = await world.command([...asked, '--lang', 'fr']);
    expect(french.stdout).toContain('fichiers ouverts et cherchés');
  });

  test('says where a runtime could not keep up', async () => {
    await using world = await worldWith();
    const { stdout } = await world.command(['capacity', 'predict', 'latest', '--utilisation', '70%']);
    expect(stdout).toMatch(/1\d\d%: it cannot keep up/);
  });

  test('takes the path of a recording, and that of a workload of a run', async () => {
    await using world = await worldWith();
    const results = join(world.path, 'results');
    for (const path of [
      join(results, recordingId),
      join(results, recordingId, 'recording.json'),
      join(results, runId, 'recordings', 'app-gcc.files=4.json'),
    ]) {
      const { exitCode, stderr } = await world.command(['capacity', 'predict', path, '--json']);
      expect(exitCode, stderr).toBe(0);
    }
  });
});

describe('a refusal', () => {
  test('is of a runtime whose guests were emulated, with that reason', async () => {
    const vm = { comm: 'qemu-system-x86', inCgroup: true, emulation: 'QEMU TCG' };
    await using world = await worldWith(recorded(), (run) => ({
      ...run,
      runtimes: run.runtimes.map((each) => (each.entry.name === 'runsc' ? { ...each, vm } : each)),
    }));
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'predict', recordingId, '--json']);
    expect(exitCode, stderr).toBe(1);
    const [runsc] = predictionSchema.parse(JSON.parse(stdout)).runtimes;
    expect(runsc).toMatchObject({ cpu: null, memory: null, startCpuNs: null, startNs: null, costs: [] });
    expect(runsc?.absent.map(({ part }) => part)).toEqual(['cpu', 'memory', 'start']);
    for (const { reason } of runsc?.absent ?? [])
      expect(reason).toContain('the processor of its guests was emulated (QEMU TCG)');
    const table = await world.command(['capacity', 'predict', recordingId]);
    expect(table.stdout).toContain('runsc: the processor of its guests was emulated (QEMU TCG)');
  });

  test.each([
    [
      'calls that no application makes nearly as often',
      { ...service, 'call.open': 900_000 },
      'files opened and looked up',
    ],
    ['a class that the run has next to nothing of', { ...service, switches: 40_000 }, 'tasks that wait'],
  ])('names %s, and ends with 1', async (_, features, name) => {
    await using world = await worldWith(recorded({}, features));
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toContain('Not predicted');
    expect(stdout).toContain(name);
  });

  test('is none where applications as far out were predicted as well: what is beyond them is named', async () => {
    const features = { ...service, 'call.open': 90_000 };
    await using world = await worldWith(recorded({}, features));
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('Outside the range of the model');
    expect(stdout).toMatch(/runsc: files opened and looked up: [\d,]+ per second of CPU time/);
    expect(stdout).not.toContain('Not predicted');
    const french = await world.command(['capacity', 'predict', recordingId, '--lang', 'fr']);
    expect(french.stdout).toContain('Hors du domaine du modèle');
  });

  test('names CPUs that are used at once', async () => {
    const usage = { value: 60e9, source: 'made' };
    const base = recorded();
    await using world = await worldWith({ ...base, figures: { ...base.figures, 'cpu.usage': usage } });
    const { exitCode, stdout } = await world.command(['capacity', 'predict', recordingId, '--json']);
    expect(exitCode).toBe(1);
    const [runsc] = predictionSchema.parse(JSON.parse(stdout)).runtimes;
    expect(runsc).toMatchObject({ cpu: null, attribution: null, wall: null });
    expect(runsc?.refusals.map(({ kind }) => kind)).toContain('concurrency');
  });
});

describe('the host', () => {
  const { host } = recorded();
  /** A world whose run was measured on a host that differs in this. */
  const measuredOn = (parts: Partial<RunRecord['host']>, own: Partial<RunRecord['host']> = {}) =>
    worldWith({ ...recorded(), host: { ...host, ...own } }, (run) => ({
      ...run,
      host: { ...run.host, ...parts },
    }));

  test.each([
    ['another processor', { cpuModel: 'AMD EPYC' }, 'host.cpuModel: is '],
    ['another release line of the kernel', { kernel: '6.1.0-30-amd64' }, 'host.kernel: is '],
    ['a guest', { hypervisor: 'kvm' }, 'host.hypervisor: is none (bare metal), but kvm in '],
    ['a mitigation', { mitigations: { spectre_v2: 'Mitigation: IBRS' } }, 'host.mitigations.spectre_v2: is '],
  ])('%s is refused, with what to measure where, or to try', async (_, parts, complaint) => {
    await using world = await measuredOn(parts, { mitigations: { spectre_v2: 'Mitigation: Retpolines' } });
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('ocibench capacity measure');
    expect(stderr).toContain('ocibench move compose.yaml');
  });

  test('another build of the same kernel is no problem, and both are named', async () => {
    const line = '6.12.';
    expect(host.kernel.startsWith(line)).toBe(true);
    await using world = await measuredOn({
      kernel: `${line}77-fc-v769`,
      mitigations: { new_one: 'Vulnerable' },
    });
    const { exitCode, stdout, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`recorded on Linux ${host.kernel}, measured on ${line}77-fc-v769`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`recorded natively on Linux ${host.kernel}`);
  });

  test('another microcode is said, not refused, and nothing is said of what nobody could read', async () => {
    await using world = await measuredOn({ microcode: '0x2' }, { microcode: '0x1' });
    const { exitCode, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('recorded with microcode 0x1, measured with 0x2');
    await using silent = await measuredOn({ microcode: '0x2' }, { microcode: null });
    expect((await silent.command(['capacity', 'predict', recordingId])).stderr).not.toContain('microcode');
  });
});

describe('bad input', () => {
  test('is named all at once', async () => {
    const base = recorded();
    await using world = await worldWith(
      {
        ...base,
        host: { ...base.host, kernel: '5.10.0', arch: 'arm64' },
        target: { ...base.target, runtime: 'runsc' },
        figures: { 'cpu.usage': { absent: 'no controller' } },
      },
      (run) => ({
        ...run,
        subjects: run.subjects.filter(({ workload }) => !/trivial|small-files/.test(workload)),
      }),
    );
    const { exitCode, stdout, stderr } = await world.command([
      'capacity',
      'predict',
      recordingId,
      '--confidence',
      '100%',
      '--utilisation',
      '0',
      '--cpus',
      'many',
      '--runtimes',
      'runscc,runc',
    ]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    for (const complaint of [
      "--confidence: must be from 50% to below 100%, but is '100%'",
      "--utilisation: must be above 0% and below 100%, but is '0'",
      '--cpus: must be a number of CPUs',
      'host.kernel: is 5.10.0, but 6.12.0 in',
      'host.arch: is arm64',
      'target.runtime: is runsc',
      'figures.cpu.usage',
      'missing, so there is nothing to predict from',
      `${runId}: syscall/trivial`,
      'io/small-files',
      ': not measured',
      `${runId}: runtimes.runscc: the run has no such runtime`,
      "did you mean 'runsc'?",
      `${runId}: runtimes.runc: is the native runtime`,
    ])
      expect(stderr).toContain(complaint);
    expect(stderr).toContain('measure everything that is needed:  ocibench capacity measure');
  });

  test('a run without recordings says how to make them', async () => {
    await using world = await worldWith(recorded(), (run) => ({
      ...run,
      subjects: run.subjects.filter(({ workload }) => !workload.startsWith('app/')),
    }));
    const { exitCode, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${runId}: app/: 0 were measured natively and recorded, but a model needs 4`);
    expect(stderr).toContain(`ocibench capacity record --run ${runId}`);
  });

  test.each([
    ['is not JSON', '{', /recording\.json: it is not JSON/],
    ['is of another version', '{"recordingVersion": 99}', /recordingVersion: is 99; this ocibench reads 1/],
    ['lacks a key', JSON.stringify({ ...recorded(), calls: undefined }), /recording\.json: calls: /],
    [
      'has a window of no length',
      JSON.stringify({ ...recorded(), windowNs: 0 }),
      /recording\.json: windowNs: /,
    ],
  ])('a file that %s is named', async (_, content, complaint) => {
    await using world = await worldWith();
    await writeFile(join(world.path, 'results', recordingId, 'recording.json'), content);
    const { exitCode, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(complaint);
  });

  test('neither a recording nor a run that are there: both are named', async () => {
    await using world = await worldWith();
    const { exitCode, stderr } = await world.command([
      'capacity',
      'predict',
      'recording-2025',
      '--from',
      'nothing',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('recording-2025: no such recording');
    expect(stderr).toContain(`for example ${recordingId}`);
    expect(stderr).toContain('nothing: there is no such run');
  });

  test('a runtime that is not of the run and not native is told by its name', async () => {
    const base = recorded();
    await using world = await worldWith({ ...base, target: { ...base.target, runtime: 'kata-qemu' } });
    const { exitCode, stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('target.runtime: is kata-qemu');
  });

  test('reading changes nothing', async () => {
    await using world = await worldWith();
    const file = join(world.path, 'results', runId, 'run.json');
    const before = await readFile(file, 'utf8');
    await world.command(['capacity', 'predict', recordingId]);
    expect(await readFile(file, 'utf8')).toBe(before);
  });
});

describe('a run of another release', () => {
  const withRunsc =
    (version: string, more: object = {}) =>
    (run: RunRecord) => ({
      ...run,
      runtimes: run.runtimes.map((each) =>
        each.entry.name === 'runsc' ? { ...each, family: 'runsc', version, ...more } : each,
      ),
    });
  /** A world in which PATH begins with a runsc of release-20260817.0. */
  const worldOf = async (change: (run: RunRecord) => object) => {
    const world = await worldWith(recorded(), change);
    const program = '#!/bin/sh\necho runsc version release-20260817.0\n';
    await writeFile(join(world.path, 'runsc'), program, { mode: 0o755 });
    return world;
  };

  test('is said to be of that release, with what is on this host', async () => {
    await using world = await worldOf(withRunsc('runsc version 0.0~20240729.0'));
    const { stderr, exitCode } = await world.command(['capacity', 'predict', recordingId]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /runsc of run \S+ is runsc version 0\.0~20240729\.0, but \S+\/runsc on this host is runsc version release-20260817\.0/,
    );
  });

  test('of the same release nothing is said; nor is a program started that only the record names', async () => {
    await using world = await worldOf(
      withRunsc('runsc version release-20260817.0', {
        entry: { name: 'runsc', path: '/usr/bin/false', origin: 'daemon.json' },
      }),
    );
    const { stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(stderr).not.toContain('on this host');
  });

  test('one program of several runtimes is asked once, and a shim is not compared with it', async () => {
    await using world = await worldWith(recorded(), (run) => {
      const runsc = run.runtimes.find(({ entry }) => entry.name === 'runsc');
      const as = (name: string, more: object) => ({
        ...runsc,
        family: 'runsc',
        version: 'runsc version release-20250101.0',
        entry: { name, origin: 'daemon.json', ...more },
      });
      const others = run.runtimes.filter((each) => each !== runsc);
      const shim = { runtimeType: 'io.containerd.runsc.v1' };
      return {
        ...run,
        runtimes: [...others, as('runsc', { path: 'runsc' }), as('b', { path: 'runsc' }), as('c', shim)],
      };
    });
    const asked = join(world.path, 'asked');
    const program = `#!/bin/sh\necho x >>'${asked}'\necho runsc version release-20260817.0\n`;
    await writeFile(join(world.path, 'runsc'), program, { mode: 0o755 });
    const { stderr } = await world.command(['capacity', 'predict', recordingId, '--runtimes', 'runsc,b,c']);
    expect(stderr).toMatch(/^runsc of run/m);
    expect(stderr).toMatch(/^b of run/m);
    expect(stderr).not.toMatch(/^c of run/m);
    expect(await readFile(asked, 'utf8')).toBe('x\n');
  });

  test('of two releases that the run measured nothing is said where one of them is here', async () => {
    await using world = await worldOf((run) => {
      const old = withRunsc('runsc version 0.0~20240729.0')(run);
      const [runsc] = run.runtimes.filter(({ entry }) => entry.name === 'runsc');
      const entry = { name: 'runsc-now', path: 'runsc', origin: 'daemon.json' };
      const now = { ...runsc, family: 'runsc', version: 'runsc version release-20260817.0', entry };
      return { ...old, runtimes: [...old.runtimes, now] };
    });
    const { stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(stderr).not.toContain('on this host');
  });

  test('of an old one its age is said', async () => {
    const released = { on: '2024-07-29', by: 'version' };
    await using world = await worldOf(withRunsc('runsc version 0.0~20240729.0', { released }));
    const { stderr } = await world.command(['capacity', 'predict', recordingId]);
    expect(stderr).toMatch(/runsc of run \S+ was released on 2024-07-29, \d+ months ago/);
  });
});
