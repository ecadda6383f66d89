import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openTrialCgroup } from '../../collect/cgroup/trial.ts';
import type { Engine } from '../../engine/engine.ts';
import { runLabels } from '../../engine/labels.ts';
import type { RunningLayer } from '../../engine/layer.ts';
import { openToGroup, removeTree } from '../../engine/scratch.ts';
import type { ErrorRecord } from '../../model/failure/error-record.ts';
import type { EngineFacts } from '../../model/machine/host.ts';
import type { TrialSpec } from '../../model/run/schedule.ts';
import {
  type ContainerProfile,
  defaultProfile,
  type SeccompChoice,
} from '../../model/runtime/container-profile.ts';
import { whyUnreachable } from '../../model/runtime/unreachable-engine.ts';
import {
  defaultLayer,
  executedRuntime,
  formatParams,
  type Layer,
  type Params,
} from '../../model/trial/cell.ts';
import type { TrialPhase } from '../../model/trial/trial.ts';
import { imageId } from '../../model/workload/image.ts';
import type { ContainerRequest, Workload } from '../../model/workload/workload.ts';
import { apiObserver } from './api-observer.ts';
import { defaultLimits, type StepLimits } from './deadline.ts';
import type { EngineGuard } from './engine-guard.ts';
import type { HostContext } from './host-context.ts';
import { hostObserver } from './host-observer.ts';
import type { PeerSetup, Prober } from './prober.ts';
import { meetings, type Party } from './rendezvous.ts';
import type { PauseDetector } from './suspend-detection.ts';
import { interruptedBy, runTrial, type TrialResult } from './trial.ts';
import { watchWallClock } from './wall-clock.ts';

/** A workload with the parameters of one subject, found by the subject's canonical params text. */
interface RunnableSubject {
  readonly workload: Workload;
  readonly params: Params;
}

/** Input that all trials of a run share. */
export interface RunnerOptions {
  readonly engine: Engine;
  /** Engines of the layers that the run's engine does not start. */
  readonly alone?: ReadonlyMap<Layer, RunningLayer>;
  readonly runId: string;
  /** Host directory for bind mounts; null where the engine is on another host. */
  readonly scratch: string | null;
  /** null where the engine is on another host. */
  readonly hostPlace: HostContext | null;
  readonly prober: Prober;
  /** Image (see imageId) → reference in the engine. */
  readonly images: ReadonlyMap<string, string>;
  readonly subjects: readonly RunnableSubject[];
  /** The baseline, which also executes the A/A control. Absent where no cell is an A/A control. */
  readonly baseline?: string;
  /** Options of containers by name; `default` needs none. */
  readonly profiles?: readonly ContainerProfile[] | undefined;
  /** Filter of containers whose profile names none; absent: the daemon's. */
  readonly seccomp?: SeccompChoice | undefined;
  /** Does a runtime run WebAssembly modules only? Absent: none does. */
  readonly runsModulesOnly?: (runtime: string) => boolean;
  /** Network of containers and their peers; absent: the default bridge. */
  readonly network?: string | null;
  readonly explain: (runtime: string, engineMessage: string) => ErrorRecord;
  readonly interrupt: AbortSignal;
  /** Distinguishes the engine's failures from the runtime's; without it every failure is the runtime's. */
  readonly guard?: EngineGuard;
  /** Interrupts a trial in which this process was paused. */
  readonly pauses?: PauseDetector;
  /** Timeouts for all runtimes, or by runtime name. */
  readonly limits?: StepLimits | ((runtime: string) => StepLimits);
  /** Workloads may take this many times as long as they declare; default 1. */
  readonly patience?: number;
  /** Time between the readings of a time series, ms; default 100. */
  readonly samplePeriodMs?: number;
}

export type TrialRunner = (
  spec: TrialSpec,
  place: {
    readonly block: number;
    readonly phase: TrialPhase;
    readonly attempt: number;
    /** Present where other trials run at the same time. */
    readonly party?: Party | undefined;
  },
) => Promise<TrialResult>;

