import { detectCgroupLayout } from '../collect/cgroup/detect.ts';
import { runCgroup } from '../collect/cgroup/names.ts';
import { removeRunCgroups } from '../collect/cgroup/run.ts';
import { openEngineCgroup, systemEngineCgroups } from '../collect/engine-cgroup.ts';
import { findEngineDaemons } from '../collect/engine-daemons.ts';
import { kataOverheadsFile, openKataOverheads } from '../collect/kata-overheads.ts';
import { type EngineGuard, guardEngine } from '../execute/engine-guard.ts';
import type { HostPlace } from '../execute/host-observer.ts';
import { openProber, type Prober } from '../execute/prober.ts';
import { type RunnerOptions, type TrialRunner, trialRunner } from '../execute/runner.ts';
import { watchPauses } from '../execute/suspend-detection.ts';
import { isEmulated } from '../host/emulation.ts';
import { registerRun, runtimeDirectory, unregisterRun } from '../host/run-registry.ts';
import { listed } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import { defaultLayer, type Layer } from '../model/cell.ts';
import { engineTraits } from '../model/engine-kind.ts';
import type { ImageSource } from '../model/image.ts';
import type { ImageFacts, ResolvedConfig } from '../model/run.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import type { Environment, Reporter } from './context.ts';
import { type DaemonFlags, type OpenEngine, openEngine } from './engines.ts';
import { provideImages } from './images.ts';
import { lostLayer, type OpenLayers, openLayers } from './layers.ts';
import { tracedCalls } from './trace.ts';

const text = notices('session', {
  insecure:
    'warning: the way to {endpoint} is not protected (--insecure-tcp): whoever is in that network can read it, change it, and be root on that host',
  kept: 'kept: the files and the log of the embedded engine in {directory}; to remove them:  ocibench clean',
  notKept:
    'nothing is kept (--keep): the log of a daemon that ocibench did not start is its own, for example:  journalctl -u docker',
  cgroupsLeft: 'cgroups of this run could not be removed: {cgroups}',
  cgroupsLeftToRoot:
    'left behind: {n} empty cgroups of this run, which only root can remove:  sudo ocibench clean',
});

/** Inputs of trials beside those of the session. */
interface SessionTrials
  extends Pick<
    RunnerOptions,
    'subjects' | 'explain' | 'interrupt' | 'baseline' | 'network' | 'limits' | 'samplePeriodMs' | 'watch'
  > {
  readonly images: readonly ImageFacts[];
}

/** How to open a session. */
export interface SessionOptions {
  readonly daemon: DaemonFlags;
  readonly reporter: Reporter;
  readonly environment: Pick<Environment, 'cacheDirectory' | 'isRoot'>;
  /** Keep the embedded engine's scratch directory, and log its path. */
  readonly keep?: boolean;
  /** The layers of the run; default: the engine's own alone. */
  readonly layers?: readonly Layer[];
  /** Names of the runtimes that are started at other layers than the engine's own; default: all. */
  readonly compared?: readonly string[] | null;
}

/** An open engine with the images that it needs. Disposing of it removes everything. */
export interface Session extends Omit<OpenEngine, 'close'>, AsyncDisposable {
  readonly runId: string;
  /** null where the engine is on another host. */
  readonly hostPlace: HostPlace | null;
  /** Host pid of the engine's dockerd; null where unknown. */
  readonly dockerd: number | null;
  /** Sends requests to servers in containers; started on first use. */
  readonly prober: Prober;
  /** The layers of the run; default: the engine's own alone. */
  readonly layers?: OpenLayers;
  /** Distinguishes failures of the engine from those of runtimes. */
  readonly guard: EngineGuard;
  /** Builds or finds the images and imports them into the engine, each once. */
  provideImages(sources: readonly ImageSource[]): Promise<readonly ImageFacts[]>;
  /** Makes what runs trials in this session. */
  trials(options: SessionTrials): TrialRunner;
}

/** Makes what runs the trials of a session of these parts. */
export function sessionTrials(
  parts: Pick<
    RunnerOptions,
    'engine' | 'alone' | 'runId' | 'scratch' | 'hostPlace' | 'prober' | 'guard' | 'pauses'
  >,
): Session['trials'] {
  return ({ images, ...own }) =>
    trialRunner({
      ...own,
      ...parts,
      images: new Map(images.map((image) => [image.recipe, image.reference])),
    });
}

