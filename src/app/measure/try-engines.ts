import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { EngineError } from '../../core/engine/engine.ts';
import { runLabels } from '../../core/engine/labels.ts';
import { readPlainFile } from '../../core/files/plain-file.ts';
import { readDockerdOptions } from '../../core/host/dockerd-options.ts';
import { programOf } from '../../core/host/runtimes.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import type { EngineConditions } from '../../core/model/machine/host.ts';
import type { ImageFacts, ResolvedConfig } from '../../core/model/run/run.ts';
import type { EngineProgram, EngineRecord } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import { imageId } from '../../core/model/workload/image.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import { familyOf, runsModulesOnly } from '../../core/runtimes/registry.ts';
import type { EngineSession } from './engine-session.ts';
import { preflightLimitOf, runPreflights } from './preflights.ts';
import type { TriedRuntimes } from './try-runtimes.ts';

/**
 * The daemon's settings for all containers: from its API and, on this host, its command line and configuration file. A seccomp
 * profile of a file is told by its content: the same path can hold another filter tomorrow.
 */
export async function conditionsOf({
  engine,
  dockerd,
}: Pick<EngineSession, 'engine' | 'dockerd'>): Promise<EngineConditions> {
  const conditions = await engine.conditions();
  const { seccomp } = conditions;
  return {
    ...conditions,
    ...(seccomp !== undefined && isAbsolute(seccomp) && engine.facts.local
      ? { seccomp: `${seccomp} (${await contentOf(seccomp)})` }
      : {}),
    ...(dockerd === null ? {} : await readDockerdOptions(dockerd)),
  };
}

/** `sha256 c0ffee…` of the file that the daemon reads, or that it could not be read here. */
async function contentOf(path: string): Promise<string> {
  const content = await readPlainFile(path, { followLinks: true }).catch(() => null);
  if (content === null) return 'not readable';
  return `sha256 ${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
}

/** Result of trying the engines that a run names. */
export interface TriedEngines {
  /** Each runtime, with the facts from the first engine in which it can run. */
  readonly runtimes: RuntimeFacts[];
  readonly engines: EngineRecord[];
  /** Why a runtime cannot run in this engine although it runs in another; null where it can. */
  readonly lacks: (engine: string, runtime: string) => Message | null;
}

const isAvailable = ({ preflight }: RuntimeFacts) => preflight.status === 'available';

/**
 * Starts one container with each runtime in each engine except the first, where they were tried already, and records which
 * programs each engine really runs.
 */
export async function tryEngines(
  named: ReadonlyMap<string, EngineSession>,
  options: {
    /** Result of the first engine. */
    readonly tried: TriedRuntimes;
    readonly entries: readonly RuntimeEntry[];
    readonly config: Pick<ResolvedConfig, 'runtimes' | 'stepLimitMs'>;
    readonly interrupt: AbortSignal;
  },
): Promise<TriedEngines> {
  const { tried, entries, config, interrupt } = options;
  const { images, explain, workload, module, idle } = tried;
  const found = new Map<string, readonly RuntimeFacts[]>();
  const engines: EngineRecord[] = [];
  for (const [name, session] of named) {
    const facts =
      found.size === 0
        ? tried.runtimes
        : await runPreflights({
            session,
            entries,
            workload,
            idle,
            images,
            explain,
            interrupt,
            ...(module === undefined ? {} : { module }),
            requested: config.runtimes,
            daemonJson: tried.daemonJson,
            limitOf: (entry) => preflightLimitOf(entry, config.stepLimitMs, session.engine.facts),
          });
    found.set(name, facts);
    engines.push({
      name,
      facts: { ...session.engine.facts, conditions: await conditionsOf(session) },
      programs: [...(await programsOf(session, { facts, workload: idle, images, interrupt }))],
      runtimes: await Promise.all(
        entries.map(async (entry, at) => {
          const program = await programOf(entry, session.environment?.PATH);
          const { version = null, sha256 = null } = facts[at] ?? {};
          return {
            name: entry.name,
            path: program === null ? null : await realpath(program),
            version,
            sha256,
          };
        }),
      ),
    });
  }
  const of =
    (runtime: string) =>
    ({ entry }: RuntimeFacts) =>
      entry.name === runtime;
  const able = (runtime: string) =>
    [...found.values()]
      .map((all) => all.find(of(runtime)))
      .find((one) => one !== undefined && isAvailable(one));
  return {
    engines,
    runtimes: tried.runtimes.map((facts) => able(facts.entry.name) ?? facts),
    lacks(engine, runtime) {
      const preflight = found.get(engine)?.find(of(runtime))?.preflight;
      if (preflight?.status !== 'unavailable' || able(runtime) === undefined) return null;
      return recalled(preflight, 'reason');
    },
  };
}

/** The programs of an engine, observed while a container of its first usable runtime runs, so that the shim is among them. */
async function programsOf(
  { engine, programs, runId }: EngineSession,
  {
    facts,
    workload,
    images,
    interrupt,
  }: {
    readonly facts: readonly RuntimeFacts[];
    readonly workload: Workload;
    readonly images: readonly ImageFacts[];
    readonly interrupt: AbortSignal;
  },
): Promise<readonly EngineProgram[]> {
  if (programs === undefined) return [];
  const runtime = facts.find((one) => isAvailable(one) && !runsModulesOnly(familyOf(one.family)))?.entry.name;
  const image = images.find(({ recipe }) => recipe === imageId(workload.image))?.reference;
  if (runtime === undefined || image === undefined) return programs();
  const name = `ocibench-${runId}-programs`;
  try {
    const container = await engine.create(
      {
        name,
        image,
        runtime,
        request: workload.container({}),
        labels: runLabels(runId),
        cgroupParent: null,
        bindSources: {},
      },
      interrupt,
    );
    await container.start(interrupt);
    return await programs();
  } catch (error) {
    if (!(error instanceof EngineError) || error.connectionLost) throw error;
    // The container failed although the runtime had started one before: only the shim is then missing.
    return programs();
  } finally {
    await engine.forceRemove(name, AbortSignal.timeout(removeLimitMs)).catch(() => undefined);
  }
}

/** Timeout of the container's removal, ms. A container that stays ends with the engine. */
const removeLimitMs = 30_000;
