import { join } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { clearContainers, clearLeftovers } from '../../../app/leftovers/leftovers.ts';
import type { Session } from '../../../app/measure/engine-session.ts';
import { holdHost } from '../../../app/measure/host-lock.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import type { RunRequest } from '../../../core/config/command-line.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../../../core/model/failure/error.ts';
import { measureCosts, type NoCosts } from '../cost/blocks.ts';
import { costsOf } from '../costs.ts';
import { type MoveCost, type MoveRecord, type MoveTrial, moveVersion, movingTo } from '../record.ts';
import { withRefusedCalls } from '../refused/look.ts';
import { leadsOf } from '../report/lead.ts';
import { compareMoves } from '../since.ts';
import { HeldSources } from '../stack/held-sources.ts';
import { verdictsOf } from '../verdicts.ts';
import { prepareMove, refuseInterrupted } from './prepare.ts';
import { readRequest } from './request.ts';
import type { MoveFlags } from './settings.ts';
import { costPlan, openMoveData, openStop, planBlocks, tryServices } from './try-services.ts';
import { recordedStack, recordedVerdicts, writeMove, writeRecord } from './write.ts';

const text = notices('move', {
  interrupted: 'interrupted: removing what was started',
  noCosts: 'costs are not measured: {what}',
  noDocker:
    'an engine that ocibench starts has none of your images\n  fix:  remove engine from the configuration',
  otherProduct:
    '{product} answers at {endpoint}: its compose cannot start a service under another runtime\n  fix:  install Docker and its Compose, build the images there, and set DOCKER_HOST to it',
  notHere: 'the engine runs on another host ({endpoint}); a stack can only be watched on its own host',
});

/** The record of a move, and its files. */
export interface MoveResult {
  readonly move: MoveRecord;
  readonly directory: string;
  readonly exitCode: ExitCode;
}

/**
 * `ocibench move`: which services of a stack run under other runtimes, and what do they cost there? Reads the stack, then starts
 * it. `files`: its compose files. OcibenchError: exit 2 where the stack or the request is wrong, 3
 * without a usable engine, 4 where another process measures.
 */
