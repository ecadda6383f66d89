import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart } from '../e2e/engine-apart.ts';
import { isWhole } from '../e2e/engines-run.ts';
import { listFailures } from '../e2e/latest-run.ts';
import { measuredRuntimes, type QuickRun, quickRun } from '../e2e/quick-run.ts';
import { canRun, ocibench, readCsv } from '../e2e/support.ts';

const limit = 600_000;

describe.skipIf(!canRun)('a run on the real embedded engine', () => {
  let result: QuickRun;
  let run: RunRecord;
  let trials: TrialRecord[];
  let results = '';
  let charts = '';

  beforeAll(async () => {
    result = await quickRun();
    ({ results, charts } = result);
    run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
    trials = (await readFile(join(results, 'trials.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line): TrialRecord => JSON.parse(line))
      .filter(isWhole);
  }, limit);

  const measured = measuredRuntimes;

  test('it ends well although Kata, which nobody asked for by name, cannot run', () => {
    expect(result.stderr).not.toContain('bug in ocibench');
    expect(result.exitCode).toBe(0);
    expect(run.status).toBe('complete');
  });

  test('every runtime that can run was measured, and both Kata entries keep their own reason and fix', () => {
    const preflight = Object.fromEntries(
      run.runtimes.map((runtime) => [runtime.entry.name, runtime.preflight]),
    );
    for (const name of measured) expect(preflight[name], name).toMatchObject({ status: 'available' });
    expect(preflight['kata-runtime']).toMatchObject({ status: 'unavailable' });
    expect(preflight.kata).toMatchObject({ status: 'unavailable' });
    const codes = ['kata-runtime', 'kata'].map((name) => {
      const facts = preflight[name];
      return facts?.status === 'unavailable' ? `${facts.code} ${facts.reason} ${facts.fix}` : '';
    });
    expect(new Set(codes).size).toBe(2);
    for (const text of codes) expect(text.length).toBeGreaterThan(40);
  });

  test('every trial of every measured cell went well, in complete shuffled blocks', () => {
    expect(listFailures(trials)).toEqual([]);
    // Facts have no noise: one measured block is enough, and no second arm of the baseline.
    const lasting = run.subjects.filter(({ category }) => category !== 'isolation');
    const arms = new Set(lasting.map(({ category }) => category)).size;
    for (let block = 0; block <= 6; block++) {
      const subjects = block <= 1 ? run.subjects.length : lasting.length;
      const own = trials.filter((trial) => trial.block === block);
      // Nor has the warm-up.
      expect(own.filter(({ cell }) => cell.runtime === 'runc#2')).toHaveLength(block === 0 ? 0 : arms);
      expect(own.filter(({ cell }) => cell.runtime !== 'runc#2')).toHaveLength(subjects * measured.length);
    }
    expect(trials.filter((trial) => trial.phase === 'warmup').every((trial) => trial.block === 0)).toBe(true);
    const orders = [1, 2, 3].map((block) =>
      trials
        .filter((t) => t.block === block)
        .map((t) => JSON.stringify(t.cell))
        .join(),
    );
    expect(new Set(orders).size).toBe(3);
  });

  test('each category has a workload', () => {
    expect(new Set(run.subjects.map((subject) => subject.category))).toEqual(
      new Set(['startup', 'syscall', 'io', 'memory', 'isolation']),
    );
  });

  test('each trial was accounted by its own cgroup, from files, after its container was gone', () => {
    for (const trial of trials) {
      const figures = trial.cgroup?.figures ?? {};
      for (const metric of ['cpu.usage', 'memory.peak'])
        expect(figures[metric], `${trial.cell.runtime} ${trial.cell.workload} ${metric}`).toMatchObject({
          value: expect.any(Number),
        });
      const cpu = figures['cpu.usage'];
      expect(cpu && 'value' in cpu && cpu.value > 0).toBe(true);
      expect(trial.engineCpu).toMatchObject({ value: expect.any(Number) });
    }
    const absent = Object.values(trials[0]?.cgroup?.figures ?? {}).filter((figure) => 'absent' in figure);
    for (const figure of absent) expect('absent' in figure && figure.absent.length).toBeGreaterThan(5);
  });

  test('the helpers outside the workload are found by name: gVisor has a sentry and a gofer, all have a shim', () => {
    for (const runtime of measured) {
      const idle = trials.filter(
        (trial) => trial.cell.workload === 'memory/idle' && trial.cell.runtime === runtime,
      );
      expect(idle.length).toBeGreaterThan(0);
      for (const trial of idle) {
        const roles = trial.processes.map((process) => process.role);
        expect(roles).toContain('shim');
        if (runtime.startsWith('runsc')) expect(roles).toEqual(expect.arrayContaining(['sentry', 'gofer']));
        else expect(roles).toContain('workload');
        // A stub that shares its parent's memory adds nothing to it.
        for (const { pssBytes, role, comm } of trial.processes)
          if (role === 'stub') expect(pssBytes, comm).toBeGreaterThanOrEqual(0);
          else expect(pssBytes, comm).toBeGreaterThan(0);
      }
    }
  });

  test('what a container sees of the machine is told by runtime', async () => {
    const facts = await readCsv(join(results, 'facts.csv'));
    const release = (runtime: string) =>
      facts.find((fact) => fact.runtime === runtime && fact.fact === 'kernel.release')?.value;
    for (const runtime of ['runc', 'crun']) expect(release(runtime)).toBe(run.host.kernel);
    for (const runtime of measured.filter((name) => name.startsWith('runsc')))
      expect(release(runtime)).toMatch(/^4\.4/);
    expect(facts.map(({ runtime }) => runtime)).not.toContain('runc#2');
  });

  test('startup is split by marks of one clock, in order', () => {
    for (const trial of trials.filter((t) => t.cell.workload.startsWith('startup/'))) {
      const at = Object.fromEntries(trial.marks.map((mark) => [mark.name, mark.atNs]));
      const order = [
        'create-begin',
        'create-end',
        'start-begin',
        'first-output',
        'exit',
        'remove-begin',
        'remove-end',
      ];
      const times = order.map((name) => at[name] ?? Number.NaN);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test('summary.csv holds ratios with intervals for the measured and reasons for the unavailable', async () => {
    const rows = await readCsv(join(results, 'summary.csv'));
    const startup = rows.filter((row) => row.metric === 'startup.to_output');
    const ratio = (runtime: string) => startup.find((row) => row.runtime === runtime);
    for (const runtime of measured.filter((name) => name !== 'runc')) {
      expect(Number(ratio(runtime)?.n)).toBe(6);
      expect(Number(ratio(runtime)?.ratio_ci_low)).toBeLessThanOrEqual(Number(ratio(runtime)?.ratio));
      expect(Number(ratio(runtime)?.ratio_ci_high)).toBeGreaterThanOrEqual(Number(ratio(runtime)?.ratio));
    }
    // gVisor boots a kernel of its own. However long a start waits for a CPU on a loaded machine, it uses more of it than runc's.
    const cpu = (runtime: string) =>
      rows.find(
        (row) => row.workload === 'startup/echo' && row.metric === 'total.cpu' && row.runtime === runtime,
      );
    expect(Number(cpu('runsc')?.min)).toBeGreaterThan(Number(cpu('runc')?.min));
    for (const name of ['kata', 'kata-runtime']) {
      const own = rows.filter((row) => row.runtime === name);
      expect(own.length).toBe(run.subjects.length);
      for (const row of own)
        expect(row).toMatchObject({ n: '0', verdict: 'unavailable', note: expect.stringMatching(/.{20}/) });
    }
    const measurements = await readCsv(join(results, 'measurements.csv'));
    expect(new Set(measurements.map((row) => row.trial_id)).size).toBe(trials.length);
  });

  test('reports and charts are on disk, self-contained', async () => {
    const html = await readFile(join(results, 'report.html'), 'utf8');
    expect(html).toContain('Content-Security-Policy');
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(await readFile(join(results, 'report.md'), 'utf8')).toContain('runsc');
    const files = await readdir(charts);
    for (const id of [
      'overview',
      'cost-startup',
      'startup-distribution',
      'startup-phases',
      'memory-footprint',
    ])
      for (const ending of ['vl.json', 'svg', 'png']) expect(files).toContain(`${id}.${ending}`);
  });

  test('the report can be written again from disk and says the same', async () => {
    const was = await readFile(join(results, 'summary.csv'), 'utf8');
    // A chart of an earlier version, and a file that is not ours.
    for (const name of ['cost.png', 'notes.svg']) await writeFile(join(charts, name), name);
    const again = await ocibench(
      ['report', run.runId, '--in', result.place, '--lang', 'fr', '--json'],
      result.place,
    );
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout).runId).toBe(run.runId);
    expect(await readFile(join(results, 'summary.csv'), 'utf8')).toBe(was);
    expect(await readFile(join(results, 'report.html'), 'utf8')).toContain('<html lang="fr"');
    const files = await readdir(charts);
    expect(files).not.toContain('cost.png');
    expect(files).toContain('notes.svg');
  });

  test('its engine was apart from the host, and nothing is left', async () => {
    expect(result.seen.marks.runs).toEqual([run.runId]);
    await expectApart(result.seen, 10_000);
    expect(result.left).toEqual([]);
  });
});
