import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test, vi } from 'vitest';
import type { AppContext } from '../../src/app/context.ts';
import { exportFormats } from '../../src/features/nightly/history/export-format.ts';
import { renderSvg } from '../../src/report/render/svg.ts';
import { knownRun } from '../features/capacity/overhead/known-run.ts';
import { propertyNames } from '../fuzz/hostile.ts';
import { alarmLine, headlineLine, nightLine } from '../support/history-lines.ts';
import { blankPictures, type CommandEnd, ScriptedWorld } from '../support/scripted-world.ts';

vi.mock('../../src/app/apart/apart.ts', async (original) => {
  const { readingHere } = await import('../support/read-here.ts');
  return readingHere(await original<object & { readApart: unknown }>());
});

/** Those that dockerd and ocibench let a runtime have. */
const runtimeNames = propertyNames.filter((name) => !name.startsWith('_'));

const door = join(import.meta.dirname, '../../src/index.ts');

/** A configuration in which everything that may be named has this name. */
const configOf = (name: string) => `
import { defineConfig, defineWorkload } from ${JSON.stringify(door)};
const named = (value) => Object.fromEntries([[${JSON.stringify(name)}, value]]);
export default defineConfig({
  labels: named('a label'),
  profiles: ['plain', { name: ${JSON.stringify(name)}, capDrop: ['ALL'], labels: named('a label') }],
  gate: named('< 9x') && { ${JSON.stringify(`${name} startup/echo`)}: '< 9x' },
  ownWorkloads: [defineWorkload({
    id: ${JSON.stringify(`app/${name.toLowerCase().replaceAll('_', '') || 'x'}`)},
    category: 'app',
    image: 'base',
    title: ${JSON.stringify(name)},
    description: 'x',
    parameters: named('what it is called'),
    presets: { quick: [named(${JSON.stringify(name)}), named(2)], standard: [], full: [] },
    metrics: [{ id: ${JSON.stringify(name)}, unit: 'ns', better: 'lower', description: 'x' }],
    precision: 0.05,
    observe: { kind: 'nothing' },
    container: () => ({ command: ['true'], timeoutMs: 1000 }),
    parse: ({ marks }) => [{ metric: ${JSON.stringify(name)}, unit: 'ns', better: 'lower', value: marks.at(-1).atNs }],
    facts: () => [{ id: ${JSON.stringify(name)}, value: ${JSON.stringify(name)} }],
    unsupported: (runtime, params) => Object.values(params)[0] === 2 && runtime.entry.name === ${JSON.stringify(name)} ? 'not here' : null,
  })],
});
`;

const csv = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

function went({ exitCode, stderr, stdout }: CommandEnd): string {
  expect(stderr).not.toContain('bug in ocibench');
  expect(exitCode, `${stderr}${stdout}`).toBe(0);
  return stdout;
}

/** SVG as it is drawn, without the picture that is made of it: that is no text. */
const drawnPictures: AppContext['pictures'] = {
  ...blankPictures,
  chart: async (spec) => ({ svg: (await renderSvg(spec)).svg, png: new Uint8Array([0]) }),
};

async function goesThroughEveryCommand(name: string, pictures: AppContext['pictures']): Promise<void> {
  await using world = await ScriptedWorld.open(['runc', name]);
  world.pictures = pictures;
  const at = (...names: readonly string[]) => join(world.path, ...names);
  const text = (...names: readonly string[]) => readFile(at(...names), 'utf8');
  const config = ['--config', at('bench.config.ts')];
  await writeFile(at('bench.config.ts'), configOf(name));
  const works = ['--workloads', `startup/echo,app/${name.toLowerCase()}`];
  went(await world.run(6, ...works, ...config));

  const { run, path } = await world.stored();
  expect(run.config.labels).toEqual({ [name]: 'a label' });
  await writeFile(join(path, 'run.json'), JSON.stringify({ ...run, host: { ...run.host, hostname: name } }));
  went(await world.command(['report', ...config]));
  const own = csv(await text('results', run.runId, 'summary.csv')).filter(({ runtime }) => runtime === name);
  expect(own.some(({ metric, n }) => metric === name && n === '6')).toBe(true);
  expect(own.some(({ params, n }) => params === `${name}=2` && n === '0')).toBe(true);
  for (const file of ['report.html', 'report.md'])
    expect(await text('results', run.runId, file)).toContain(name);
  const [chart] = await readdir(at('charts', run.runId));
  expect(chart).toBeDefined();

  // In this world no time passes, so that the times of the run cannot be true.
  const verified = await world.command(['verify', run.runId, ...config]);
  expect(verified.stderr).not.toContain('fault');
  expect(verified.stdout).toMatch(/^\d+ files follow from the records, byte for byte\.$/m);
  // Whether the limit holds is chance.
  const gate = await world.command(['nightly', 'gate', run.runId, ...config]);
  expect(gate.stderr).not.toContain('fault');
  expect(gate.stdout).toContain(`${name} startup/echo`);
  went(await world.command(['fleet', 'merge', 'results', '--out', 'fleet', ...config]));
  expect(csv(await text('fleet/fleet.csv')).some(({ runtime }) => runtime === name)).toBe(true);

  went(await world.run(3));
  const second = (await readdir(at('results'))).find((id) => /^\d{8}-/.test(id) && id !== run.runId);
  // 5: three blocks are too few for its limit.
  const compared = await world.command(['compare', run.runId, second ?? '', ...config]);
  expect(compared.exitCode, compared.stderr).toBe(5);
  // A long name breaks the line behind it.
  expect(compared.stdout).toContain(`${name} startup/echo <`);
}

