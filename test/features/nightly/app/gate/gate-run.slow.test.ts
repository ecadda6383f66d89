import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gateReportSchema } from '../../../../../src/core/model/analysis/gate.ts';
import { runComparisonSchema } from '../../../../../src/core/model/run/run-comparison.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';

/** A world in which crun takes much longer to start than runc, with this gate in its configuration. */
async function worldWith(gate: object): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  world.daemon.startDelays.set('runc', 5);
  world.daemon.startDelays.set('crun', 40);
  await writeGate(world, gate);
  return world;
}

const writeGate = (world: ScriptedWorld, gate: object) =>
  writeFile(
    join(world.path, 'bench.config.json'),
    JSON.stringify({ gate, daemonJson: join(world.path, 'daemon.json') }),
  );

describe('a run that exists', () => {
  test.each([
    ['holds', { 'crun startup/echo': '< 90x' }, 0, '✓ holds'],
    ['is broken', { 'crun startup/echo': '< 1.1x', 'runc startup/echo': '< 1 h' }, 2, "'h' is not a unit"],
    [
      'is broken by one',
      { 'crun startup/echo': ['< 90x', '< 1.1x'], 'crun memory/idle': '< 2x' },
      1,
      '✗ fails',
    ],
    ['cannot be told of what was not measured', { 'crun memory/idle': '< 90 GiB' }, 5, '? inconclusive'],
  ])('%s', async (_, gate, code, said) => {
    await using world = await worldWith({});
    await world.run(7, '--set', 'report=false');
    await writeGate(world, gate);
    const { exitCode, stdout, stderr } = await world.command(['nightly', 'gate']);
    expect(exitCode, stderr).toBe(code);
    expect(`${stdout}${stderr}`).toContain(said);
  });

  test('is judged for programs, too', async () => {
    await using world = await worldWith({ 'crun startup/echo': '< 1.1x' });
    await world.run(7, '--set', 'report=false');
    const { run } = await world.stored();
    const { exitCode, stdout } = await world.command(['nightly', 'gate', run.runId, '--json']);
    expect(exitCode).toBe(1);
    const report = gateReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ run: run.runId, verdict: 'broken' });
    expect(report.results[0]?.expression).toBe('crun startup/echo < 1.1x');
  });

  test('needs a gate to be judged by', async () => {
    await using world = await worldWith({});
    await world.run(2, '--set', 'report=false');
    const { exitCode, stderr } = await world.command(['nightly', 'gate']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "bench.config.json: gate: has no gate to judge\n  fix: write one:  gate: { 'runsc",
    );
  });
});

const wrong = {
  'cruun startup/ehco': '< 2',
  'crun startup/echo': '< 2 MiB',
  'runc memory/idle': { limit: '10%', vs: 'last' },
};

test.each([
  ['run', ['run', '--engine', 'docker', '--workloads', 'startup/echo']],
  ['a dry run', ['run', '--dry-run', '--engine', 'docker', '--workloads', 'startup/echo']],
])('all that is wrong in a gate is told at once, before anything is measured: %s', async (_, words) => {
  await using world = await worldWith(wrong);
  const { exitCode, stderr } = await world.command(words);
  expect(exitCode, stderr).toBe(2);
  for (const part of [
    "bench.config.json: gate.cruun startup/ehco: there is no runtime 'cruun'\n  fix: did you mean 'crun'?",
    "bench.config.json: gate.cruun startup/ehco: is neither a workload nor a category\n  fix: did you mean 'startup/echo'?",
    "bench.config.json: gate.crun startup/echo: '< 2 MiB' does not fit: startup/echo is measured in ns",
    "bench.config.json: gate.runc memory/idle: must be a limit, but is '10%'",
  ])
    expect(stderr).toContain(part);
  expect(await readdir(world.path)).not.toContain('results');
});

describe('run --set judge=true', () => {
  test.each([
    [{ 'crun startup/echo': '< 90x' }, 0],
    [{ 'crun startup/echo': '< 1.1x' }, 1],
    [{ 'crun startup/echo': '< 90x', 'crun memory/idle': '< 2x' }, 5],
  ])('%j ends with %d', async (gate, code) => {
    await using world = await worldWith(gate);
    const { exitCode, stdout, stderr } = await world.run(7, '--set', 'report=false', '--set', 'judge=true');
    expect(exitCode, stderr).toBe(code);
    expect(stdout).toContain('crun startup/echo');
  });

  test('without it, a run is not judged', async () => {
    await using world = await worldWith({ 'crun startup/echo': '< 1.1x' });
    expect((await world.run(7, '--set', 'report=false')).exitCode).toBe(0);
  });

  test('is refused where there is nothing to judge', async () => {
    await using world = await worldWith({});
    const { exitCode, stderr } = await world.run(7, '--set', 'report=false', '--set', 'judge=true');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has no gate to judge');
    expect(await readdir(world.path)).not.toContain('results');
  });

  test('is in the JSON', async () => {
    await using world = await worldWith({ 'crun startup/echo': '< 1.1x' });
    const { stdout, exitCode } = await world.run(7, '--set', 'report=false', '--set', 'judge=true', '--json');
    expect(exitCode).toBe(1);
    expect(gateReportSchema.parse(JSON.parse(stdout).gate).verdict).toBe('broken');
  });
});

test('compare judges the later run by the configuration that is named, against the earlier one', async () => {
  await using world = await worldWith({ 'crun startup/echo': { limit: '< +10%', vs: 'last' } });
  await world.run(7, '--set', 'report=false');
  world.daemon.startDelays.set('crun', 160);
  world.clock.advance(60_000);
  await world.run(7, '--set', 'report=false');
  const named = ['--config', join(world.path, 'bench.config.json')];
  const { exitCode, stdout, stderr } = await world.command(['compare', ...named]);
  expect(exitCode, stderr).toBe(1);
  expect(stdout).toContain('✗ fails');
  expect(stdout).toContain('crun startup/echo < +10% vs');
  const { stdout: json } = await world.command(['compare', '--json', ...named]);
  expect(runComparisonSchema.parse(JSON.parse(json)).gate?.verdict).toBe('broken');
  expect((await world.command(['compare'])).stdout).not.toContain('broken');
});
