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
import { parseDuration, parseList } from '../../../core/config/quantities.ts';
import { sayInFiles } from '../../../core/messages/command.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { recorded } from '../../../core/messages/record.ts';
import { type ExitCode, exitCodes, misuse, OcibenchError, problemOf } from '../../../core/model/error.ts';
import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import { type MoveRecord, moveVersion } from '../record.ts';
import { obstaclesOf } from '../stack/obstacles.ts';
import { overrideText } from '../stack/project.ts';
import { hasHealthCheck, imageOf, ownServices, pick, replicasOf, type Stack } from '../stack/stack.ts';
import { surveyed } from '../stack/survey.ts';
import { Compose } from '../trying/compose.ts';
import { settleMs } from '../trying/outcome.ts';
import { Trials } from '../trying/try.ts';
import { tryAll } from '../trying/try-all.ts';
import { verdictsOf } from '../verdicts.ts';

const text = notices('move', {
  cannot: 'the stack cannot be tried',
  interrupted: 'interrupted: removing what was started',
  nothingTried: 'interrupted before a service was tried',
  notHere: 'the engine runs elsewhere ({endpoint}): what a stack does is seen on its own host only',
  engine: 'engine: {kind}, Docker {version}; Docker Compose {compose}; {services} services of {stack}',
  left: 'not everything of {project} could be removed; to remove it:  @(clean)',
});
const why = reasons('move', {
  noTarget: { message: 'names no runtime to move to', fix: 'for example --to runsc' },
  baselineTarget: { message: 'is the baseline', fix: 'name another runtime, or another --baseline' },
  duration: {
    message: "must be a duration of three seconds or more, but is ''{value}''",
    fix: 'for example --healthy-within 60s',
  },
  noServices: { message: 'has no service without a profile', fix: 'name a file that has one' },
  noImage: { message: 'the image {image} is not there', fix: 'docker pull {image}' },
  notBuilt: { message: 'its image has not been built', fix: 'docker compose build {service}' },
  notAvailable: { message: '{reason}', fix: '{fix}' },
});

/** Flags of `ocibench move`. */
export interface MoveFlags {
  readonly to?: string;
  readonly healthyWithin?: string;
  readonly withNetwork?: boolean;
}

/** The record of a move, and its files. */
export interface MoveResult {
  readonly move: MoveRecord;
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
  const targets = [...parseList(flags.to ?? '')];
  const limitMs = flags.healthyWithin === undefined ? usualLimitMs : parseDuration(flags.healthyWithin);
  const configuration = await openConfiguration(app, request, { here: true });
  const { config, variants, daemonJson } = configuration.resolve({ preset: 'quick', ...request });
  const { baseline } = config;
  const problems = [
    ...(targets.length === 0 ? [problemOf({ file: '--to', key: '' }, why.noTarget)] : []),
    ...(targets.includes(baseline) ? [problemOf({ file: '--to', key: baseline }, why.baselineTarget)] : []),
    ...(limitMs === null || limitMs < settleMs
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
  const compose = new Compose(facts.endpoint, environment.workingDirectory, files);
  const composeVersion = await compose.version();
  const stack = await compose.config();
  const services = ownServices(stack);
  if (services.length === 0)
    throw misuse(text.cannot, [problemOf({ file: stack.name, key: 'services' }, why.noServices)]);
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
  const real = await surveyed(stack, engine.dataRoot);
  const families = new Map(runtimes.map(({ entry, family }) => [entry.name, family]));
  const obstacles = targets.map((runtime) => ({
    runtime,
    found: obstaclesOf(real, services, families.get(runtime) ?? 'other'),
  }));
  const reaching = new Set(
    obstacles.flatMap(({ found }) =>
      found.filter(({ kind }) => kind === 'host').map(({ service }) => service),
    ),
  );
  const possible = services.filter((service) => !reaching.has(service));
  // What reaches into the host is not even a dependency.
  const tried = { ...real, services: pick(real.services, new Set(possible)) };
  const trials = await tryAll(app, {
    ...{ possible, targets, baseline, stack: tried },
    trials: new Trials({
      ...{ compose, stack: tried, baseline, runId, hostPlace, limitMs, clock, explain },
      outside: flags.withNetwork ?? false,
      variables: await givenVariables(compose, tried),
      interrupt: interrupt.signal,
      onLeft: (project) => reporter.warn(text.left({ project })),
    }),
    interrupt: interrupt.signal,
  });
  const verdicts = obstacles.flatMap(({ runtime, found }) =>
    verdictsOf(services, runtime, baseline, { trials, stack: tried, obstacles: found }),
  );
  const record: MoveRecord = {
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

/** The variables that secrets and configurations are taken from, with their values. */
async function givenVariables(
  compose: Compose,
  { secrets, configs }: Stack,
): Promise<Readonly<Record<string, string>>> {
  const given = [...Object.values(secrets ?? {}), ...Object.values(configs ?? {})];
  const names = given.flatMap(({ environment: name }) => name ?? []);
  return names.length === 0 ? {} : compose.valuesOf([...new Set(names)]);
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
function exitCodeOf({ interrupted, verdicts }: MoveRecord): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  return verdicts.every(({ verdict }) => verdict === 'moves') ? exitCodes.ok : exitCodes.someFailed;
}
