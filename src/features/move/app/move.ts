import { join, resolve } from 'node:path';
import type { AppContext, Clock } from '../../../app/context.ts';
import { hostOf } from '../../../app/host-checks.ts';
import { clearContainers, clearLeftovers } from '../../../app/leftovers/leftovers.ts';
import { openConfiguration } from '../../../app/measure/configuration.ts';
import { refuseWithoutDocker } from '../../../app/measure/engines.ts';
import { holdHost } from '../../../app/measure/host-lock.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { refuseUnknownRuntimes, registeredRuntimes, reportNotes } from '../../../app/measure/registered.ts';
import { claimOut } from '../../../app/measure/stored-run.ts';
import { entriesOf, tryRuntimes } from '../../../app/measure/try-runtimes.ts';
import type { RunRequest } from '../../../core/config/command-line.ts';
import { notices } from '../../../core/messages/define.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../../../core/model/error.ts';
import { blocks, measureCosts } from '../cost/blocks.ts';
import { type FirstCost, firstCost, refuseUselessLoad } from '../cost/first.ts';
import type { CostPlan } from '../cost/measure.ts';
import { costsOf } from '../costs.ts';
import { openData } from '../data/data.ts';
import { type MoveRecord, movingTo } from '../record.ts';
import { withRefusedCalls } from '../refused/look.ts';
import { type Obstacle, obstaclesOf } from '../stack/obstacles.ts';
import { ownServices, pick, type Stack } from '../stack/stack.ts';
import { surveyed } from '../stack/survey.ts';
import { Compose } from '../trying/compose.ts';
import { DockerProgram } from '../trying/docker-program.ts';
import { Trials, type TryPlace } from '../trying/try.ts';
import { tryAll } from '../trying/try-all.ts';
import { verdictsOf } from '../verdicts.ts';
import {
  askedOf,
  chosenServices,
  type MoveFlags,
  refuseMissingImages,
  refuseReachingLoad,
  refuseUnavailable,
} from './asked.ts';
import { type ImageFlags, imageStack } from './one-image.ts';
import { recordOf } from './recorded.ts';
import { writeMove, writeRecord } from './write.ts';

const text = notices('move', {
  interrupted: 'interrupted: removing what was started',
  nothingTried: 'interrupted before a service was tried',
  notHere: 'the engine runs on another host ({endpoint}); a stack can only be watched on its own host',
  engine:
    'engine: {kind}, Docker {version}; Docker Compose {compose}; {services, plural, one {1 service} other {{services} services}} of {stack}',
  noCosts: 'costs are not measured: {what}',
  noRequests:
    'the load does not report how many requests it made: the CPU time of a request is left out (redis-benchmark reports it without -q and --csv; move.requests reads it)',
  left: 'some of {project} could not be removed; to remove it:  @(clean)',
});

/** The record of a move, and its files. */
export interface MoveResult {
  readonly move: MoveRecord;
  readonly directory: string;
  readonly exitCode: ExitCode;
}

/** Time for costs where `--max-time` does not limit it all, ms. */
const costMs = 600_000;

/**
 * `ocibench move`: which services of a stack run under other runtimes, and what do they cost there? Reads the stack, then starts
 * it. `words`: its compose files, or the command of `--image`. OcibenchError: exit 2 where the stack or the request is wrong, 3
 * without a usable engine, 4 where another process measures.
 */
