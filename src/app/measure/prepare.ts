import { recordableEntry } from '../../core/config/engine-shape.ts';
import { configHash } from '../../core/config/resolve.ts';
import { workDefinition } from '../../core/config/work-definition.ts';
import { diskShortage } from '../../core/measure/execute/disk-room.ts';
import { measurableCells } from '../../core/measure/schedule/cells.ts';
import {
  besideModules,
  chooseSubjects,
  haveModules,
  withModulesFor,
} from '../../core/measure/schedule/choice.ts';
import { withoutSlow } from '../../core/measure/schedule/slow-runtimes.ts';
import {
  imagesOf,
  needsRunNetwork,
  type ScheduledSubject,
  subjectRecords,
  underEveryProfile,
  type WorkloadSubject,
} from '../../core/measure/schedule/subjects.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { exitCodes, misuse, OcibenchError, problemOf } from '../../core/model/failure/error.ts';
import { dockerDiskFix } from '../../core/model/machine/disk-error.ts';
import {
  enginesOf,
  layersOf,
  type ResolvedConfig,
  type RunRecord,
  type RunSubject,
  runRecordSchema,
  schemaVersion,
} from '../../core/model/run/run.ts';
import { engineTraits } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import { onThisMachine } from '../../core/model/runtime/unreachable-engine.ts';
import { formatParams } from '../../core/model/trial/cell.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import { runtimeCommand } from '../../core/runtimes/registry.ts';
import { checksOf, hostOf, whyNoEngineCpu } from '../host-checks.ts';
import type { Environment } from '../reporter.ts';
import type { Session } from './engine-session.ts';
import { EngineError } from './engines.ts';
import { atEveryEngine, measuredInEngines, scheduledLayers, workIn } from './layers.ts';
import type { explainer } from './preflights.ts';
import type { RegisteredRuntimes } from './registered.ts';
import { entriesAgain } from './resume.ts';
import { conditionsOf, tryEngines } from './try-engines.ts';
import { entriesOf, tryRuntimes } from './try-runtimes.ts';

const text = notices('prepare', {
  diskFull: 'no space is left where Docker keeps its data, in {path}; {fix}',
  tooLarge: 'this run would be too large for a report',
  noNetwork:
    'the engine could not create a network for the containers of the run ({why}); list the networks (docker network ls), remove unused ones (docker network prune), or widen default-address-pools in daemon.json',
});

const why = reasons('prepare', {
  beyond: { message: '{what}', fix: 'measure it in several runs: name fewer of them in each' },
});

/** A run before its first block: its record, its subjects, and the explainer of failures. */
export interface Preparation {
  readonly run: RunRecord;
  readonly subjects: readonly WorkloadSubject[];
  readonly explain: ReturnType<typeof explainer>;
  /** What is to be known of its schedule before it begins. */
  readonly said: readonly Message[];
  /** The run's own network; null where no workload needs one or it cannot be made. */
  readonly network: string | null;
}

/**
 * OcibenchError (exit 3) with how to free space where Docker's disk is full. Otherwise images and containers would fail
 * one by one with unclear errors.
 */
async function refuseFullDisk({ engine }: Session): Promise<void> {
  const { dataRoot, facts } = engine;
  if (engineTraits(facts).isPrivate || !facts.local || dataRoot === null) return;
  if ((await diskShortage(dataRoot, false)) === null) return;
  throw new OcibenchError(text.diskFull({ path: dataRoot, fix: dockerDiskFix }), {
    exitCode: exitCodes.noEngine,
  });
}

/** Makes the network of a run; returns the reason where that fails. Other engine errors are thrown. */
async function runNetwork({
  engine,
  runId,
}: Pick<Session, 'engine' | 'runId'>): Promise<{ name: string | null; missing: Message | null }> {
  try {
    return { name: await engine.createNetwork(runId), missing: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.connectionLost) throw error;
    return { name: null, missing: text.noNetwork({ why: error.message }) };
  }
}

/** Makes the network in every engine of a run, under the same name. */
async function networkOf(session: Session): Promise<{ name: string | null; missing: Message | null }> {
  const made = [];
  for (const each of session.named?.values() ?? [session]) made.push(await runNetwork(each));
  return made.find(({ missing }) => missing !== null) ?? { name: made[0]?.name ?? null, missing: null };
}

/**
 * Compares a recorded run's runtimes with the present ones before any is started. An engine that takes runtimes gets
 * those that were compared.
 */
async function recordedEntries(
  { engine }: Session,
  entries: readonly RuntimeEntry[],
  { recorded, registered }: { readonly recorded: RunRecord | null; readonly registered: RegisteredRuntimes },
): Promise<readonly RuntimeEntry[]> {
  if (recorded === null || engineTraits(engine.facts).takesRuntimes) return entries;
  const source = { entries, file: registered.file ?? 'docker info' };
  return entriesAgain(recorded, source, { local: onThisMachine(engine.facts) });
}

/**
 * Inspects host, engine and runtimes, provides the images, tries every runtime once, and records what will be measured.
 */