test.each(['constructor', 'if'])(
  'a run in which everything is called %s goes through every command, and is drawn',
  (name) => goesThroughEveryCommand(name, drawnPictures),
  120_000,
);

test.each(runtimeNames.filter((name) => name !== 'constructor' && name !== 'if'))(
  'a run in which everything is called %s goes through every command',
  (name) => goesThroughEveryCommand(name, blankPictures),
  60_000,
);

test.each(propertyNames)(
  'a history in which everything is called %s is shown, drawn and exported',
  async (name) => {
    await using world = await ScriptedWorld.open();
    const nights = ['2026-10-29', '2026-10-30', '2026-10-31'];
    const own = {
      runtime: name,
      profile: name,
      workload: `app/${name}`,
      params: `${name}=${name}`,
      metric: name,
      series: `${name} ÷ ${name}-pin app/${name} ${name}`,
      key: name,
      reference: name,
    };
    const lines = nights.flatMap((night) => [
      headlineLine(night, own),
      headlineLine(night, { ...own, series: name, against: 'baseline' }),
      ...(night === nights[2]
        ? [
            alarmLine(night, {
              id: name,
              series: [{ ...alarmLine(night).series[0], series: own.series }] as never,
            }),
          ]
        : []),
      nightLine(night, { headlines: 2 }),
    ]);
    await mkdir(join(world.path, 'history'));
    await writeFile(
      join(world.path, 'history/2026-10.ndjson'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    for (const words of [['list'], ['show'], ['show', name], ['show', '--json'], ['page']])
      went(await world.command(['nightly', ...words]));
    expect(await readFile(join(world.path, 'history/report.html'), 'utf8')).toContain(name);
    for (const format of exportFormats) {
      const asked = ['nightly', 'export', '--format', format, '--to', `exports/${format}`];
      // Those about a night end with 1 where it brought an alarm.
      const { exitCode, stderr } = await world.command(asked);
      expect(stderr).not.toContain('fault');
      expect([0, 1], stderr).toContain(exitCode);
      expect((await readdir(join(world.path, 'exports', format))).length).toBeGreaterThan(0);
    }
  },
);

test.each(propertyNames)(
  'services and hosts that are called %s are planned and drawn, or refused with the key',
  async (name) => {
    await using world = await ScriptedWorld.open();
    world.pictures = drawnPictures;
    const known = knownRun();
    const path = join(world.path, 'results', known.run.runId);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'run.json'), JSON.stringify(known.run));
    await writeFile(join(path, 'schedule.jsonl'), '');
    await writeFile(
      join(path, 'trials.jsonl'),
      known.trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''),
    );
    const quoted = JSON.stringify(name);
    const services = `
services:
  - name: ${quoted}
    replicas: 3
    cpu: { usage: 490m, request: 500m, ratio: { runsc: 2 } }
    memory: { usage: 512Mi, request: 256Mi }
  - name: other
    replicas: 3
    cpu: { usage: 490m, request: 500m, ratio: { runsc: 2 } }
    memory: { usage: 512Mi, request: 256Mi }
hosts:
  - { name: ${quoted}, cpus: 4, memory: 8Gi }
runtimes: [runc, runsc]
`;
    await writeFile(join(world.path, 'services.yaml'), services);
    const words = [
      'capacity',
      'plan',
      'services.yaml',
      '--from',
      known.run.runId,
      '--seed',
      '1',
      '--draws',
      '20',
    ];
    const { exitCode, stderr } = await world.command([...words, '--html', 'plan.html']);
    if (!/^[a-z]+$/.test(name)) {
      expect(exitCode, stderr).toBe(2);
      expect(stderr).toContain('services.0.name');
      return;
    }
    expect(exitCode, stderr).toBe(0);
    const html = await readFile(join(world.path, 'plan.html'), 'utf8');
    expect(html).toContain(name);
  },
);
