import type { AppContext } from '../../../app/context.ts';
import { hostOf } from '../../../app/host-checks.ts';
import type { Session } from '../../../app/measure/engine-session.ts';
import { entriesOf, tryRuntimes } from '../../../app/measure/try-runtimes.ts';
import { notices } from '../../../core/messages/define.ts';
import { exitCodes, OcibenchError } from '../../../core/model/failure/error.ts';
import type { HostFacts } from '../../../core/model/machine/host.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import type { Load } from '../cost/load.ts';
import type { HeldSources } from '../stack/held-sources.ts';
import { type Obstacle, obstaclesOf } from '../stack/obstacles.ts';
import { ownServices, pick, type Stack } from '../stack/stack.ts';
import { surveyed } from '../stack/survey.ts';
import { Compose } from '../trying/compose.ts';
import { DockerProgram } from '../trying/docker-program.ts';
import type { TryPlace } from '../trying/try.ts';
import type { MoveRequest } from './request.ts';
import { chosenServices, refuseMissingImages, refuseReachingLoad, refuseUnavailable } from './settings.ts';

const text = notices('move', {
  nothingTried: 'interrupted before a service was tried',
  engine:
    'engine: {kind}, Docker {version}; Docker Compose {compose}; {services, plural, one {1 service} other {{services} services}} of {stack}',
});

/** A stack, and the engine that it is tried in. */
export interface PreparedMove {
  readonly docker: DockerProgram;
  readonly compose: Compose;
  readonly composeVersion: string;
  readonly host: HostFacts;
  readonly runtimes: readonly RuntimeFacts[];
  readonly explain: TryPlace['explain'];
  readonly stack: Stack;
  /** Of the stack, without the load. */
  readonly services: readonly string[];
  readonly load: Load | null;
  /** What keeps a service from a target. */
  readonly obstacles: readonly { readonly runtime: string; readonly found: readonly Obstacle[] }[];
  /** The services that may be started here. */
  readonly possible: readonly string[];
  /** The stack of these, and of what they need. */
  readonly tried: Stack;
}

/**
 * Reads the stack and tries the runtimes, before a service is started. What its mounts lead to is `held`. OcibenchError: exit 2
 * where stack or request are wrong, 130 at an interruption.
 */
export async function prepareMove(
  app: AppContext,
  { config, registered, flags, asked, files, file }: MoveRequest,
  session: Session,
  held: HeldSources,
  interrupt: AbortSignal,
): Promise<PreparedMove> {
  const { engine } = session;
  const { workingDirectory } = app.environment;
  const docker = new DockerProgram(engine.facts.endpoint, workingDirectory);
  const compose = new Compose(docker, workingDirectory, files);
  const composeVersion = await compose.version();
  const stack = await compose.config();
  const chosen = chosenServices(stack, ownServices(stack), flags, asked, file);
  const { services, load } = chosen;
  const needed = load?.kind === 'service' ? [...services, load.name] : services;
  await refuseMissingImages(compose, stack, needed, file);
  const { kind, version } = engine.facts;
  app.reporter.log(
    text.engine({ kind, version, compose: composeVersion, services: services.length, stack: stack.name }),
  );
  const host = await hostOf(session);
  const { runtimes, explain } = await tryRuntimes({
    session,
    registered,
    config,
    host,
    images: [],
    interrupt,
    entries: await entriesOf(session, registered, config),
  });
  refuseInterrupted(interrupt);
  refuseUnavailable(runtimes, [config.baseline, ...asked.targets]);
  const real = await surveyed(stack, engine.dataRoot, held);
  refuseReachingLoad(real, load, file);
  const obstacles = asked.targets.map((runtime) => {
    const family = runtimes.find(({ entry }) => entry.name === runtime)?.family ?? 'other';
    return { runtime, found: obstaclesOf(real, services, family) };
  });
  const reaching = new Set(
    obstacles.flatMap(({ found }) =>
      found.flatMap(({ kind, service }) => (kind === 'host' ? [service] : [])),
    ),
  );
  // What reaches into the host is not even a dependency.
  const left = new Set(needed.filter((service) => !reaching.has(service)));
  return {
    docker,
    compose,
    composeVersion,
    host,
    runtimes,
    explain,
    stack,
    services,
    load,
    obstacles,
    possible: services.filter((service) => !reaching.has(service)),
    tried: { ...real, services: pick(real.services, left) },
  };
}

/** OcibenchError (exit 130) after an interruption, while nothing has been tried. */
export function refuseInterrupted(interrupt: AbortSignal): void {
  if (interrupt.aborted) throw new OcibenchError(text.nothingTried, { exitCode: exitCodes.interrupted });
}