export async function prepareRun(options: {
  readonly session: Session;
  readonly config: ResolvedConfig;
  readonly registered: RegisteredRuntimes;
  /** The resumed run, whose runtimes must be unchanged in a shared daemon; null for a new run. */
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
  const found = await recordedEntries(session, await entriesOf(session, registered, config), options);
  const subjects = besideModules(chooseSubjects(options.workloads, config), config, found);
  const entries = withModulesFor(found, config, subjects);
  const tried = await tryRuntimes({
    session,
    entries,
    registered,
    config,
    host,
    hasModules: haveModules(subjects),
    images: subjects.flatMap(imagesOf),
    imagesIn: (engine) => workIn(engine, subjects, config).flatMap(imagesOf),
    interrupt: options.interrupt,
  });
  const { images, explain, devices } = tried;
  const { named, notStarted } = session;
  const several =
    named === undefined
      ? null
      : await tryEngines(named, { tried, entries, config, interrupt: options.interrupt });
  const runtimes = several?.runtimes ?? tried.runtimes;
  const lacks = (engine: string, runtime: string) =>
    notStarted.get(engine) ?? several?.lacks(engine, runtime) ?? null;
  const { hasNetworks } = engineTraits(session.engine.facts);
  const network = hasNetworks && subjects.some(needsRunNetwork) ? await networkOf(session) : null;
  const conditions = await conditionsOf(session);
  const places = atEveryEngine(
    session.layers?.scheduled ?? scheduledLayers(layersOf(config)),
    enginesOf(config),
    lacks,
  );
  const crossed = subjectRecords(subjects, runtimes, session.engine.facts, {
    noNetwork: network?.missing ?? null,
    noEngineCpu: whyNoEngineCpu(session),
    isRoot: options.environment.isRoot,
    duet: config.duet,
    layers: underEveryProfile(places, config.profiles ?? [], conditions),
  });
  const inEngines = measuredInEngines(crossed, config);
  const { workloads } = options;
  // A run that goes on has been chosen for already.
  const fitting =
    options.recorded === null
      ? withoutSlow(inEngines, measurableCells(inEngines, runtimes, config.baseline, workloads, config), {
          runtimes,
          workloads,
          config,
        })
      : { subjects: inEngines, said: [] };
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
    engine: { ...session.engine.facts, conditions },
    ...(several === null ? {} : { engines: several.engines }),
    runtimes,
    subjects: withDefinitions(subjects, fitting.subjects),
    ...commandsAlone(session, entries),
    ...layerVersions(session),
    ...layerRuntimes(session),
    images: [...images],
    checks: await checksOf(session, {
      host,
      conditions,
      runtimes,
      devices,
      isRoot: options.environment.isRoot,
      today: options.startedAt.slice(0, 10),
    }),
    stopReason: null,
    sampler: null,
  };
  refuseUnreadable(run);
  return { run, subjects, explain, said: fitting.said, network: network?.name ?? null };
}

/** OcibenchError (exit 2) with every bound of the schema that the record exceeds: no command could read such a run. */
function refuseUnreadable(run: RunRecord): void {
  const { error } = runRecordSchema.safeParse(run);
  if (error === undefined) return;
  throw misuse(
    text.tooLarge,
    error.issues.map(({ path, message }) =>
      problemOf({ file: 'run.json', key: path.join('.') }, why.beyond({ what: message })),
    ),
  );
}

/** Adds to the records a digest of what each subject requests of the engine. */
function withDefinitions(
  subjects: readonly WorkloadSubject[],
  records: readonly ScheduledSubject[],
): RunSubject[] {
  const digests = new Map(
    subjects.map(({ workload, params }) => [
      `${workload.id}|${formatParams(params)}`,
      workDefinition(workload, params),
    ]),
  );
  return records.map((record) => ({
    ...record,
    definition: digests.get(`${record.workload}|${record.params}`) ?? '',
  }));
}

/** The command lines of the runtimes where they are called without an engine; empty where they are not. */
function commandsAlone(
  { layers }: Session,
  entries: readonly RuntimeEntry[],
): Pick<RunRecord, 'commandsAlone'> {
  if (layers?.engines.has('oci') !== true && layers?.engines.has('containerd') !== true) return {};
  const called = entries.map(recordableEntry).filter(({ runtimeType }) => runtimeType === undefined);
  const commands = called.map((entry) => [entry.name, runtimeCommand(entry)] as const);
  return { commandsAlone: Object.fromEntries(commands) };
}

/** The versions of the programs started for layers; empty where none was. */
function layerVersions({ layers }: Session): Pick<RunRecord, 'layerVersions'> {
  const versions = [...(layers?.engines ?? [])].flatMap(([layer, { version }]) =>
    version === undefined ? [] : [[layer, version] as const],
  );
  return versions.length === 0 ? {} : { layerVersions: Object.fromEntries(versions) };
}

/** The runtimes observed in the containers of layers; empty where no layer was inspected. */
function layerRuntimes({ layers }: Session): Pick<RunRecord, 'layerRuntimes'> {
  const seen = [...(layers?.engines ?? [])].flatMap(([layer, engine]) =>
    engine.seenRuntimes === undefined ? [] : [[layer, engine.seenRuntimes()] as const],
  );
  return seen.length === 0 ? {} : { layerRuntimes: Object.fromEntries(seen) };
}
