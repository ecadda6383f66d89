import { type CgroupLayout, detectCgroupLayout } from '../../core/collect/cgroup/layout.ts';
import { engineTree } from '../../core/collect/cgroup/names.ts';
import { removeRunCgroups } from '../../core/collect/cgroup/run.ts';
import { openEngineCgroup, systemEngineCgroups } from '../../core/collect/engine-cgroup.ts';
import { findContainerd, findEngineDaemons } from '../../core/collect/engine-daemons.ts';
import {
  type KataOverheads,
  kataOverheadsFile,
  openKataOverheads,
} from '../../core/collect/kata-overheads.ts';
import { isEmulated } from '../../core/host/facts.ts';
import { registerRun, runtimeDirectory, unregisterRun } from '../../core/host/run-registry.ts';
import { guardEngine } from '../../core/measure/execute/engine-guard.ts';
import { openProber } from '../../core/measure/execute/prober.ts';
import { type RunnerOptions, trialRunner } from '../../core/measure/execute/runner.ts';
import { watchPauses } from '../../core/measure/execute/suspend-detection.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { OcibenchError } from '../../core/model/failure/error.ts';
import type { ResolvedConfig } from '../../core/model/run/run.ts';
import { engineTraits } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import { defaultLayer } from '../../core/model/trial/cell.ts';
import type { EngineSession, OpenLayers, Session, SessionOptions } from './engine-session.ts';
import { type EngineResources, openEngine } from './engines.ts';
import { provideImages } from './images.ts';
import { cgroupsForLayers, lostLayer, openLayers } from './layers.ts';
import { severalEngines } from './several-engines.ts';
import { writtenDown } from './used-engine.ts';

const text = notices('session', {
  insecure:
    'warning: the connection to {endpoint} is not protected (--set insecureTcp=true): anyone on that network can read it, change it and become root on that host',
  notStarted: 'dockerd does not start with these settings: {said}',
  cgroupsLeft: 'cgroups of this run could not be removed: {cgroups}',
  cgroupsLeftToRoot:
    'left behind: {n, plural, one {{n} empty cgroup} other {{n} empty cgroups}} of this run, which only root can remove:  @(sudo clean)',
});

/** Makes the runner of a session's trials from its parts. */
export function sessionTrials(
  parts: Pick<
    RunnerOptions,
    'engine' | 'alone' | 'runId' | 'scratch' | 'hostPlace' | 'prober' | 'guard' | 'pauses'
  >,
): EngineSession['trials'] {
  return ({ images, ...own }) =>
    trialRunner({
      ...own,
      ...parts,
      images: new Map(images.map((image) => [image.recipe, image.reference])),
    });
}

/** Timeout for the last processes in Kata's cgroups to be reaped after the engines have ended, ms. */
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

/** The reason that a daemon gave for its end: the last line of its log that is neither ocibench's nor merely informative. */
export function lastSaid({ message }: OcibenchError): string {
  const lines = message
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^ocibench: | level=info /.test(line));
  return (lines.at(-1) ?? message).slice(0, saidLimit);
}

/** A daemon's reason is cut at this length, UTF-16 units. */
const saidLimit = 400;

/** State shared by the engines of one run. */
interface SharedSessionState {
  readonly runId: string;
  readonly layout: CgroupLayout;
  readonly overheads: KataOverheads;
  /** Closes what was opened. */
  readonly opening: AsyncDisposableStack;
  readonly options: SessionOptions;
}

/** An engine as a session has it, before it can run trials. */
type EngineSessionParts = Omit<EngineSession, 'provideImages' | 'trials'>;

