import { findProgram } from '../files/programs.ts';
import { type DockerdElsewhere, dockerdElsewhere } from '../host/dockerd-options.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { shellWord } from '../messages/command.ts';
import { listed } from '../messages/compose.ts';
import { messages, notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { exitCodes, OcibenchError } from '../model/failure/error.ts';
import type { ResolvedConfig } from '../model/run/run.ts';
import { isLayerEngine } from '../model/runtime/engine-choice.ts';
import { pathWith } from '../model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import type { DaemonFlags } from './docker/context.ts';
import { connectTo, type Endpoint, findEndpoint } from './docker/endpoint.ts';
import { startEmbedded } from './embedded/engine.ts';
import type { ContainerEngine } from './engine.ts';
import { helpLines } from './help-lines.ts';
import type { EngineResources, OpenEngine } from './open-engine.ts';
import { openLayerEngine } from './open-layer.ts';
import { makeScratch, removeScratch } from './scratch.ts';

const text = notices('engine', {
  withHelp: '{what}; what would help:\n  {lines}',
  noEmbedded: 'the embedded engine cannot start here; what would help:\n  {lines}',
});

const words = messages('engine', {
  runsElsewhere:
    'a dockerd of this host (process {pid}) listens at {hosts}, not at {socket}; to measure it, set  {set}',
  configuredElsewhere: '{file} has dockerd listen at {hosts}, not at {socket}; to measure it, set  {set}',
  embeddedNow: 'note: {found}; this run uses the embedded engine',
  startDocker: 'start Docker:  systemctl start docker   (or set DOCKER_HOST)',
  embeddedInstead: 'or a private engine:  @(sudo run --engine embedded)',
  shorterState:
    'choose a shorter directory for the state of runs:  OCIBENCH_STATE=DIR   ({directory} has {n} characters; beyond {max}, paths of sockets in it are too long, unix(7))',
  needsRoot: '@(sudo run)   (namespaces and cgroups need root)',
  needsPrograms:
    'install {programs}:  @(sudo doctor --install)   (or: apt-get install -y docker.io containerd iproute2)',
});

const embeddedPrograms = ['dockerd', 'containerd', 'unshare', 'setpriv', 'ip', 'mount'] as const;

/** Tries twice, because a call may fail by accident; `ocibench clean` removes the rest. */
async function removeContainersOf(engine: ContainerEngine, runId: string): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const all = await engine.ourContainers().catch(() => null);
    const own = (all ?? []).filter((container) => container.runId === runId);
    if (all !== null && own.length === 0) return;
    for (const { id } of own)
      await engine.forceRemove(id, AbortSignal.timeout(30_000)).catch(() => undefined);
  }
}

/** Called after the containers' removal; the next start or `ocibench clean` removes the rest. */
async function removeNetworksOf(engine: ContainerEngine, runId: string): Promise<void> {
  for (const network of await engine.ourNetworks().catch(() => []))
    if (network.runId === runId) await engine.removeNetwork(network.id).catch(() => undefined);
}

/** A known daemon that does not answer a ping within this time counts as lost, ms. */
const lostAfterMs = 5_000;

/** Opens a running daemon. OcibenchError (exit 3) if it does not answer. */
async function openDocker(runId: string, endpoint: Endpoint): Promise<OpenEngine> {
  const { engine, close } = await connectTo(endpoint);
  // Made even where containers cannot use it: it shows other commands on this host that the run is alive.
  const scratch = await makeScratch(runId);
  return {
    engine,
    scratch: engine.facts.local ? scratch : null,
    networkNamespace: null,
    lost: () => engine.unreachable(lostAfterMs),
    close: async () => {
      await removeContainersOf(engine, runId);
      await removeNetworksOf(engine, runId);
      await removeScratch(scratch);
      await close();
    },
  };
}

/**
 * Longest path of a state directory. It must leave room for the longest path of a socket below it,
 * `/runs/20261126-202612-924c-engine2/containerd.sock.ttrpc`: containerd refuses more than 104 characters (unix(7) allows 107).
 */
const maxStateDirectory = 104 - '/runs/20261126-202612-924c-engine2/containerd.sock.ttrpc'.length;