export async function move(
  app: AppContext,
  files: readonly string[],
  given: MoveFlags,
  request: RunRequest,
): Promise<MoveResult> {
  const { reporter, environment, clock } = app;
  const wanted = await readRequest(app, files, given, request);
  const { config, asked, flags, out } = wanted;
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench move',
    runId: () => newRunId(clock.date()),
    wait: request.wait ?? false,
    interrupt: interrupt.signal,
  });
  await clearLeftovers(app, out);
  const { runId, since: startedAt } = lock.owner;
  const daemon = { daemon: request, reporter, environment };
  await using session = await app.engines.openSession(
    runId,
    config.engine,
    wanted.registered.entries,
    daemon,
  );
  const hostPlace = requireDocker(session);
  await clearContainers(reporter, session.engine, runId);
  using held = new HeldSources();
  const prepared = await prepareMove(app, wanted, session, held, interrupt.signal);
  using stop = openStop(clock, interrupt.signal);
  if (asked.maxTimeMs !== null) stop.at(clock.now() + asked.maxTimeMs);
  await using data = await openMoveData(app, wanted, prepared, runId, stop.signal);
  refuseInterrupted(interrupt.signal);
  const place = { runId, data, hostPlace, held, interrupt: stop.signal };
  const seen = await tryServices(app, wanted, prepared, place);

  const directory = join(out, 'results', `move-${runId}`);
  const judge = (trials: readonly MoveTrial[]) =>
    prepared.obstacles.flatMap(({ runtime, found }) =>
      verdictsOf(prepared.services, runtime, config.baseline, {
        trials,
        stack: prepared.tried,
        obstacles: found,
        staying: asked.staying,
        hasData: data !== null,
      }),
    );
  const record = (trials: readonly MoveTrial[], cost?: MoveCost, none?: NoCosts): MoveRecord => {
    const made = recordOf(trials, cost, none);
    return wanted.before === null ? made : { ...made, since: compareMoves(made, wanted.before) };
  };
  const recordOf = (trials: readonly MoveTrial[], cost?: MoveCost, none?: NoCosts): MoveRecord => ({
    moveVersion,
    moveId: `move-${runId}`,
    startedAt,
    finishedAt: clock.date().toISOString(),
    harnessVersion: environment.version,
    host: prepared.host,
    engine: session.engine.facts,
    composeVersion: prepared.composeVersion,
    baseline: config.baseline,
    targets: [...asked.targets],
    runtimes: prepared.runtimes.filter(({ entry }) =>
      [config.baseline, ...asked.targets].includes(entry.name),
    ),
    ...recordedStack(prepared),
    outside: seen.place.outside,
    upSeconds: asked.settleMs / 1000,
    ...(data === null ? {} : { data: data.record }),
    trials: [...trials],
    verdicts: recordedVerdicts(judge(trials)),
    ...(cost === undefined ? {} : { cost }),
    ...(none && { noCost: recorded({ why: none.noCosts, fix: none.fix ?? external('') }) }),
    outOfTime:
      asked.maxTimeMs !== null &&
      !interrupt.signal.aborted &&
      (stop.signal.aborted || cost?.ended === 'time'),
    interrupted: interrupt.signal.aborted,
  });
  // The verdicts stand on disk before calls are looked for, and before costs are measured.
  await writeRecord(app, record(seen.trials), directory);
  const trials = await withRefusedCalls(app, seen.trials, {
    place: seen.place,
    runtimes: prepared.runtimes,
    endpoint: session.engine.facts.endpoint,
    directory: environment.workingDirectory,
  });
  let last = record(trials);
  await writeMove(app, last, prepared.stack, directory);
  const moved = Object.fromEntries(
    asked.targets.flatMap((runtime) => {
      const own = movingTo(last.verdicts, runtime);
      return own.length === 0 ? [] : [[runtime, own]];
    }),
  );
  const wantsCosts = flags.tryOnly !== true && Object.keys(moved).length > 0;
  if (wantsCosts && !stop.signal.aborted) {
    for (const lead of leadsOf(last, reporter.lang)) reporter.log(external(lead));
    const { planned, withinMs, timeFor } = planBlocks(wanted, prepared, data?.startMs ?? 0);
    const { seed, thresholds } = config;
    const deadlineFor = (neededMs: number) => {
      if (asked.maxTimeMs === null) stop.at(clock.now() + timeFor(neededMs));
      return stop.deadline;
    };
    const cost = await measureCosts(
      app,
      costPlan(wanted, prepared, seen),
      { seed, thresholds, moved, at: asked.at, planned, withinMs, deadlineFor },
      // Pictures are drawn once all is measured: they take seconds of the host's CPUs.
      (soFar) => writeRecord(app, record(trials, soFar), directory),
    );
    if (cost === null) last = record(trials);
    else if ('noCosts' in cost) {
      reporter.warn(text.noCosts({ what: cost.noCosts }));
      last = record(trials, undefined, cost);
    } else last = record(trials, { ...cost, ended: interrupt.signal.aborted ? 'interrupt' : cost.ended });
    await writeMove(app, last, prepared.stack, directory);
  }
  return { move: last, directory, exitCode: exitCodeOf(last, wantsCosts) };
}

/** The place of a Docker on this host. OcibenchError (exit 3) of any other engine. */
function requireDocker({ hostPlace, engine: { facts } }: Session): NonNullable<Session['hostPlace']> {
  const { kind, product, endpoint, transport } = facts;
  const refuse = (message: Message) => new OcibenchError(message, { exitCode: exitCodes.noEngine });
  if (kind === 'embedded') throw refuse(text.noDocker);
  if (product !== undefined) throw refuse(text.otherProduct({ product, endpoint }));
  if (hostPlace === null || transport !== 'unix') throw refuse(text.notHere({ endpoint }));
  return hostPlace;
}

/** 1 where costs were to be measured and none was, and where a service cannot move or, with `--compare`, something became worse. */
function exitCodeOf(
  { interrupted, verdicts, cost, baseline, since }: MoveRecord,
  wantsCosts: boolean,
): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  // One that moves for a reason was not tried with all others.
  const isFine =
    since === undefined
      ? verdicts.every(({ verdict, why }) => (verdict === 'moves' ? why === '' : verdict === 'stays'))
      : since.worse.length === 0;
  const isCosted = cost === undefined ? !wantsCosts : costsOf(cost, baseline).every(({ pairs }) => pairs > 0);
  return isFine && isCosted ? exitCodes.ok : exitCodes.someFailed;
}
