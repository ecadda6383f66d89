import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineProcess, engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { scratchPath } from '../../src/core/engine/scratch.ts';
import { lockHolder } from '../../src/core/host/lock/file.ts';
import { shuffle } from '../../src/core/measure/schedule/block.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { ScheduledBlock } from '../../src/core/model/run/schedule.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { lookAtEngines } from './engine-apart.ts';
import { engineTree } from './engine-tree.ts';
import { adjusted, type CommandFault, commandFaults, endCommands, strikeCommand } from './fault-commands.ts';
import { findLeft, type Place } from './fault-traces.ts';
import { findNetwork, findOurs, type Marks } from './ours.ts';
import { daemonJson, ocibench, wholeLines } from './support.ts';
import { untilNone } from './until-none.ts';

/** A process that is killed: the harness by a signal, or a part of the embedded engine. */
export const faults = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGINT twice',
  'SIGKILL',
  'SIGKILL of the supervisor',
  'SIGKILL of harness and supervisor',
  'SIGKILL of dockerd',
  'SIGKILL of containerd',
  'SIGKILL of a shim',
  'SIGKILL of any process of the engine',
  'SIGSTOP of dockerd',
  'SIGSTOP of containerd',
  ...commandFaults,
] as const;
export type Fault = (typeof faults)[number];

/** What is struck. */
export const struck = ['run', 'resume', 'nightly', 'calibrate', 'merge', 'plan', 'clean'] as const;

/** What one fault did. `violations` must be empty. */
export interface FaultResult {
  readonly fault: Fault;
  readonly command: (typeof struck)[number];
  /** What was hit, where the fault leaves that open. */
  readonly victim?: string;
  /** Seconds from the start of the process that was hit, and trials recorded by then. */
  readonly atSeconds: number;
  readonly trialsBefore: number;
  /** `stopped`: it can be resumed; `went on`: it ended by itself nevertheless; `missed`: it had ended before. */
  readonly outcome: 'stopped' | 'went on' | 'missed';
  /** Exit code or signal of the harness. */
  readonly exit: string;
  /** What was left on the host when the process had ended, before anything else was started. */
  readonly leftAtOnce: readonly string[];
  readonly violations: readonly string[];
}

/** The fast schedule: two runtimes, one cheap workload, few blocks. */
const schedule = [
  '--engine',
  'embedded',
  '--runtimes',
  'runc,crun',
  '--workloads',
  'startup/echo',
  '--blocks',
  '2..2',
  '--set',
  'seed=7',
  '--quiet',
];
const signalOf = (fault: Fault): NodeJS.Signals => (fault.startsWith('SIGSTOP') ? 'SIGSTOP' : 'SIGKILL');

const isCommandFault = (fault: Fault): fault is CommandFault =>
  (commandFaults as readonly string[]).includes(fault);

const hangLimitMs = 180_000;
/** How long a supervisor may take to remove what a killed harness had started, ms. */
const settleMs = 20_000;

function start(place: Place, args: readonly string[]) {
  return ocibench(args, place.out, place.environment);
}

function run(place: Place, resumed: string | null) {
  const rest = ['--out', place.out, '--quiet'];
  return start(
    place,
    resumed === null
      ? ['run', ...schedule, '--set', `daemonJson=${place.daemonJson}`, ...rest]
      : ['run', '--resume', resumed, ...rest],
  );
}

/** The whole lines of a file of a run; none where there is none. */
async function linesOf(place: Place, runId: string | null, file: string): Promise<readonly string[]> {
  return runId === null ? [] : wholeLines(join(place.out, 'results', runId, file));
}

function parsed<T>(lines: readonly string[]): T[] {
  return lines.map((line) => JSON.parse(line) as T);
}

