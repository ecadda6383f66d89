import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
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
import { parseDuration } from '../../../core/config/quantities.ts';
import { sayInFiles } from '../../../core/messages/command.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { recorded } from '../../../core/messages/record.ts';
import { type ExitCode, exitCodes, misuse, OcibenchError, problemOf } from '../../../core/model/error.ts';
import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import { type Move, type MoveTrial, moveVersion, runs } from '../record.ts';
import { type Obstacle, obstaclesOf } from '../stack/obstacles.ts';
import { overrideText } from '../stack/project.ts';
import { hasHealthCheck, imageOf, ownServices, replicasOf, type Stack } from '../stack/stack.ts';
import { Compose } from '../trying/compose.ts';
import { Trials } from '../trying/try.ts';
import { verdictsOf } from '../verdicts.ts';

const text = notices('move', {
  cannot: 'the stack cannot be tried',
  interrupted: 'interrupted: removing what was started',
  nothingTried: 'interrupted before a service was tried',
  notHere: 'the engine runs elsewhere ({endpoint}): what a stack does is seen on its own host only',
  engine: 'engine: {kind}, Docker {version}; Docker Compose {compose}; {services} services of {stack}',
  trying: '{n, plural, one {{services} under {runtime}} other {{services} together under {runtime}}}: {said}',
  runs: 'runs ({seconds} s)',
  fails: 'does not run: {services}',
});
const why = reasons('move', {
  noTarget: { message: 'names no runtime to move to', fix: 'for example --to runsc' },
  baselineTarget: { message: 'is the baseline', fix: 'name another runtime, or another --baseline' },
  duration: { message: "must be a duration, but is ''{value}''", fix: 'for example --healthy-within 60s' },
  noImage: { message: 'the image {image} is not there', fix: 'docker pull {image}' },
  notBuilt: { message: 'its image has not been built', fix: 'docker compose build {service}' },
  notAvailable: { message: '{reason}', fix: '{fix}' },
});

/** Flags of `ocibench move`. */
export interface MoveFlags {
  readonly to?: string;
  readonly healthyWithin?: string;
  readonly withData?: boolean;
}

/** The record of a move, and its files. */
export interface MoveResult {
  readonly move: Move;
  readonly directory: string;
  readonly exitCode: ExitCode;
}

const usualLimitMs = 60_000;

/**
 * `ocibench move`: which services of a stack run under other runtimes? Reads the stack, then starts it. OcibenchError: exit 2 where
 * the stack or the request is wrong, 3 without a usable engine, 4 where another process measures.
 */
