import { statfs } from 'node:fs/promises';
import { countSandboxHelpers } from '../collect/process/foreign-sandboxes.ts';
import { configHash } from '../config/resolve.ts';
import { loadWorkloads } from '../config/workloads.ts';
import { diskShortage } from '../execute/disk-room.ts';
import { clockStepNs } from '../host/clock-step.ts';
import { readDockerdOptions } from '../host/dockerd-options.ts';
import { engineChecks, engineCpuCheck } from '../host/doctor/engine-checks.ts';
import { familyChecks } from '../host/doctor/family-checks.ts';
import { hostChecks, unseenHostChecks } from '../host/doctor/host-checks.ts';
import { readHostFacts } from '../host/facts.ts';
import { readHostDevices } from '../host/host-devices.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { dockerDiskFix } from '../model/disk-error.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { onThisMachine } from '../model/hidden-engine.ts';
import type { EngineConditions, HostFacts } from '../model/host.ts';
import type { ImageSource } from '../model/image.ts';
import { type ImageFacts, type ResolvedConfig, type RunRecord, schemaVersion } from '../model/run.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime.ts';
import type { Workload } from '../model/workload.ts';
import { chooseSubjects } from '../plan/choice.ts';
import { imagesOf, needsRunNetwork, type Subject, subjectRecords } from '../plan/subjects.ts';
import type { HostDevices } from '../runtimes/family.ts';
import { familyOfEntry, mayStartGuests } from '../runtimes/registry.ts';
import type { Environment } from './context.ts';
import { EngineError } from './engines.ts';
import { explainer, idleWorkload, preflightLimitOf, preflightWorkload, runPreflights } from './preflights.ts';
import { chooseRuntimes, type Registered, runtimesOfDaemon } from './registered.ts';
import { entriesAgain } from './resume.ts';
import type { Session } from './session.ts';

const text = notices('prepare', {
  diskFull: 'no space is left where Docker keeps its data, in {path}; {fix}',
  noNetwork:
    'the engine could make no network for the containers of the run ({why}); look at docker network ls, remove those that nobody uses (docker network prune), or widen default-address-pools in daemon.json',
  noWorkload: 'the workload {id} is missing',
});

/** A run before its first block: its record, what it measures, and how failures are explained. */
export interface Preparation {
  readonly run: RunRecord;
  readonly subjects: readonly Subject[];
  readonly explain: ReturnType<typeof explainer>;
  /** The run's own network; null where no workload needs one, or it cannot be made. */
  readonly network: string | null;
}

/**
 * OcibenchError (exit 3) with what makes room, where Docker's disk is full: containers and images would fail there one after
 * the other, in words that do not tell of it.
 */
async function refuseFullDisk({ engine }: Session): Promise<void> {
  const { dataRoot, facts } = engine;
  if (facts.kind === 'embedded' || !facts.local || dataRoot === null) return;
  if ((await diskShortage(dataRoot, false)) === null) return;
  throw new OcibenchError(text.diskFull({ path: dataRoot, fix: dockerDiskFix }), {
    exitCode: exitCodes.noEngine,
  });
}

/** Makes the network of a run, or tells why there is none. What else is wrong with the engine is thrown. */
async function runNetwork({
  engine,
  runId,
}: Session): Promise<{ name: string | null; missing: Message | null }> {
  try {
    return { name: await engine.createNetwork(runId), missing: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.connectionLost) throw error;
    return { name: null, missing: text.noNetwork({ why: error.message }) };
  }
}

/** The machine that the session's containers run on: this one, or the daemon's in the daemon's words. */
export async function hostOf({ engine }: Session): Promise<HostFacts> {
  return onThisMachine(engine.facts) ? readHostFacts() : engine.machine();
}

/** The runtimes of a session's engine that the configuration asks for, baseline first. */
export async function entriesOf(
  session: Session,
  registered: Registered,
  config: ResolvedConfig,
): Promise<readonly RuntimeEntry[]> {
  const { engine } = session;
  const all =
    engine.facts.kind === 'embedded' ? registered.entries : await runtimesOfDaemon(engine, registered);
  const source =
    engine.facts.kind === 'embedded' ? (registered.file ?? 'PATH') : `${registered.file ?? 'docker info'}`;
  return chooseRuntimes(all, config, source);
}

/** The runtimes of a session, each tried once, the images that were needed, and how failures are explained. */
export interface TriedRuntimes {
  readonly runtimes: RuntimeFacts[];
  readonly images: readonly ImageFacts[];
  readonly explain: ReturnType<typeof explainer>;
  /** Null where none of them may start virtual machines, or the engine's machine is not this one. */
  readonly devices: HostDevices | null;
}

/** What this host has for virtual machines, where an entry may start some. */
async function devicesFor(
  { engine }: Session,
  entries: readonly RuntimeEntry[],
): Promise<HostDevices | null> {
  const mayBe = entries.some((entry) => mayStartGuests(familyOfEntry(entry)));
  return mayBe && onThisMachine(engine.facts) ? readHostDevices() : null;
}

/**
 * Provides these images and the preflight's, and starts one container with every one of `entries`.
 * `extra`: registered beside them and not tried, but known where a failure is explained.
 */