async function record(place: Place, runId: string): Promise<RunRecord | null> {
  const text = await readFile(join(place.out, 'results', runId, 'run.json'), 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}

type Child = ReturnType<typeof run>;

/** What a fault does to the harness itself; null where the engine is hit. */
const signals: Partial<Record<Fault, NodeJS.Signals>> = {
  SIGINT: 'SIGINT',
  SIGTERM: 'SIGTERM',
  SIGHUP: 'SIGHUP',
  'SIGINT twice': 'SIGINT',
  SIGKILL: 'SIGKILL',
  'SIGKILL of harness and supervisor': 'SIGKILL',
};

type Part = (processes: readonly EngineProcess[]) => EngineProcess | undefined;

/** Which process of the engine a fault hits; null where it is the harness alone. */
function partOf(fault: Fault, random: () => number): Part | null {
  const name =
    (wanted: string): Part =>
    (all) =>
      all.find((each) => each.name === wanted);
  if (fault.endsWith('any process of the engine'))
    return (all) => {
      const tree = engineTree(all.find((each) => each.name === 'supervisor')?.pid ?? null);
      return tree[Math.floor(random() * tree.length)];
    };
  if (fault.includes('supervisor')) return name('supervisor');
  if (fault.endsWith('dockerd')) return name('dockerd');
  if (fault.endsWith('containerd')) return name('containerd');
  return fault.endsWith('shim') ? (all) => all.find((each) => each.name.startsWith('containerd-shim')) : null;
}

/** Kills. Waits for the part of the engine that is to be hit; null where the harness ended before it was there. */
async function strike(
  fault: Fault,
  child: Child,
  ended: () => boolean,
  runIdOf: () => Promise<string | null>,
  random: () => number,
): Promise<{ readonly victim: string } | null> {
  const part = partOf(fault, random);
  let victim: EngineProcess | undefined;
  while (part !== null && victim === undefined && !ended()) {
    const runId = await runIdOf();
    victim = runId === null ? undefined : part(await engineProcesses(scratchPath(runId)));
    if (victim === undefined) {
      if (signals[fault] !== undefined) break;
      await sleep(5);
    }
  }
  if (ended()) return null;
  const signal = signals[fault];
  if (signal !== undefined) child.kill(signal);
  else if (victim === undefined) return null;
  try {
    if (victim !== undefined) process.kill(victim.pid, signalOf(fault));
  } catch {
    // It ended by itself in this very moment: a fault that came too late.
    if (signal === undefined) return null;
  }
  if (fault === 'SIGINT twice') {
    await sleep(350);
    child.kill('SIGINT');
  }
  return { victim: victim?.name ?? 'harness' };
}

/** A run that was struck, and by what its remains are known. */
interface Hit {
  readonly runId: string;
  readonly marks: Marks;
}

/** What an uninterrupted run of the same schedule looks like. */
interface Structure {
  readonly schedule: string;
  readonly trials: string;
  readonly files: string;
}

async function structureOf(place: Place, runId: string): Promise<Structure> {
  const blocks = parsed<ScheduledBlock>(await linesOf(place, runId, 'schedule.jsonl'));
  const trials = parsed<TrialRecord>(await linesOf(place, runId, 'trials.jsonl'));
  const ok = trials.filter(({ outcome }) => outcome.status !== 'interrupted');
  const files = [];
  // What changed since the run before is there from the second run on.
  const notOfEach = 'changes.json';
  for (const kind of ['results', 'charts'])
    for (const name of await readdir(join(place.out, kind, runId)))
      if (!name.endsWith('.torn') && name !== notOfEach) files.push(`${kind}/${name}`);
  return {
    schedule: JSON.stringify(blocks),
    trials: ok.map(({ trialId, cell, block }) => `${block} ${trialId} ${JSON.stringify(cell)}`).join('\n'),
    files: files.toSorted().join('\n'),
  };
}

/** Lines of trials.jsonl that have the same id and none of which was interrupted. */
function duplicates(trials: readonly TrialRecord[]): string[] {
  const ended = trials
    .filter(({ outcome }) => outcome.status !== 'interrupted')
    .map(({ trialId }) => trialId);
  return ended.filter((id, at) => ended.indexOf(id) !== at);
}

/** Runs the fast schedule again and again, and kills something of it at random times, `count` times. */
export async function injectFaults(options: {
  readonly count: number;
  readonly seed: string;
  /** All of them when absent. */
  readonly kinds?: readonly Fault[];
  readonly onResult?: (result: FaultResult, done: number) => void;
}): Promise<readonly FaultResult[]> {
  const out = await mkdtemp(join(tmpdir(), 'ocibench-faults-'));
  const at = (name: string) => join(out, name);
  // What looks for what is left is told by the same variable where the state is.
  const { OCIBENCH_STATE } = process.env;
  process.env.OCIBENCH_STATE = out;
  const place: Place = {
    out,
    lock: at('lock'),
    daemonJson: at('daemon.json'),
    temporary: at('tmp'),
    environment: { OCIBENCH_LOCK: at('lock'), TMPDIR: at('tmp') },
    wholeMs: new Map(),
  };
  try {
    await mkdir(place.temporary);
    await writeFile(place.daemonJson, JSON.stringify(daemonJson));
    return await strikeAll(place, options);
  } finally {
    if (OCIBENCH_STATE === undefined) delete process.env.OCIBENCH_STATE;
    else process.env.OCIBENCH_STATE = OCIBENCH_STATE;
    await rm(out, { recursive: true, force: true });
  }
}

/** How long a run takes that nobody ends, and what it looks like. */
async function wholeRun(place: Place): Promise<{ readonly tookMs: number; readonly reference: Structure }> {
  const began = performance.now();
  const whole = await run(place, null);
  const tookMs = performance.now() - began;
  if (whole.exitCode !== 0)
    throw new Error(`the run without a fault ended with ${whole.exitCode}: ${whole.stderr}`);
  return { tookMs, reference: await structureOf(place, await readlink(join(place.out, 'results/latest'))) };
}

async function strikeAll(
  place: Place,
  { count, seed, kinds = faults, onResult }: Parameters<typeof injectFaults>[0],
): Promise<readonly FaultResult[]> {
  const { tookMs, reference } = kinds.every(isCommandFault)
    ? { tookMs: 0, reference: { schedule: '', trials: '', files: '' } }
    : await wholeRun(place);
  let wholeMs = tookMs;
  const scheduled = reference.trials.split('\n').length;
  const random = seededRandom(seed);
  const results: FaultResult[] = [];
  let order: Fault[] = [];
  let runId: string | null = null;
  let previous: Hit | null = null;
  for (let struck = 0; struck < count; ) {
    if (order.length === 0) order = [...shuffle(kinds, random)];
    const [fault] = order;
    if (fault === undefined) throw new Error('there is no fault');
    const left: number = 1 - (await trialsOf(place, runId)).length / scheduled;
    // A run that is resumed has its start and its end before it, and the trials that are left.
    const atMs = random() * wholeMs * (0.5 + left / 2);
    const clean = random() < 0.5;
    const once: Awaited<ReturnType<typeof strikeOnce>> = isCommandFault(fault)
      ? { result: await strikeCommand(place, fault, random), runId, hit: null }
      : await strikeOnce({ place, fault, atMs, runId, reference, clean, random });
    const onHost =
      previous === null || previous.runId === once.hit?.runId ? [] : await findOurs(previous.marks);
    const result = {
      ...once.result,
      violations: [...once.result.violations, ...onHost.map((what) => `left after the next start: ${what}`)],
    };
    results.push(result);
    if (!isCommandFault(fault)) wholeMs = adjusted(wholeMs, result.outcome === 'missed');
    if (result.outcome !== 'missed') {
      struck++;
      order = order.slice(1);
    }
    onResult?.(result, struck);
    if (results.length > 3 * count) throw new Error('most faults come too late: runs end by themselves');
    ({ runId } = once);
    previous = once.hit ?? previous;
  }
  const violations = [...(await endCommands(place))];
  if (runId !== null) {
    const end = await run(place, runId);
    violations.push(
      ...(end.exitCode === 0 ? await differences(place, runId, reference) : [`resume: ${end.stderr}`]),
    );
  }
  const last = results.at(-1);
  if (last !== undefined)
    results[results.length - 1] = { ...last, violations: [...last.violations, ...violations] };
  return results;
}

async function trialsOf(place: Place, runId: string | null): Promise<TrialRecord[]> {
  return parsed<TrialRecord>(await linesOf(place, runId, 'trials.jsonl'));
}

async function differences(place: Place, runId: string, reference: Structure): Promise<string[]> {
  const structure = await structureOf(place, runId);
  return (['schedule', 'trials', 'files'] as const).flatMap((key) =>
    structure[key] === reference[key] ? [] : [`${key} of the complete run: ${structure[key]}`],
  );
}

/** What its engine can be known by, and in what it is not apart from the host; null where there is none. */
async function lookAtRun(runId: string | null) {
  const engines = runId === null ? [] : await lookAtEngines(scratchPath(runId));
  if (runId === null || engines.length === 0) return null;
  const network = await findNetwork(runId);
  const marks: Marks = {
    names: engines.flatMap(({ names }) => names),
    networks: network === null ? [] : [network],
  };
  return { marks, shared: engines.flatMap(({ shared }) => shared) };
}

async function strikeOnce(options: {
  place: Place;
  fault: Fault;
  atMs: number;
  runId: string | null;
  reference: Structure;
  clean: boolean;
  random: () => number;
}): Promise<{ result: FaultResult; runId: string | null; hit: Hit | null }> {
  const { place, fault, atMs, reference } = options;
  let hit: Hit | null = null;
  const child = run(place, options.runId);
  let over = false;
  const end = child.then((result) => {
    over = true;
    return result;
  });
  let runId = options.runId;
  const runIdOf = async () => {
    runId = (await lockHolder(place.lock))?.by?.runId ?? runId;
    return runId;
  };
  await Promise.race([sleep(atMs), end]);
  await runIdOf();
  const files = ['schedule.jsonl', 'trials.jsonl'];
  let seen = await lookAtRun(runId);
  const struck = await strike(fault, child, () => over, runIdOf, options.random);
  // It was not there before, where the fault waits for a part of it.
  if (seen === null) seen = await lookAtRun(runId);
  const before = await Promise.all(files.map((file) => linesOf(place, runId, file)));
  const ended = await Promise.race([end, sleep(hangLimitMs, null)]);
  const violations: string[] = [];
  if (ended === null) {
    violations.push(`it still ran ${hangLimitMs / 1000} s later`);
    child.kill('SIGKILL');
    await end;
  }
  const said = ended === null ? '' : `exit ${ended.exitCode ?? ended.signal}: ${ended.stderr.slice(-600)}`;
  if (/bug in ocibench/.test(said)) violations.push(said);

  let leftAtOnce: readonly string[] = [];
  if (runId !== null) {
    const id = runId;
    const marks = { ...seen?.marks, runs: [id] };
    hit = { runId: id, marks };
    violations.push(...(seen?.shared ?? []));
    const find = () => findLeft(place, marks);
    // Files, empty cgroups and the lock may wait for the next start; nothing that runs may.
    const alive = async () => (await find()).filter((what) => !/^(?:file|lock|cgroup) /.test(what));
    violations.push(...(await untilNone(settleMs, alive)).map((what) => `still there: ${what}`));
    leftAtOnce = await find();
    if (options.clean) {
      const cleaned = await start(place, ['clean']);
      if (cleaned.exitCode !== 0) violations.push(`clean: ${cleaned.stderr}`);
      violations.push(...(await find()).map((what) => `left after clean: ${what}`));
    }
    for (const [at, file] of files.entries()) {
      const now = await linesOf(place, id, file);
      if (before[at]?.some((line, i) => now[i] !== line)) violations.push(`lost in ${file}`);
    }
    violations.push(...duplicates(await trialsOf(place, id)).map((trial) => `twice: ${trial}`));
    const status = (await record(place, id))?.status;
    if (status === 'complete') {
      // It may have been hit while it wrote its reports.
      if (ended?.exitCode !== 0) await start(place, ['report', id, '--in', place.out]);
      violations.push(...(await differences(place, id, reference)));
    }
    if (status === 'complete' || status === undefined) runId = null;
  }
  // 1: it ended by itself, and a trial had failed.
  const byItself = ended?.exitCode === 0 || ended?.exitCode === 1;
  const outcome = struck === null ? 'missed' : byItself ? 'went on' : 'stopped';
  if (outcome === 'missed' && ended?.exitCode !== 0) violations.push(`without a fault: ${said}`);
  return {
    result: {
      fault,
      command: options.runId === null ? 'run' : 'resume',
      ...(struck === null ? {} : { victim: struck.victim }),
      atSeconds: atMs / 1000,
      trialsBefore: before[1]?.length ?? 0,
      outcome,
      exit: String(ended?.exitCode ?? ended?.signal),
      leftAtOnce,
      violations,
    },
    runId,
    hit,
  };
}