export async function move(
  app: AppContext,
  files: readonly string[],
  flags: MoveFlags,
  request: RunRequest,
): Promise<MoveResult> {
  const { reporter, environment, clock, store } = app;
  const targets = (flags.to ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const limitMs = flags.healthyWithin === undefined ? usualLimitMs : parseDuration(flags.healthyWithin);
  const configuration = await openConfiguration(app, request, { here: true });
  const { config, variants, daemonJson } = configuration.resolve({ preset: 'quick', ...request });
  const { baseline } = config;
  const problems = [
    ...(targets.length === 0 ? [problemOf({ file: '--to', key: '' }, why.noTarget)] : []),
    ...(targets.includes(baseline) ? [problemOf({ file: '--to', key: baseline }, why.baselineTarget)] : []),
    ...(limitMs === null
      ? [problemOf({ file: '--healthy-within', key: '' }, why.duration({ value: flags.healthyWithin ?? '' }))]
      : []),
  ];
  if (problems.length > 0 || limitMs === null) throw misuse(text.cannot, problems);
  refuseWithoutDocker('move', config.engine);
  const chosen = { ...config, runtimes: [baseline, ...targets] };
  const registered = await registeredRuntimes(daemonJson, variants);
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
  const compose = new Compose(facts.endpoint, environment.workingDirectory);
  const composeVersion = await compose.version();
  const stack = await compose.config(files);
  const services = ownServices(stack);
  await refuseMissingImages(compose, stack, services, files.at(-1) ?? 'compose.yaml');
  reporter.log(
    text.engine({
      ...{ kind: facts.kind, version: facts.version, compose: composeVersion },
      ...{ services: services.length, stack: stack.name },
    }),
  );
  const host = await hostOf(session);
  const { runtimes, explain } = await tryRuntimes({
    ...{ session, registered, config: chosen, host, images: [], interrupt: interrupt.signal },
    entries: await entriesOf(session, registered, chosen),
  });
  if (interrupt.signal.aborted)
    throw new OcibenchError(text.nothingTried, { exitCode: exitCodes.interrupted });
  refuseUnavailable(runtimes, [baseline, ...targets]);
  const families = new Map(runtimes.map(({ entry, family }) => [entry.name, family]));
  const obstacles = targets.map((runtime) => ({
    runtime,
    found: obstaclesOf(pickServices(stack, services), families.get(runtime) ?? 'other'),
  }));
  const trials = await tryAll(app, {
    ...{ services, targets, baseline, obstacles: obstacles.flatMap(({ found }) => found) },
    trials: new Trials({
      ...{ compose, stack, baseline, runId, hostPlace, limitMs, clock, explain },
      writable: flags.withData ?? false,
      interrupt: interrupt.signal,
    }),
    interrupt: interrupt.signal,
  });
  const verdicts = targets.flatMap((runtime) =>
    verdictsOf(services, [runtime], baseline, {
      trials,
      obstacles: obstacles.find((each) => each.runtime === runtime)?.found ?? [],
    }),
  );
  const record: Move = {
    moveVersion,
    moveId: `move-${runId}`,
    ...{ startedAt, finishedAt: clock.date().toISOString() },
    harnessVersion: environment.version,
    ...{ host, engine: facts, composeVersion, baseline, targets },
    stack: {
      name: stack.name,
      services: services.map((service) => ({
        service,
        image: imageOf(stack, service),
        replicas: replicasOf(stack.services[service] ?? {}),
        healthCheck: hasHealthCheck(stack.services[service] ?? {}),
      })),
    },
    obstacles: obstacles.flatMap(({ runtime, found }) =>
      found.map(({ service, key, kind, reason }) => {
        const { message, fix } = reason;
        return { service, runtime, key, kind, ...recorded({ message, fix }) };
      }),
    ),
    trials: [...trials],
    verdicts: verdicts.map(({ service, runtime, verdict, why: because, fix }) => ({
      ...{ service, runtime, verdict },
      ...recorded({ why: because, fix }),
    })),
    interrupted: interrupt.signal.aborted,
  };
  const directory = join(out, 'results', record.moveId);
  await store.writeAtomically(join(directory, 'move.json'), `${JSON.stringify(record, null, 1)}\n`);
  const { movePage } = await import('../report/page.ts');
  await store.writeAtomically(
    join(directory, 'move.html'),
    sayInFiles(() => movePage(record, reporter.lang)),
  );
  for (const runtime of targets)
    await store.writeAtomically(
      join(directory, `compose.${runtime}.yaml`),
      overrideText(
        stack,
        new Map(
          verdicts.flatMap((each) =>
            each.runtime === runtime && each.verdict === 'moves' ? [[each.service, runtime] as const] : [],
          ),
        ),
      ),
    );
  return { move: record, directory, exitCode: exitCodeOf(record) };
}

/** Every service under the baseline, each alone under each target, and then all that started. */
async function tryAll(
  { reporter }: Pick<AppContext, 'reporter'>,
  plan: {
    readonly services: readonly string[];
    readonly targets: readonly string[];
    readonly baseline: string;
    readonly obstacles: readonly Obstacle[];
    readonly trials: Trials;
    readonly interrupt: AbortSignal;
  },
): Promise<readonly MoveTrial[]> {
  const { services, targets, baseline, obstacles, trials, interrupt } = plan;
  const tried: MoveTrial[] = [];
  const run = async (
    kind: MoveTrial['kind'],
    runtime: string,
    wanted: readonly string[],
    under: readonly string[],
  ) => {
    if (interrupt.aborted || wanted.length === 0) return [];
    const trial = await trials.run(kind, runtime, wanted, under);
    if (interrupt.aborted) return [];
    tried.push(trial);
    const failed = trial.services.filter(({ outcome }) => !runs(outcome)).map(({ service }) => service);
    const said =
      failed.length === 0
        ? text.runs({ seconds: Math.round(trial.seconds) })
        : text.fails({ services: listed(failed) });
    reporter.log(text.trying({ n: under.length, services: listed(under), runtime, said }));
    return trial.services.filter(({ outcome }) => runs(outcome)).map(({ service }) => service);
  };
  const reaching = new Set(obstacles.filter(({ kind }) => kind === 'host').map(({ service }) => service));
  const possible = services.filter((service) => !reaching.has(service));
  const native = await run('baseline', baseline, possible, possible);
  for (const target of targets) {
    const alone: string[] = [];
    for (const service of native)
      if (possible.includes(service) && (await run('alone', target, [service], [service])).includes(service))
        alone.push(service);
    // What fails with the others stays behind, and they are tried without it.
    for (let left = alone; left.length > 1; ) {
      const fine = await run('together', target, native, left);
      const next = left.filter((service) => fine.includes(service));
      if (next.length === left.length || interrupt.aborted) break;
      left = next;
    }
  }
  return tried;
}

function pickServices(stack: Stack, services: readonly string[]): Pick<Stack, 'services'> {
  const wanted = new Set(services);
  return {
    services: Object.fromEntries(Object.entries(stack.services).filter(([name]) => wanted.has(name))),
  };
}

/** OcibenchError (exit 2) with every image that the engine lacks. */
async function refuseMissingImages(
  compose: Compose,
  stack: Stack,
  services: readonly string[],
  file: string,
): Promise<void> {
  const missing = new Set(await compose.missingImages(services.map((service) => imageOf(stack, service))));
  const problems = services.flatMap((service) => {
    const image = imageOf(stack, service);
    if (!missing.has(image)) return [];
    const isBuilt = stack.services[service]?.build !== undefined;
    const place = { file, key: `services.${service}.${isBuilt ? 'build' : 'image'}` };
    return [problemOf(place, isBuilt ? why.notBuilt({ service }) : why.noImage({ image }))];
  });
  if (problems.length > 0) throw misuse(text.cannot, problems);
}

/** OcibenchError (exit 2) with every runtime that starts no container here. */
function refuseUnavailable(runtimes: readonly RuntimeFacts[], names: readonly string[]): void {
  const problems = runtimes.flatMap(({ entry, preflight }) =>
    names.includes(entry.name) && preflight.status === 'unavailable'
      ? [
          problemOf(
            { file: 'runtimes', key: entry.name },
            why.notAvailable({ reason: preflight.reason, fix: preflight.fix }),
          ),
        ]
      : [],
  );
  if (problems.length > 0) throw misuse(text.cannot, problems);
}

/** 1 where a service cannot move or none could be told. */
function exitCodeOf({ interrupted, verdicts }: Move): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  return verdicts.every(({ verdict }) => verdict === 'moves') ? exitCodes.ok : exitCodes.someFailed;
}
