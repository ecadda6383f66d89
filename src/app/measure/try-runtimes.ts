import { loadWorkloads } from '../../core/config/workloads.ts';
import { readDockerdOptions, readDockerdRuntimes } from '../../core/host/dockerd-options.ts';
import { readGuestConfiguration } from '../../core/host/guest-configuration.ts';
import { readHostDevices } from '../../core/host/host-devices.ts';
import { foundElsewhere } from '../../core/host/runtimes.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import { misuse, OcibenchError } from '../../core/model/failure/error.ts';
import type { HostFacts } from '../../core/model/machine/host.ts';
import type { ImageFacts, ResolvedConfig } from '../../core/model/run/run.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import { onThisMachine } from '../../core/model/runtime/unreachable-engine.ts';
import { defaultLayer } from '../../core/model/trial/cell.ts';
import type { ImageSource } from '../../core/model/workload/image.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import type { HostDevices } from '../../core/runtimes/guest/facts.ts';
import { familyOfEntry, mayStartGuests, runsModulesOnly } from '../../core/runtimes/registry.ts';
import type { Session } from './engine-session.ts';
import {
  explainer,
  idleWorkload,
  modulePreflightWorkload,
  preflightLimitOf,
  preflightWorkload,
  runPreflights,
} from './preflights.ts';
import { fileOfDaemon, type RegisteredRuntimes, runtimesOfEngine } from './registered.ts';

const text = notices('prepare', { noWorkload: 'the workload {id} is missing' });

/** The runtimes of a session's engine that the configuration selects, baseline first. */
export async function entriesOf(
  session: Session,
  registered: RegisteredRuntimes,
  config: ResolvedConfig,
): Promise<readonly RuntimeEntry[]> {
  const entries = await runtimesOfEngine(session.engine, registered, config);
  // The daemon lists the name alone, and its file may be another one than the default.
  const isUnknown = ({ origin, path }: RuntimeEntry) => origin === 'engine' && path === undefined;
  if (session.dockerd === null || !entries.some(isUnknown)) return entries;
  const declared = await readDockerdRuntimes(session.dockerd);
  return entries.map((entry) => {
    const own = isUnknown(entry) ? declared.find(({ name }) => name === entry.name) : undefined;
    return own === undefined ? entry : { ...own, origin: 'engine' };
  });
}

/** Result of trying each runtime of a session once: runtimes, images, and the explainer of failures. */
export interface TriedRuntimes {
  readonly runtimes: RuntimeFacts[];
  readonly images: readonly ImageFacts[];
  readonly explain: ReturnType<typeof explainer>;
  /** The file that registers the runtimes; null where there is none. */
  readonly daemonJson: string | null;
  /** The workloads of the preflights, and the one that keeps a container running. */
  readonly workload: Workload;
  /** Absent where no runtime for modules was tried. */
  readonly module?: Workload;
  readonly idle: Workload;
  /** null where no runtime may start virtual machines, or the engine's machine is not this one. */
  readonly devices: HostDevices | null;
}

/** This host's devices for virtual machines; read where an entry may start some. */
async function devicesFor(
  { engine }: Session,
  entries: readonly RuntimeEntry[],
): Promise<HostDevices | null> {
  const mayBe = entries.some((entry) => mayStartGuests(familyOfEntry(entry)));
  if (!mayBe || !onThisMachine(engine.facts)) return null;
  const kernels = entries.flatMap((entry) => readGuestConfiguration(entry)?.kernel ?? []);
  return readHostDevices({ kernels });
}

/**
 * Provides these images and the preflight's, and starts one container with each of `entries`.
 */