/** Commands that would provide what the embedded engine lacks here; empty if it can start. */
async function embeddedObstacles(asked: EngineResources['asked']): Promise<readonly Message[]> {
  const obstacles: Message[] = [];
  if (process.getuid?.() !== 0) obstacles.push(words.needsRoot);
  const directory = stateDirectory();
  const n = Buffer.byteLength(directory);
  if (n > maxStateDirectory) obstacles.push(words.shorterState({ directory, n, max: maxStateDirectory }));
  const missing = [];
  const { path = [], containerd = [] } = asked?.engine ?? {};
  const places: Readonly<Record<string, readonly string[]>> = { dockerd: path, containerd };
  for (const program of embeddedPrograms) {
    const found = await findProgram(program, pathWith(places[program] ?? [], process.env.PATH));
    if (found === null) missing.push(program);
  }
  if (missing.length > 0) obstacles.push(words.needsPrograms({ programs: listed(missing) }));
  return obstacles;
}

async function openEmbedded(place: EngineResources, runtimes: readonly RuntimeEntry[]): Promise<OpenEngine> {
  const obstacles = await embeddedObstacles(place.asked);
  if (obstacles.length > 0)
    throw new OcibenchError(text.noEmbedded({ lines: helpLines(obstacles) }), {
      exitCode: exitCodes.noEngine,
    });
  const { runId, asked } = place;
  const embedded = await startEmbedded({
    runId,
    runtimes,
    cgroup: await place.prepareCgroup(),
    number: asked?.number ?? 1,
    asked: asked?.engine ?? null,
  });
  const { engine, scratch, networkNamespace, environment, programs, stop } = embedded;
  return {
    engine,
    scratch,
    networkNamespace,
    environment,
    programs,
    lost: async () => embedded.lost(),
    close: stop,
  };
}

/** Where TCP of any address of this machine is reached from itself. */
function fromHere(host: string, tls: boolean): string {
  const [, name = '', port = tls ? '2376' : '2375'] = /^tcp:\/\/(.*?)(?::(\d+))?\/?$/.exec(host) ?? [];
  return `tcp://${['', '0.0.0.0', '[::]'].includes(name) ? '127.0.0.1' : name}:${port}`;
}

/** The variables, for a shell, that name a daemon. */
function variablesFor({ hosts: [host], tls }: DockerdElsewhere): string {
  if (!host.startsWith('tcp:')) return `DOCKER_HOST=${shellWord(host)}`;
  const name = `DOCKER_HOST=${shellWord(fromHere(host, tls))}`;
  return tls ? `${name} DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=DIR` : `${name}   (--set insecureTcp=true)`;
}

/** A dockerd of this host that does not listen at the default socket, and how to name it; null where there is none. */
async function elsewhere(socket: string): Promise<Message | null> {
  const found = await dockerdElsewhere();
  if (found === null) return null;
  const { pid, file, hosts } = found;
  const values = { hosts: listed(hosts.slice(0, 3)), socket, set: variablesFor(found) };
  return pid === null
    ? words.configuredElsewhere({ ...values, file })
    : words.runsElsewhere({ ...values, pid: String(pid) });
}

/** Adds commands that would help to an error of exit 3; other errors stay unchanged. */
function withHelp(error: unknown, lines: readonly Message[]): unknown {
  if (!(error instanceof OcibenchError) || error.exitCode !== exitCodes.noEngine) return error;
  const what = recalled(error, 'message');
  return new OcibenchError(text.withHelp({ what, lines: helpLines(lines) }), {
    exitCode: exitCodes.noEngine,
    problems: error.problems,
    cause: error,
  });
}

/**
 * Opens the requested engine. `auto` takes the daemon that DOCKER_HOST or a context names, else the one at the default
 * socket if it answers, else the embedded engine: a daemon that the user named is never replaced. OcibenchError (exit
 * 3) with the commands that would help where none is possible.
 */
export async function openEngine(
  choice: ResolvedConfig['engine'],
  place: EngineResources,
  runtimes: readonly RuntimeEntry[],
  daemon: DaemonFlags = {},
): Promise<OpenEngine> {
  if (choice === 'embedded') return openEmbedded(place, runtimes);
  if (isLayerEngine(choice)) return openLayerEngine(choice, place, runtimes);
  const endpoint = await findEndpoint(daemon);
  try {
    return await openDocker(place.runId, endpoint);
  } catch (error) {
    if (endpoint.named) throw error;
    if (!(error instanceof OcibenchError) || error.exitCode !== exitCodes.noEngine) throw error;
    const found = await elsewhere(endpoint.address.shown);
    const first = [...(found === null ? [] : [found]), words.startDocker];
    if (choice === 'docker') throw withHelp(error, [...first, words.embeddedInstead]);
    const obstacles = await embeddedObstacles(place.asked);
    if (obstacles.length > 0) throw withHelp(error, [...first, ...obstacles]);
    const opened = await openEmbedded(place, runtimes);
    return found === null ? opened : { ...opened, note: words.embeddedNow({ found }) };
  }
}