/** Timeout for the last process in a Kata cgroup to be reaped after the engine has ended, ms. */
const overheadsLimitMs = 3_000;

/** dockerd makes the cgroups of trials as root even where ocibench is not root, and only root can remove them. */
function reportLeftCgroups(left: readonly string[], { reporter, environment }: SessionOptions): void {
  if (left.length === 0) return;
  reporter.warn(
    environment.isRoot
      ? text.cgroupsLeft({ cgroups: listed(left.slice(0, 3), 'semicolon') })
      : text.cgroupsLeftToRoot({ n: left.length }),
  );
}

function reportKept(directory: string, { reporter }: Pick<SessionOptions, 'reporter'>): void {
  reporter.warn(text.kept({ directory }));
}

/** The engine as a session uses it; traces every call with `--verbose`. */
export function usedEngine(
  { engine }: Pick<OpenEngine, 'engine'>,
  { reporter, keep }: Pick<SessionOptions, 'reporter' | 'keep'>,
): OpenEngine['engine'] {
  if (keep && !engineTraits(engine.facts).isPrivate) reporter.warn(text.notKept);
  return reporter.isVerbose ? tracedCalls(engine, reporter) : engine;
}

/** Opens the engine of the configuration. OcibenchError (exit 3) where no engine can be used. */
export async function openSession(
  runId: string,
  choice: ResolvedConfig['engine'],
  entries: readonly RuntimeEntry[],
  options: SessionOptions,
): Promise<Session> {
  const layout = detectCgroupLayout();
  const engineCgroup = openEngineCgroup(layout, runId);
  await using opening = new AsyncDisposableStack();
  await registerRun(runId);
  opening.defer(async () => {
    reportLeftCgroups(await removeRunCgroups(layout, runId), options);
    await unregisterRun(runId);
  });
  const overheads = openKataOverheads(layout, kataOverheadsFile(runtimeDirectory, runId));
  const place = {
    runId,
    async prepareCgroup() {
      engineCgroup.prepare();
      return runCgroup('cgroupfs', runId);
    },
    ...(options.keep ? { onKept: (directory: string) => reportKept(directory, options) } : {}),
  };
  const opened = await openEngine(choice, place, entries, options.daemon);
  opening.defer(async () => {
    await opened.close();
    await overheads.remove([], overheadsLimitMs);
  });
  const engine = usedEngine(opened, options);
  const { facts } = engine;
  if (facts.transport === 'tcp') options.reporter.log(text.insecure({ endpoint: facts.endpoint }));
  const guard = await guardEngine(engine);
  opening.defer(guard.close);
  const pauses = opening.use(await watchPauses({ emulated: isEmulated() }));
  const prober = openProber(opened.networkNamespace);
  opening.defer(prober.close);
  const driver = facts.cgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs';
  const daemons = findEngineDaemons(facts.endpoint.replace(/^unix:\/\//, ''));
  const engineCgroups = engineTraits(facts).isPrivate
    ? { paths: [engineCgroup.path] }
    : systemEngineCgroups(layout, daemons);
  const hostPlace = facts.local ? ({ layout, driver, runId, engineCgroups, overheads } as const) : null;
  const { layers: asked = [defaultLayer] } = options;
  const layers = await openLayers(asked, opened, entries, hostPlace, {
    isRoot: options.environment.isRoot,
    compared: options.compared,
  });
  for (const each of layers.engines.values()) opening.defer(() => each.close());
  const open = opening.move();
  return {
    ...opened,
    engine,
    runId,
    hostPlace,
    dockerd: facts.local && 'dockerd' in daemons ? daemons.dockerd : null,
    prober,
    guard,
    lost: async () => guard.lost() ?? (await opened.lost()) ?? (await lostLayer(layers)),
    layers,
    async provideImages(sources) {
      const having = { ...options.environment, reporter: options.reporter };
      const own = sources.filter((source) => typeof source === 'string' || !('reference' in source));
      for (const each of layers.engines.values()) await provideImages(each, own, having);
      return provideImages(engine, sources, having);
    },
    trials: sessionTrials({
      engine,
      alone: layers.engines,
      runId,
      scratch: opened.scratch,
      hostPlace,
      prober,
      guard,
      pauses,
    }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