export async function tryRuntimes(options: {
  readonly session: Session;
  readonly entries: readonly RuntimeEntry[];
  readonly registered: Registered;
  readonly config: Pick<ResolvedConfig, 'runtimes' | 'stepLimitMs'>;
  readonly host: HostFacts;
  readonly images: readonly ImageSource[];
  readonly extra?: readonly RuntimeEntry[];
  readonly interrupt: AbortSignal;
}): Promise<TriedRuntimes> {
  const { session, entries, registered, config, host, interrupt } = options;
  const all = await loadWorkloads();
  const workload = theWorkload(all, preflightWorkload);
  const idle = theWorkload(all, idleWorkload);
  const images = await session.provideImages([workload.image, idle.image, ...options.images]);
  const devices = await devicesFor(session, entries);
  const known = [...entries, ...(options.extra ?? [])];
  const explain = explainer({ entries: known, host, session, daemonJson: registered.file, devices });
  const runtimes = await runPreflights({
    session,
    entries,
    requested: config.runtimes,
    workload,
    idle,
    images,
    explain,
    limitOf: (entry) => preflightLimitOf(entry, config.stepLimitMs),
    interrupt,
  });
  return { runtimes, images, explain, devices };
}

export function theWorkload(workloads: readonly Workload[], id: string): Workload {
  const workload = workloads.find((candidate) => candidate.id === id);
  if (workload === undefined)
    throw new OcibenchError(text.noWorkload({ id }), { exitCode: exitCodes.misuse });
  return workload;
}

/** Nothing of a runtime that a record names is started before it was compared. Those of the embedded engine were, before it was. */
async function recordedEntries(
  { engine }: Session,
  entries: readonly RuntimeEntry[],
  { recorded, registered }: { readonly recorded: RunRecord | null; readonly registered: Registered },
): Promise<readonly RuntimeEntry[]> {
  if (recorded === null || engine.facts.kind === 'embedded') return entries;
  const source = { entries, file: registered.file ?? 'docker info' };
  return entriesAgain(recorded, source, { local: onThisMachine(engine.facts) });
}

/** Looks at host, engine and runtimes, provides the images, tries every runtime once, and writes down what will be measured. */
export async function prepareRun(options: {
  readonly session: Session;
  readonly config: ResolvedConfig;
  readonly registered: Registered;
  /** The run that goes on, whose runtimes a daemon that is not ours must still have as they were; null for a new one. */
  readonly recorded: RunRecord | null;
  /** Every workload that can be chosen. */
  readonly workloads: readonly Workload[];
  readonly environment: Pick<Environment, 'version' | 'isRoot'>;
  readonly startedAt: string;
  readonly interrupt: AbortSignal;
}): Promise<Preparation> {
  const { session, config, registered } = options;
  await refuseFullDisk(session);
  const host = await hostOf(session);
  const entries = await recordedEntries(session, await entriesOf(session, registered, config), options);
  const subjects = chooseSubjects(options.workloads, config);
  const { runtimes, images, explain, devices } = await tryRuntimes({
    session,
    entries,
    registered,
    config,
    host,
    images: subjects.flatMap(imagesOf),
    interrupt: options.interrupt,
  });
  const network = subjects.some(needsRunNetwork) ? await runNetwork(session) : null;
  const run: RunRecord = {
    schemaVersion,
    runId: session.runId,
    status: 'running',
    startedAt: options.startedAt,
    finishedAt: null,
    seed: config.seed,
    config,
    configHash: configHash(config),
    harnessVersion: options.environment.version,
    host,
    engine: { ...session.engine.facts, conditions: await conditionsOf(session) },
    runtimes,
    subjects: subjectRecords(subjects, runtimes, session.engine.facts, {
      noNetwork: network?.missing ?? null,
      isRoot: options.environment.isRoot,
    }),
    images: [...images],
    checks: await checksOf(session, host, runtimes, devices, options.environment),
    stopReason: null,
    sampler: null,
  };
  return { run, subjects, explain, network: network?.name ?? null };
}

/** What the daemon does to all containers, by its own words and, on this host, by its command line and configuration file. */
async function conditionsOf({ engine, dockerd }: Session): Promise<EngineConditions> {
  return { ...(await engine.conditions()), ...(dockerd === null ? {} : await readDockerdOptions(dockerd)) };
}

/** Doubts about the host and the engine, as doctor tells them. */
export async function checksOf(
  session: Session,
  host: HostFacts,
  runtimes: readonly RuntimeFacts[],
  devices: HostDevices | null,
  { isRoot }: Pick<Environment, 'isRoot'>,
  families: readonly RuntimeFacts['family'][] = runtimes.map(({ family }) => family),
): Promise<RunRecord['checks']> {
  const ofEngine = [
    ...engineChecks(session.engine.facts, host, families),
    ...familyChecks(families, runtimes, session.engine.facts, host, devices),
  ];
  if (!onThisMachine(session.engine.facts))
    return [...unseenHostChecks(await session.engine.otherContainers()), ...ofEngine];
  const freeBytes = async (path: string) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  };
  const { dataRoot } = session.engine;
  const circumstances = {
    root: isRoot,
    otherContainers: await session.engine.otherContainers(),
    freeBytes: await freeBytes(session.scratch ?? '.'),
    dockerDisk:
      dataRoot === null || session.engine.facts.kind === 'embedded'
        ? null
        : await freeBytes(dataRoot).then(
            (free) => ({ path: dataRoot, freeBytes: free }),
            () => null,
          ),
    clockStepNs: clockStepNs(),
    foreignSandboxes: session.engine.facts.local ? countSandboxHelpers() : null,
  };
  const { hostPlace } = session;
  const cpu =
    hostPlace === null
      ? []
      : [
          engineCpuCheck(
            'absent' in hostPlace.engineCgroups ? recalled(hostPlace.engineCgroups, 'absent') : null,
          ),
        ];
  return [...hostChecks(host, circumstances), ...ofEngine, ...cpu];
}