export async function move(
  app: AppContext,
  words: readonly string[],
  given: MoveFlags & ImageFlags,
  request: RunRequest,
): Promise<MoveResult> {
  const { reporter, environment, clock } = app;
  const configuration = await openConfiguration(app, request, { here: true });
  const resolution = configuration.resolve({ preset: 'quick', ...request });
  const { config } = resolution;
  const { baseline, seed, thresholds } = config;
  const made = imageStack(words, given);
  const files = made === null ? words : [];
  const ofFile = configuration.loaded?.config.move;
  const flags = { ...ofFile, ...given, ...(made === null ? {} : { load: made.load }) };
  const asked = askedOf(flags, baseline);
  const { targets, limitMs, settleMs, idleMs, staying, patterns, at } = asked;
  refuseWithoutDocker('move', config.engine);
  const chosen = { ...config, runtimes: [baseline, ...targets] };
  const registered = await registeredRuntimes(resolution);
  reportNotes(reporter, registered);
  await refuseUnknownRuntimes(app, registered, chosen, request);
  const out = resolve(environment.workingDirectory, request.out ?? '.');
  claimOut(out);
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench move',
    runId: () => newRunId(clock.date()),
    wait: request.wait ?? false,
    interrupt: interrupt.signal,
  });
  await clearLeftovers(app, out);
  const { runId, since: startedAt } = lock.owner;
  await using session = await app.engines.openSession(runId, config.engine, registered.entries, {
    daemon: request,
    reporter,
    environment,
  });
  const { engine, hostPlace } = session;
  const { facts } = engine;
  if (hostPlace === null || facts.transport !== 'unix')
    throw new OcibenchError(text.notHere({ endpoint: facts.endpoint }), { exitCode: exitCodes.noEngine });
  await clearContainers(reporter, engine, runId);
  const docker = new DockerProgram(facts.endpoint, environment.workingDirectory);
  const compose = new Compose(docker, environment.workingDirectory, files, made);
  const composeVersion = await compose.version();
  const stack = await compose.config();
  const file = made === null ? (files.at(-1) ?? 'compose.yaml') : '--image';
  const { services, load } = chosenServices(stack, ownServices(stack), flags, asked, {
    file,
    isEmbedded: facts.kind === 'embedded',
  });
  const needed = load?.kind === 'service' ? [...services, load.name] : services;
  await refuseMissingImages(compose, stack, needed, file);
  reporter.log(
    text.engine({
      kind: facts.kind,
      version: facts.version,
      compose: composeVersion,
      services: services.length,
      stack: stack.name,
    }),
  );
  const host = await hostOf(session);
  const { runtimes, explain } = await tryRuntimes({
    session,
    registered,
    config: chosen,
    host,
    images: [],
    interrupt: interrupt.signal,
    entries: await entriesOf(session, registered, chosen),
  });
  if (interrupt.signal.aborted)
    throw new OcibenchError(text.nothingTried, { exitCode: exitCodes.interrupted });
  refuseUnavailable(runtimes, [baseline, ...targets]);
  const real = await surveyed(stack, engine.dataRoot);
  refuseReachingLoad(real, load, file);
  const obstacles = targets.map((runtime) => ({
    runtime,
    found: obstaclesOf(
      real,
      services,
      runtimes.find(({ entry }) => entry.name === runtime)?.family ?? 'other',
    ),
  }));
  const reaching = new Set(obstacles.flatMap(({ found }) => found.filter(reachesHost)).map(serviceOf));
  const possible = services.filter((service) => !reaching.has(service));
  // What reaches into the host is not even a dependency.
  const tried = {
    ...real,
    services: pick(real.services, new Set(needed.filter((one) => !reaching.has(one)))),
  };
  using stop = stopsAt(clock, interrupt.signal);
  if (asked.maxTimeMs !== null) stop.at(clock.now() + asked.maxTimeMs);
  const { mostDataBytes } = asked;
  await using data =
    mostDataBytes === null
      ? null
      : await openData(app, {
          docker,
          stack: tried,
          runId,
          file,
          mostBytes: mostDataBytes,
          signal: stop.signal,
        });
  if (interrupt.signal.aborted)
    throw new OcibenchError(text.nothingTried, { exitCode: exitCodes.interrupted });
  const outside = flags.withNetwork ?? false;
  const place: TryPlace = {
    compose,
    stack: tried,
    baseline,
    runId,
    hostPlace,
    limitMs,
    settleMs,
    clock,
    explain,
    data,
    outside,
    variables: await givenVariables(compose, tried),
    interrupt: stop.signal,
    onLeft: (project) => reporter.warn(text.left({ project })),
  };
  const trials = new Trials(place);
  // What is copied for the blocks comes on top of the time for them.
  const planned = asked.blocks ?? (load === null ? blocks.atRest : blocks.withLoad);
  const starts = planned * (1 + targets.length);
  const withinMs = asked.maxTimeMs ?? costMs + starts * (data?.startMs ?? 0);
  let first: FirstCost | null = null;
  const seen = await tryAll(app, {
    possible,
    targets,
    baseline,
    staying,
    trials,
    stack: tried,
    interrupt: stop.signal,
    async afterBaseline(running, tasks) {
      if (flags.tryOnly === true || running.every((service) => staying.includes(service))) return;
      const plan: CostPlan = {
        trials,
        compose,
        hostPlace,
        clock,
        baseline,
        load,
        patterns,
        idleMs,
        restCpus: new Map(),
        services: running,
        tasks,
        interrupt: stop.signal,
      };
      const measured = await firstCost(plan, withinMs);
      // What was cut off is no failure of the load.
      if (stop.signal.aborted) return;
      first = measured;
      refuseUselessLoad(measured, { file, arms: 1 + targets.length, withinMs });
      if (measured.failure !== null) reporter.warn(text.noCosts({ what: measured.failure }));
      else if (load !== null && measured.figures.load?.requests === null) reporter.warn(text.noRequests);
    },
  });
  const judged = (of: typeof seen) =>
    obstacles.flatMap(({ runtime, found }) =>
      verdictsOf(services, runtime, baseline, {
        trials: of,
        stack: tried,
        obstacles: found,
        staying,
        hasData: data !== null,
      }),
    );
  let [all, verdicts] = [seen, judged(seen)];
  const begun = first as FirstCost | null;
  const recordWith = (cost: MoveRecord['cost']): MoveRecord =>
    recordOf({
      runId,
      startedAt,
      finishedAt: clock.date().toISOString(),
      harnessVersion: environment.version,
      host,
      engine: facts,
      composeVersion,
      baseline,
      targets,
      runtimes,
      stack,
      services,
      obstacles,
      trials: all,
      verdicts,
      cost,
      ofImage: made !== null,
      outside,
      data: data?.record,
      upSeconds: settleMs / 1000,
      noCost: begun?.failure ?? null,
      outOfTime:
        asked.maxTimeMs !== null &&
        !interrupt.signal.aborted &&
        (stop.signal.aborted || cost?.ended === 'time'),
      interrupted: interrupt.signal.aborted,
    });
  const directory = join(out, 'results', `move-${runId}`);
  const write = async (record: MoveRecord) => {
    await writeMove(app, record, stack, directory);
    return record;
  };
  await writeRecord(app, recordWith(undefined), directory);
  all = await withRefusedCalls(app, seen, {
    place,
    runtimes,
    endpoint: facts.endpoint,
    directory: environment.workingDirectory,
  });
  verdicts = judged(all);
  let record = await write(recordWith(undefined));
  const moved = Object.fromEntries(
    targets.flatMap((runtime) => {
      const own = movingTo(verdicts, runtime);
      return own.length === 0 ? [] : [[runtime, own]];
    }),
  );
  if (begun?.failure === null && Object.keys(moved).length > 0 && !stop.signal.aborted) {
    if (asked.maxTimeMs === null) stop.at(clock.now() + withinMs);
    const cost = await measureCosts(
      app,
      begun.plan,
      { seed, thresholds, moved, at, planned, deadline: stop.deadline, firstMs: begun.tookMs },
      // Pictures are drawn once all is measured: they take seconds of the host's CPUs.
      (soFar) => writeRecord(app, recordWith(soFar), directory),
    );
    record = await write(recordWith({ ...cost, ended: interrupt.signal.aborted ? 'interrupt' : cost.ended }));
  }
  const wantsCosts = flags.tryOnly !== true && Object.keys(moved).length > 0;
  return { move: record, directory, exitCode: exitCodeOf(record, wantsCosts) };
}