/** Runtime of every peer, so that only one side changes between runtimes. */
export const peerRuntime = 'runc';

/**
 * Makes the scratch directories of a trial's bind mounts, the only place on the host where the container may write. No
 * other user can reach files that it leaves there, such as setuid programs: the parent directories are closed.
 */
async function bindSources(
  request: ContainerRequest,
  directory: string | null,
  containerRoot: EngineFacts['userns'],
  user: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  const targets = (request.mounts ?? [])
    .filter((mount) => mount.type === 'bind')
    .map((mount) => mount.target);
  if (targets.length === 0) return {};
  if (directory === null) throw new Error('a bind mount needs an engine on this host');
  const isRoot = process.getuid?.() === 0;
  const remapped = isRoot ? containerRoot : undefined;
  const owner = isRoot ? ownerOf(user, containerRoot) : null;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (remapped !== undefined) await openToGroup(directory, remapped.gid);
  const sources: Record<string, string> = {};
  for (const [index, target] of targets.entries()) {
    const source = join(directory, String(index));
    await mkdir(source, { mode: 0o755 });
    if (owner !== null) await chown(source, owner.uid, owner.gid);
    sources[target] = source;
  }
  return sources;
}

/**
 * Owner of the directories that a container's user may write to; null: root. A user without a group is in root's group,
 * as in Docker.
 */
function ownerOf(
  user: string | undefined,
  root: EngineFacts['userns'],
): { readonly uid: number; readonly gid: number } | null {
  if (user === undefined) return root ?? null;
  const [uid = 0, gid = 0] = user.split(':').map(Number);
  return { uid: (root?.uid ?? 0) + uid, gid: (root?.gid ?? 0) + gid };
}

/** The command of a workload's WebAssembly module. A workload without one is not scheduled under runtimes that need it. */
function moduleCommand(workload: Workload, params: Params): readonly string[] {
  const command = workload.moduleCommand?.(params);
  if (command === undefined) throw new Error(`${workload.id} has no WebAssembly module`);
  return command;
}

/** Timeout for the engine of a layer to answer, ms. */
const answerMs = 5_000;

/**
 * The result of a failed trial; interrupted where the layer's engine does not answer, since the runtime is then not to
 * blame.
 */
async function blamed(result: TrialResult, layer: RunningLayer, runtime: string): Promise<TrialResult> {
  const { status } = result.record.outcome;
  if (status !== 'failed' && status !== 'timed-out') return result;
  const reason = (await layer.unreachable?.(runtime, answerMs)) ?? null;
  return reason === null ? result : interruptedBy(reason, result);
}

