/**
 * `npm run prove:live -- DIRECTORY`: nights back to back on this host and a real engine, under a wrapper around runc that changes
 * on a secret night. Prints a table (Markdown) of what the guard said. Root, gcc and half an hour of a quiet host.
 *
 * `SCENARIO …` after the directory runs these alone; `upgrade=PATH` is another runc's program, for a real upgrade; `blocks=N` are
 * those of a night (the evening before has five times as many), `workloads=A,B` what is measured. `runtime=PATH` watches a copy of
 * that program in place of runc's wrapper, with `arguments=A,B`; its one scenario is the upgrade, which puts the other program in
 * its place as a package does.
 */
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { AlarmLine, HeadlineLine } from '../src/features/nightly/history/record.ts';
import { evening, night, ocibench, type Place, type Said } from './live/night.ts';
import { type Cost, installCopy, installWrapper } from './live/watched.ts';

const [given, ...asked] = process.argv.slice(2);
if (given === undefined) {
  process.stderr.write(
    'usage: prove:live DIRECTORY [SCENARIO ...] [upgrade=PATH] [blocks=N] [workloads=A,B] [runtime=PATH] [arguments=A,B]\n',
  );
  process.exit(2);
}
const directory = resolve(given);
const option = (name: string) => asked.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
const upgrade = option('upgrade');
const named = asked.filter((word) => !word.includes('='));
const runtime = option('runtime');
const runtimeArgs = option('arguments')?.split(',') ?? [];
const watched = join(directory, 'bin', basename(runtime ?? 'runc'));
const workloads = option('workloads') ?? 'startup/echo,memory/idle';
const place: Place = { directory, blocks: Number(option('blocks') ?? 12), workloads };

/** Puts the watched program in its place: the wrapper of runc, or a copy. */
const installWatched = (cost: Cost = {}) =>
  runtime === undefined ? installWrapper(watched, cost) : installCopy(watched, cost.target ?? runtime);

const wrapped: Readonly<Record<string, Cost>> = {
  '+10ms': { delayMs: 10 },
  '+30MiB': { holdMib: 30 },
  '+1MiB': { holdMib: 1 },
  '+100ms-cpu': { burnMs: 100 },
  '+100ms-cpu-beside': { besideMs: 100 },
  nothing: {},
};
const scenarios: Readonly<Record<string, Cost>> = {
  ...(runtime === undefined ? wrapped : {}),
  ...(upgrade === undefined ? {} : { upgrade: { target: upgrade } }),
};

/** Limits of the watched runtime to its own copy. */
const gate = Object.fromEntries(
  workloads.split(',').map((workload) => [`watched ${workload}`, { limit: '< +20%', vs: 'pinned' }]),
);

/** Evening of learning: number of blocks, as times those of a night. */
const learning = 5;
/** Nights with the change, at most. */
const patience = 5;

const print = (line: string) => process.stdout.write(`${line}\n`);
const percent = (ratio: number) => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)} %`;
const isAlarm = (line: Said['lines'][number]): line is AlarmLine => line.kind === 'alarm';
const isFigure = (line: Said['lines'][number]): line is HeadlineLine => line.kind === 'headline';

/** Figures of a night, for the log. */
async function record(name: string, day: number, { lines, exitCode, stderr, seconds }: Said): Promise<void> {
  const figures = lines
    .filter(isFigure)
    .map(({ series, estimate, low, high, disturbed }) => ({ series, estimate, low, high, disturbed }));
  const alarms = lines.filter(isAlarm);
  const gates = lines.filter(({ kind }) => kind === 'gate');
  const line = { name, day, exitCode, seconds: Math.round(seconds), figures, alarms, gates, stderr };
  await appendFile(join(directory, 'nights.ndjson'), `${JSON.stringify(line)}\n`);
}

async function prepare(): Promise<void> {
  for (const name of ['bin', 'state']) await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
  const daemonJson = join(directory, 'daemon.json');
  await writeFile(daemonJson, JSON.stringify({ runtimes: { watched: { path: watched, runtimeArgs } } }));
  const config = { daemonJson, gate, engine: 'embedded', baseline: 'watched' };
  await writeFile(join(directory, 'bench.config.json'), JSON.stringify(config));
  await installWatched();
  const { exitCode, stderr } = await ocibench(place, 0, ['nightly', 'pin', 'watched', '--set', 'wait=true']);
  if (exitCode !== 0) throw new Error(stderr);
}

/** The evening that every scenario begins with. */
async function learn(base: string): Promise<void> {
  if (existsSync(join(base, 'history'))) return;
  const said = await evening(place, base, learning * place.blocks);
  print(said.trim().split('\n').slice(-3).join('\n'));
}

/** From the night that only chance knows on, the wrapper is another one. */
async function secretly(name: string, cost: Cost, base: string): Promise<void> {
  const out = join(directory, name);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await cp(join(base, 'history'), join(out, 'history'), { recursive: true });
  await installWatched();
  const secret = Math.floor(Math.random() * 3);
  let [falsely, suspects, found] = [0, 0, false];
  for (let i = 0; i < secret + patience; i++) {
    if (i === secret) await installWatched(cost);
    const said = await night(place, out, 1 + i);
    await record(name, 1 + i, said);
    if (said.stderr.includes('suspect tonight')) suspects++;
    const alarms = said.lines.filter(isAlarm);
    if (i < secret) falsely += alarms.length;
    if (alarms.length === 0 || i < secret) continue;
    found = true;
    for (const { cause, since, night: alarmed, series } of alarms) {
      const moved = series.map(
        (each) =>
          `${each.series.split(' ').at(-2)} ${percent(each.change)} [${percent(each.low)}, ${percent(each.high)}]`,
      );
      const changed = cause.changed.map(({ was, is }) => `${was} → ${is}`).join('; ');
      const off = dayOf(since) - dayOf(alarmed) + i - secret;
      const first = off === 0 ? 'right' : `${off} off`;
      row(name, secret, i - secret + 1, first, cause.kind, changed, moved.join('; '), suspects, falsely);
    }
    // A wrapper changes one thing. A release changes several, and each has an alarm of its own.
    if (runtime === undefined) return;
  }
  if (!found) row(name, secret, '–', '–', '–', '–', '–', suspects, falsely);
}

const dayOf = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);

function row(...cells: readonly (string | number)[]): void {
  print(`| ${cells.join(' | ')} |`);
}

const unknown = named.filter((name) => !(name in scenarios));
if (unknown.length > 0) throw new Error(`no scenario is called ${unknown.join(', ')}`);
const chosen = named.length === 0 ? Object.keys(scenarios) : named;
const base = join(directory, 'base');
await prepare();
await learn(base);
row(
  'change',
  'quiet nights before',
  'alarm in its night',
  'first night',
  'culprit',
  'what changed',
  'moved',
  'nights with suspects',
  'false alarms',
);
row(...Array(9).fill('---'));
for (const name of chosen) await secretly(name, scenarios[name] ?? {}, base);
await installWatched();