const reachesHost = ({ kind }: Obstacle) => kind === 'host';
const serviceOf = ({ service }: { readonly service: string }) => service;

/** The variables that secrets and configurations are taken from, with their values. */
async function givenVariables(
  compose: Compose,
  { secrets, configs }: Stack,
): Promise<Readonly<Record<string, string>>> {
  const given = [...Object.values(secrets ?? {}), ...Object.values(configs ?? {})];
  const names = given.flatMap(({ environment: name }) => name ?? []);
  return names.length === 0 ? {} : compose.valuesOf([...new Set(names)]);
}

/** 1 where a service cannot move, or none could be told, or costs were to be measured and none was. */
function exitCodeOf({ interrupted, verdicts, cost, baseline }: MoveRecord, wantsCosts: boolean): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const isMovable = verdicts.every(({ verdict }) => verdict === 'moves' || verdict === 'stays');
  const isCosted = cost === undefined ? !wantsCosts : costsOf(cost, baseline).every(({ pairs }) => pairs > 0);
  return isMovable && isCosted ? exitCodes.ok : exitCodes.someFailed;
}

/** A signal that is given at an interruption, or at a time that is set later. */
interface Stop extends Disposable {
  readonly signal: AbortSignal;
  /** On the clock, ms; infinite before it is set. */
  readonly deadline: number;
  at(deadline: number): void;
}

function stopsAt(clock: Clock, interrupt: AbortSignal): Stop {
  const late = new AbortController();
  const disposed = new AbortController();
  let deadline = Number.POSITIVE_INFINITY;
  return {
    signal: AbortSignal.any([interrupt, late.signal]),
    get deadline() {
      return deadline;
    },
    at(time) {
      deadline = time;
      // Node takes a longer time as 1 ms.
      clock.sleep(Math.min(time - clock.now(), 2 ** 31 - 1), disposed.signal).then(
        () => late.abort(),
        () => undefined,
      );
    },
    [Symbol.dispose]: () => disposed.abort(),
  };
}