/** Creates the function that runs scheduled trials; see `runTrial` for a single trial. */
export function trialRunner(options: RunnerOptions): TrialRunner {
  const subjects = new Map(
    options.subjects.map((subject) => [`${subject.workload.id}|${formatParams(subject.params)}`, subject]),
  );
  const { guard, pauses, interrupt } = options;
  const ofRun = runLabels(options.runId);
  const stamp = watchWallClock();
  const limitsOf = (runtime: string) => {
    const { limits = defaultLimits } = options;
    return typeof limits === 'function' ? limits(runtime) : limits;
  };
  return async (spec, place) => {
    const pausedSince = await pauses?.begin();
    const result = await (guard === undefined
      ? runSpec(spec, place, interrupt)
      : guard.during((gone) => runSpec(spec, place, AbortSignal.any([interrupt, gone])))
    ).finally(() => place.party?.leave());
    const reason = (await pausedSince?.()) ?? null;
    if (reason === null || result.record.outcome.status === 'interrupted') return result;
    return interruptedBy(reason, result);
  };

  async function runSpec(
    ...[spec, place, ended]: [...Parameters<TrialRunner>, AbortSignal]
  ): Promise<TrialResult> {
    const { cell, trialId, duet } = spec;
    const { party, ...where } = place;
    const subject = subjects.get(`${cell.workload}|${cell.params}`);
    const image = subject === undefined ? undefined : options.images.get(imageId(subject.workload.image));
    if (subject === undefined || image === undefined)
      throw new Error(`trial ${trialId}: ${cell.workload} ${cell.params} is not part of this run`);
    const { workload, params } = subject;
    const runtime =
      options.baseline === undefined ? cell.runtime : executedRuntime(cell.runtime, options.baseline);
    const native = workload.container(params);
    const asked =
      options.runsModulesOnly?.(runtime) === true
        ? { ...native, command: moduleCommand(workload, params) }
        : native;
    const request = {
      ...asked,
      timeoutMs: asked.timeoutMs * (options.patience ?? 1),
    };
    const steps = workload.steps?.(params) ?? [];
    if (steps.some((step) => step.do === 'await-service')) await options.prober.ready();
    // Docker's names allow `[a-zA-Z0-9_.-]` only, which run ids and trial ids consist of.
    const name = `ocibench-${options.runId}-${trialId}`;
    const labels = { ...ofRun, 'io.ocibench.trial': trialId };
    const isDefault = cell.profile === defaultProfile;
    const profile = isDefault ? undefined : options.profiles?.find(({ name }) => name === cell.profile);
    if (profile === undefined && !isDefault)
      throw new Error(`trial ${trialId}: there is no profile ${cell.profile}`);
    const peer = workload.peer?.(params);
    const network = peer === undefined || !options.network ? {} : { network: options.network };
    const alone = options.alone?.get(cell.layer);
    if (alone === undefined && cell.layer !== defaultLayer)
      throw new Error(`trial ${trialId}: nothing starts containers at the layer ${cell.layer}`);
    const engine = alone ?? options.engine;
    const directory = options.scratch === null ? null : join(options.scratch, 'trials', trialId);
    const result = await runTrial(
      spec,
      { ...where, stamp: stamp() },
      {
        engine,
        workload,
        observer:
          options.hostPlace === null
            ? apiObserver(whyUnreachable(engine.facts))
            : hostObserver(options.hostPlace, {
                trialId,
                observe: workload.observe,
                samplePeriodMs: options.samplePeriodMs,
                accounting: alone?.accounting,
                ...(party === undefined ? {} : { othersEnded: () => party.meet(meetings.end) }),
              }),
        container: {
          name,
          image,
          runtime,
          bindSources: await bindSources(request, directory, engine.facts.userns, profile?.user),
          labels,
          ...(profile === undefined ? {} : { profile }),
          ...(options.seccomp === undefined ? {} : { seccomp: options.seccomp }),
          ...(duet === undefined ? {} : { cpuset: duet.cpus }),
          ...network,
        },
        ...(party === undefined ? {} : { begin: () => party.meet(meetings.begin) }),
        prober: options.prober,
        peer: peerSetup(),
        request,
        params,
        limits: limitsOf(runtime),
        interrupt: ended,
        explain: (message) => options.explain(runtime, message),
        now: process.hrtime.bigint,
      },
    );
    // Files that cannot be removed yet are in the trash, which is emptied with the scratch directory.
    if (directory !== null) await removeTree(directory).catch(() => undefined);
    return alone === undefined ? result : blamed(result, alone, runtime);

    /**
     * The setup of the workload's peer, if it has one: under runc, whatever the cell's runtime, in a cgroup beside the
     * trial's.
     */
    function peerSetup(): PeerSetup | null {
      if (peer === undefined) return null;
      const peerImage = options.images.get(imageId(peer.image));
      if (peerImage === undefined)
        throw new Error(`the image ${imageId(peer.image)} of a peer was not provided`);
      const { layout, driver } = options.hostPlace ?? {};
      return {
        spec: {
          name: `${name}-peer`,
          image: peerImage,
          runtime: peerRuntime,
          request: { entrypoint: [], command: peer.command, network: 'bridge', timeoutMs: request.timeoutMs },
          bindSources: {},
          labels,
          ...network,
        },
        cgroup:
          layout === undefined || driver === undefined
            ? null
            : openTrialCgroup({ layout, driver, runId: options.runId, trialId: `${trialId}peer` }),
      };
    }
  }
}