/** Opens one engine. `asked`: the engine named by the run, and its number from 1; null where the run names none. */
async function openPart(
  { runId, layout, overheads, opening, options }: SharedSessionState,
  choice: ResolvedConfig['engine'],
  entries: readonly RuntimeEntry[],
  asked: EngineResources['asked'] | null,
): Promise<EngineSessionParts> {
  const number = asked?.number ?? 1;
  const engineCgroup = openEngineCgroup(layout, runId, number);
  const place: EngineResources = {
    runId,
    asLayer: {
      ...cgroupsForLayers(layout, runId),
      cgroupVersion: layout.kind === 'v2' ? '2' : '1',
      compared: options.compared ?? null,
    },
    async prepareCgroup() {
      engineCgroup.prepare();
      return engineTree(runId, number);
    },
    ...(asked === null ? {} : { asked }),
  };
  const opened = await openEngine(choice, place, entries, options.daemon);
  opening.defer(() => opened.close());
  const engine = writtenDown(opened.engine, overheads, entries);
  const { facts } = engine;
  if (opened.note !== undefined) options.reporter.warn(opened.note);
  if (facts.transport === 'tcp') options.reporter.log(text.insecure({ endpoint: facts.endpoint }));
  const guard = await guardEngine(engine);
  opening.defer(guard.close);
  const prober = openProber(opened.networkNamespace);
  opening.defer(prober.close);
  const driver = facts.cgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs';
  const socket = facts.endpoint.replace(/^unix:\/\//, '');
  const daemons =
    facts.kind === 'containerd' ? findContainerd(socket) : findEngineDaemons(engine.dockerd ?? socket);
  const engineCgroups = engineTraits(facts).isPrivate
    ? { paths: [engineCgroup.path] }
    : systemEngineCgroups(layout, daemons);
  return {
    ...opened,
    engine,
    runId,
    prober,
    guard,
    hostPlace: facts.local ? { layout, driver, runId, engineCgroups, overheads } : null,
    dockerd: facts.local && 'dockerd' in daemons ? daemons.dockerd : null,
    lost: async () => guard.lost() ?? (await opened.lost()),
  };
}

/** Opens the engines of the configuration. OcibenchError (exit 3) where one cannot be used. */
export async function openSession(
  runId: string,
  choice: ResolvedConfig['engine'],
  entries: readonly RuntimeEntry[],
  options: SessionOptions,
): Promise<Session> {
  const layout = detectCgroupLayout();
  await using opening = new AsyncDisposableStack();
  await registerRun(runId);
  opening.defer(async () => {
    const left = await removeRunCgroups(layout, runId);
    reportLeftCgroups(left, options);
    // Without the run's record nobody could tell later whose the remaining cgroups are.
    if (left.length === 0) await unregisterRun(runId);
  });
  const overheads = openKataOverheads(layout, kataOverheadsFile(runtimeDirectory, runId));
  // The engines are closed by then, and with them every container.
  opening.defer(() => overheads.remove('all', overheadsLimitMs).then(() => undefined));
  const shared = { runId, layout, overheads, opening, options };
  const [asked = null, ...further] = (options.engines ?? []).map((engine, at) => ({
    engine,
    number: at + 1,
  }));
  const first = await openPart(shared, choice, entries, asked);
  const others = new Map<string, EngineSessionParts>();
  const notStarted = new Map<string, Message>();
  for (const each of further)
    try {
      others.set(each.engine.name, await openPart(shared, choice, entries, each));
    } catch (error) {
      if (!each.engine.optional || !(error instanceof OcibenchError)) throw error;
      notStarted.set(each.engine.name, text.notStarted({ said: lastSaid(error) }));
    }
  const pauses = opening.use(await watchPauses({ emulated: isEmulated() }));
  const { layers: wanted = [defaultLayer] } = options;
  const { isRoot } = options.environment;
  const layers = await openLayers(wanted, first, entries, first.hostPlace, {
    isRoot,
    compared: options.compared,
  });
  for (const each of layers.engines.values())
    if (each !== first.layer?.engine) opening.defer(() => each.close());
  const having = { ...options.environment, reporter: options.reporter };
  const withTrials = (part: EngineSessionParts, alone?: OpenLayers['engines']): EngineSession => ({
    ...part,
    provideImages: (sources) => provideImages(part.engine, sources, having),
    trials: sessionTrials({ ...part, pauses, ...(alone === undefined ? {} : { alone }) }),
  });
  const own = withTrials(
    first,
    new Map([...layers.engines].map(([layer, each]) => [layer, writtenDown(each, overheads, entries)])),
  );
  const named = new Map<string, EngineSession>(asked === null ? [] : [[asked.engine.name, own]]);
  for (const [name, part] of others) named.set(name, withTrials(part));
  const open = opening.move();
  const engines = named.size === 0 ? own : { ...own, ...severalEngines(own, named) };
  return {
    ...engines,
    notStarted,
    lost: async () => (await engines.lost()) ?? (await lostLayer(layers)),
    layers,
    async provideImages(sources, sourcesOf = () => sources) {
      const built = sources.filter((source) => typeof source === 'string' || !('reference' in source));
      for (const each of layers.engines.values())
        if (each !== first.layer?.engine) await provideImages(each, built, having);
      // They are built by then: the others load them at the same time.
      const images = await own.provideImages(sources);
      await Promise.all(
        [...named].map(([name, each]) => (each === own ? null : each.provideImages(sourcesOf(name)))),
      );
      return images;
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
