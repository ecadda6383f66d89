import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { holdHost } from '../../../../app/measure/host-lock.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { parseList, parseWhole } from '../../../../core/config/quantities.ts';
import { type ChosenDaemon, chooseDaemon } from '../../../../core/engine/docker/context.ts';
import { holdDirectory, refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { temporaryDirectory } from '../../../../core/files/temporary.ts';
import { external } from '../../../../core/messages/compose.ts';
import { messages, notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { mayBeDocker } from '../../../../core/model/engine-choice.ts';
import { misuse, OcibenchError, type Problem, problemOf } from '../../../../core/model/error.ts';
import { maskUrls } from '../../../../core/model/mask-url.ts';
import { drawnSeed, endOfRun, type HostEnd, type LaunchRun, sameRun } from '../run-end.ts';
import { type StartRun, startRun } from './start-run.ts';

/**
 * Does `work` for each item, at most `atOnce` at a time. Items of one lane run one after the other, in order: they share a
 * machine, which must not be measured twice at a time.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  laneOf: (item: Item) => string,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const lanes = [...Map.groupBy(items, laneOf).values()];
  const worker = async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift())
      for (const item of lane) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
}

const text = notices('contexts', {
  cannot: 'nothing was started',
  interrupted: 'interrupted: the runs finish their current trial',
  begins: '{context}: started at {url}',
  line: '{context}: {line}',
});
const words = messages('contexts', {
  commandLine: 'command line',
  notBegun: 'it had not started',
});
const why = reasons('contexts', {
  none: { message: 'names no context', fix: 'for example --contexts a,b   (docker context ls)' },
  name: { message: "''{name}'' is not a context", fix: 'list the contexts:  docker context ls' },
  atOnce: { message: "must be a number from 1 to 64, but is ''{value}''", fix: 'for example --at-once 4' },
  same: { message: '{one} and {other} are the same daemon: {url}', fix: 'name one of them' },
  embedded: {
    message: 'selects an engine on this host',
    fix: 'leave --engine out: each context is its own engine',
  },
});

/** Options of `ocibench fleet contexts`, as typed. */
export interface FleetContextsFlags {
  readonly contexts: string;
  readonly atOnce: string;
  readonly out?: string;
}

/** A context and its daemon. */
interface Target {
  readonly context: string;
  readonly daemon: ChosenDaemon;
}

const problem = (key: string, reason: Reason) => problemOf({ file: words.commandLine, key }, reason);

/** The daemons of these contexts. OcibenchError (exit 2) with every problem of the command line. */
async function chosenTargets(
  flags: FleetContextsFlags,
  environment: NodeJS.ProcessEnv,
  problems: Problem[],
): Promise<readonly Target[]> {
  const targets: Target[] = [];
  const names = parseList(flags.contexts);
  if (names.length === 0) problems.push(problem('--contexts', why.none));
  if (parseWhole(flags.atOnce, { least: 1, most: 64 }) === null)
    problems.push(problem('--at-once', why.atOnce({ value: flags.atOnce })));
  for (const context of names) {
    if (!/^[A-Za-z0-9][\w.+-]*$/.test(context)) {
      problems.push(problem('--contexts', why.name({ name: context })));
      continue;
    }
    try {
      targets.push({ context, daemon: await chooseDaemon({ context }, environment) });
    } catch (error) {
      if (!(error instanceof OcibenchError)) throw error;
      problems.push(...error.problems);
    }
  }
  for (const [at, { context, daemon }] of targets.entries()) {
    const other = targets.slice(0, at).find((each) => each.daemon.url === daemon.url);
    if (other === undefined) continue;
    const reason = why.same({ one: other.context, other: context, url: maskUrls(daemon.url) });
    problems.push(problem('--contexts', reason));
  }
  if (problems.length === 0) return targets;
  throw misuse(text.cannot, problems);
}

/** Lane of a target: all daemons behind sockets of this host share one. */
const laneOf = ({ context, daemon }: Target) =>
  daemon.url.startsWith('unix://') ? 'this host' : `context ${context}`;

/**
 * Measures the daemon of each context in its own process, into `OUT/CONTEXT`. A failure does not affect the others. Locks this
 * host for the whole time, since every connection starts here.
 */
export async function launchOnContexts(
  app: AppContext,
  flags: FleetContextsFlags,
  run: LaunchRun,
  start: StartRun = startRun,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly out: string; readonly ends: readonly HostEnd[]; readonly interrupted: boolean }> {
  const id = newRunId(app.clock.date());
  const same = sameRun(run.words, run.request, () => drawnSeed(id), { context: '--set context' });
  const problems = [...run.problems, ...same.problems];
  if (run.request.engine !== undefined && !mayBeDocker(run.request.engine))
    problems.push(problem('--engine', why.embedded));
  const targets = await chosenTargets(flags, environment, problems);
  const out = resolve(app.environment.workingDirectory, flags.out ?? `fleet-${id}`);
  refuseNotOwn([out]);
  using interrupt = app.interrupts(text.interrupted);
  await using _lock = await holdHost(app, {
    command: 'ocibench fleet contexts',
    runId: () => id,
    wait: run.request.wait ?? false,
    interrupt: interrupt.signal,
  });
  await using locks = await temporaryDirectory('contexts');
  const ends = new Map<string, HostEnd>();
  await inLanes(targets, laneOf, Number(flags.atOnce), async ({ context, daemon }) => {
    if (interrupt.signal.aborted) {
      ends.set(context, { host: context, state: 'interrupted', why: words.notBegun });
      return;
    }
    app.reporter.log(text.begins({ context, url: maskUrls(daemon.url) }));
    const place = join(out, context);
    holdDirectory(place)[Symbol.dispose]();
    const log = join(place, 'run.log');
    const exitCode = await start({
      words: ['run', '--set', `context=${context}`, '--out', place, '--set', 'progress=false', ...same.words],
      env: { OCIBENCH_LOCK: join(locks.path, context), OCIBENCH_COMMAND: app.environment.program },
      onLine: (line) => app.reporter.log(text.line({ context, line: external(line) })),
      log,
      signal: interrupt.signal,
    });
    ends.set(context, await endOfRun(context, exitCode, log));
  });
  const inOrder = targets.flatMap(({ context }) => ends.get(context) ?? []);
  return { out, ends: inOrder, interrupted: interrupt.signal.aborted };
}