export async function tryRuntimes(options: {
  readonly session: Session;
  readonly entries: readonly RuntimeEntry[];
  readonly registered: RegisteredRuntimes;
  readonly config: Pick<ResolvedConfig, 'runtimes' | 'stepLimitMs'>;
  readonly host: HostFacts;
  /** False: runtimes for WebAssembly modules are not tried, since the image with the modules is built for that alone. */
  readonly hasModules?: boolean;
  readonly images: readonly ImageSource[];
  /** Those of them that a further engine of the run needs, by its name; absent: all. */
  readonly imagesIn?: (engine: string) => readonly ImageSource[];
  readonly interrupt: AbortSignal;
}): Promise<TriedRuntimes> {
  const { session, entries, registered, config, host, interrupt, hasModules = true } = options;
  const all = await loadWorkloads();
  const tried = preflightWorkloads(entries, hasModules).map((id) => theWorkload(all, id));
  const [workload, idle, module] = tried as [Workload, Workload, Workload?];
  const workloads = { workload, idle, ...(module === undefined ? {} : { module }) };
  const own = tried.map(({ image }) => image);
  const { imagesIn = () => options.images } = options;
  // An image that doctor needs for modules alone is no reason to try nothing else.
  const isOptional = module !== undefined && options.hasModules === undefined;
  const needed = isOptional ? own.filter((image) => image !== module.image) : own;
  const provided = await session.provideImages([...needed, ...options.images], (engine) => [
    ...needed,
    ...imagesIn(engine),
  ]);
  const modules: OptionalImage = isOptional ? await provideIfPossible(session, module.image) : { images: [] };
  const images = [...provided, ...modules.images];
  const startable =
    modules.missing === undefined ? workloads : { workload, idle, noModuleImage: modules.missing };
  const devices = await devicesFor(session, entries);
  const elsewhere = onThisMachine(session.engine.facts)
    ? await foundElsewhere(entries)
    : new Map<string, string>();
  const daemonJson = fileOfDaemon(registered.file, session.engine.facts);
  const unreported = session.dockerd === null ? {} : await readDockerdOptions(session.dockerd);
  const explainSince = (started: ReadonlySet<string>) =>
    explainer({ entries, host, session, daemonJson, unreported, devices, elsewhere, started });
  const runtimes = await runPreflights({
    session,
    entries,
    requested: config.runtimes,
    layer: session.layers?.first ?? defaultLayer,
    ...startable,
    images,
    explain: explainSince(new Set()),
    daemonJson,
    limitOf: (entry) => preflightLimitOf(entry, config.stepLimitMs, session.engine.facts),
    interrupt,
  });
  const started = runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available' ? [entry.name] : [],
  );
  const explain = explainSince(new Set(started));
  return { runtimes, images, explain, daemonJson, ...workloads, devices };
}

/** An image that may be missing. */
interface OptionalImage {
  readonly images: readonly ImageFacts[];
  /** Why it cannot be provided, where that is no fault of the engine's. */
  readonly missing?: Message;
}

async function provideIfPossible(session: Session, image: ImageSource): Promise<OptionalImage> {
  try {
    return { images: await session.provideImages([image]) };
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    return { images: [], missing: recalled(error, 'message') };
  }
}

/** Ids of the workloads that these runtimes are tried with; that for WebAssembly only where one needs it. */
function preflightWorkloads(entries: readonly RuntimeEntry[], hasModules: boolean): readonly string[] {
  const needsModule = hasModules && entries.some((entry) => runsModulesOnly(familyOfEntry(entry)));
  return [preflightWorkload, idleWorkload, ...(needsModule ? [modulePreflightWorkload] : [])];
}

/** The images of the preflights' containers; `hasModules`: see {@link tryRuntimes}. */
export async function preflightImages(
  entries: readonly RuntimeEntry[],
  hasModules: boolean,
): Promise<readonly ImageSource[]> {
  const all = await loadWorkloads();
  return preflightWorkloads(entries, hasModules).map((id) => theWorkload(all, id).image);
}

/** The workload with this id. OcibenchError (exit 2) where there is none. */
export function theWorkload(workloads: readonly Workload[], id: string): Workload {
  const workload = workloads.find((candidate) => candidate.id === id);
  if (workload === undefined) throw misuse(text.noWorkload({ id }));
  return workload;
}
