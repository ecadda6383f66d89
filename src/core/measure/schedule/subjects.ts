import { notices } from '../../messages/define.ts';
import type { Message, MessageRef } from '../../messages/message.ts';
import { bareRef } from '../../messages/record.ts';
import type { EngineConditions, EngineFacts } from '../../model/machine/host.ts';
import type { RunSubject } from '../../model/run/run.ts';
import { type ContainerProfile, defaultProfile } from '../../model/runtime/container-profile.ts';
import type { RuntimeFacts } from '../../model/runtime/runtime.ts';
import { isOfProcesses, needsEngineCpu, needsReach } from '../../model/runtime/unreachable-engine.ts';
import { defaultLayer, formatParams, type Layer, type Params } from '../../model/trial/cell.ts';
import { type ImageSource, imageId } from '../../model/workload/image.ts';
import { type ContainerRequest, defaultMemoryBytes, type Workload } from '../../model/workload/workload.ts';
import { familyOf, runsModulesOnly } from '../../runtimes/registry.ts';

const text = notices('subjects', {
  duetPeer: 'its client and its server need CPUs of their own; measure it without duets',
  duetGroup: 'it starts several containers, which need the whole host; measure it without duets',
  duetCold: 'the other trial of a duet would fill the page cache that it drops; measure it without duets',
  noEngineCpu: 'it also measures the CPU time of the engine, which is unknown: {why}',
  coldNeedsRoot: 'only root can drop the page cache:  @(sudo run)',
  memoryNeedsRoot: 'it measures the memory of root’s processes, which only root can read:  @(sudo run)',
  modulesOnly: 'this runtime runs WebAssembly modules only, and the test is a native program',
});

const says = notices('tool.server', {
  noNetwork:
    'registered with --network=none, which leaves containers with only a loopback interface; to measure this, remove it from runtimeArgs or use --network=host',
});
/** Why a runtime cannot run a workload that needs a network beyond loopback; null where it can. */
function withoutNetwork(runtime: Pick<RuntimeFacts, 'network'>): Message | null {
  return runtime.network === 'none' ? says.noNetwork : null;
}

/** Why a runtime for WebAssembly cannot run a workload; null where it can, and for every other runtime. */
function withoutModule(
  { family }: Pick<RuntimeFacts, 'family'>,
  { moduleCommand }: Workload,
): Message | null {
  return moduleCommand === undefined && runsModulesOnly(familyOf(family)) ? text.modulesOnly : null;
}

/** A workload with one of its parameter sets. */
export interface WorkloadSubject {
  readonly workload: Workload;
  readonly params: Params;
}

/** The images of a subject's trials: its own, and its peer's. */
export function imagesOf({ workload, params }: WorkloadSubject): readonly ImageSource[] {
  const peer = workload.peer?.(params);
  return peer === undefined ? [workload.image] : [workload.image, peer.image];
}

/** True if the subject needs a network in which its containers reach each other. */
export function needsRunNetwork({ workload, params }: WorkloadSubject): boolean {
  return workload.peer?.(params) !== undefined;
}

/**
 * Why a subject cannot be measured in duets; null where it can. A peer or a group needs the whole host, and a workload
 * that drops the page cache drops it for the other trial too.
 */
function unfitForDuets({ workload, params }: WorkloadSubject): Message | null {
  if (workload.peer?.(params) !== undefined) return text.duetPeer;
  if (workload.group?.(params) !== undefined) return text.duetGroup;
  return workload.container(params).coldCache ? text.duetCold : null;
}

/** A layer of the run, or an engine of it, and why a runtime cannot run a subject there; null where it can. */
export interface ScheduledLayer {
  readonly layer: Layer;
  /** Name of the container's options; absent: `default`. */
  readonly profile?: string;
  /** One of several engines; absent where the layer has only one, or none. */
  readonly engine?: string;
  readonly unsupported: (subject: WorkloadSubject, runtime: RuntimeFacts) => Message | null;
  /**
   * Programs that run a subject there instead of the runtimes, each with the reason why it cannot; none: the subject is
   * left out.
   */
  readonly runners?: (
    subject: WorkloadSubject,
  ) => readonly { readonly name: string; readonly missing: Message | null }[];
}

/** A subject of run.json without the digest of its definition. */
export type ScheduledSubject = Omit<RunSubject, 'definition'>;

const usualLayer: ScheduledLayer = { layer: defaultLayer, unsupported: () => null };

/**
 * The subjects as run.json keeps them, each at every layer and engine and under every profile, with the reasons of
 * unsupported runtimes. `noNetwork`: why the run has no network of its own; null where it has one or needs none.
 */
export function subjectRecords(
  subjects: readonly WorkloadSubject[],
  runtimes: readonly RuntimeFacts[],
  engine: Pick<EngineFacts, 'local' | 'hidden'>,
  {
    noNetwork,
    noEngineCpu = null,
    isRoot,
    duet = false,
    layers = [usualLayer],
  }: {
    readonly noNetwork: Message | null;
    /** Why the CPU time of the engine is not known; null where it is. */
    readonly noEngineCpu?: Message | null;
    readonly isRoot: boolean;
    /** True if the two trials of a duet run at the same time. */
    readonly duet?: boolean | undefined;
    readonly layers?: readonly ScheduledLayer[];
  },
): ScheduledSubject[] {
  const hasOthers = layers.some(({ layer }) => layer !== defaultLayer);
  const crossed = subjects.flatMap((subject) =>
    layers.flatMap((place) => {
      // Without any program that could run it, the subject gets no rows: they would say nothing else.
      const runners = duet ? place.runners && [] : place.runners?.(subject);
      return runners?.length === 0 ? [] : [{ subject, place, runners }];
    }),
  );
  return crossed.map(({ subject, place, runners }) => {
    const { workload, params } = subject;
    const outOfReach = engine.local ? null : needsReach(workload, params);
    const unconnected = needsRunNetwork(subject) ? noNetwork : null;
    const { network, coldCache } = workload.container(params);
    const ofRoot = coldCache ? text.coldNeedsRoot : isOfProcesses(workload) ? text.memoryNeedsRoot : null;
    const needed = isRoot ? null : ofRoot;
    const unfit = duet ? unfitForDuets(subject) : null;
    const uncounted =
      noEngineCpu !== null && place.layer === defaultLayer && needsEngineCpu(workload)
        ? text.noEngineCpu({ why: noEngineCpu })
        : null;
    const unsupported: Record<string, string> = {};
    const refs: Record<string, MessageRef> = {};
    const forAll = outOfReach ?? unconnected ?? needed ?? unfit ?? uncounted;
    const reasons =
      runners?.map(({ name, missing }) => ({ name, reason: forAll ?? missing })) ??
      runtimes.map((runtime) => ({
        name: runtime.entry.name,
        reason:
          withoutModule(runtime, workload) ??
          forAll ??
          place.unsupported(subject, runtime) ??
          (network === 'bridge' ? withoutNetwork(runtime) : null) ??
          workload.unsupported?.(runtime, params) ??
          null,
      }));
    for (const { name, reason } of reasons) {
      if (reason === null) continue;
      unsupported[name] = typeof reason === 'string' ? reason : reason.text;
      if (typeof reason !== 'string') refs[name] = bareRef(reason);
    }
    return {
      workload: workload.id,
      params: formatParams(params),
      ...(hasOthers ? { layer: place.layer } : {}),
      ...(place.engine === undefined ? {} : { engine: place.engine }),
      ...(place.profile === undefined ? {} : { profile: place.profile }),
      category: workload.category,
      image: imageId(workload.image),
      ...(runners === undefined ? {} : { runtimes: runners.map(({ name }) => name) }),
      unsupported,
      ...(Object.keys(refs).length === 0 ? {} : { messages: refs }),
    };
  });
}

const profilesText = notices('underProfile', {
  otherLayer:
    'profiles are options of Docker; at the layer {layer}, containers have only the default profile',
  noAppArmor: 'the engine’s kernel does not confine by AppArmor, so there is nothing to choose',
  memory: 'it needs more memory than the {mib} MiB of the profile',
  log: 'it measures a log driver of its own',
  cpus: 'it has a CPU quota of its own',
  mount: 'it mounts something of its own on {target}',
  capability: 'it needs the capability {name}: {because}',
});

/** Facts of the engine that are known when profiles are scheduled; empty before it is opened. */
type ProfileConditions = Pick<EngineConditions, 'securityModule'>;

/**
 * The same layers, each under every profile. Layers whose tools start programs without containers have no profiles. A
 * workload whose own needs contradict a profile is not measured under it.
 */
export function underEveryProfile(
  layers: readonly ScheduledLayer[],
  profiles: readonly ContainerProfile[],
  place: ProfileConditions = {},
): readonly ScheduledLayer[] {
  if (profiles.length === 0) return layers;
  return layers.flatMap((layer): readonly ScheduledLayer[] => {
    if (layer.runners !== undefined) return [layer];
    return profiles.map((profile) => {
      if (profile.name === defaultProfile) return layer;
      return {
        ...layer,
        profile: profile.name,
        unsupported: (...[subject, runtime]: Parameters<ScheduledLayer['unsupported']>) =>
          layer.layer === defaultLayer
            ? (layer.unsupported(subject, runtime) ?? whyNot(profile, subject, place))
            : profilesText.otherLayer({ layer: layer.layer }),
      };
    });
  });
}

/** Why a subject cannot be measured under a profile; null where it can be tried. */
function whyNot(
  profile: ContainerProfile,
  { workload, params }: WorkloadSubject,
  place: ProfileConditions,
): Message | null {
  const { securityModule } = place;
  if (profile.apparmor !== undefined && securityModule !== undefined && securityModule !== 'apparmor')
    return profilesText.noAppArmor;
  return contradiction(profile, workload.container(params), workload.category === 'isolation');
}

/**
 * Why the needs of a workload contradict a profile; null where they do not. `tells`: the workload reports what a
 * container may do, and needs capabilities only to report them.
 */
function contradiction(profile: ContainerProfile, request: ContainerRequest, tells: boolean): Message | null {
  const { memoryBytes, cpus, log, tmpfs = {}, capDrop = [], capAdd = [] } = profile;
  const asked = request.memoryBytes ?? defaultMemoryBytes;
  // The default is a limit for all workloads, and few come near it.
  if (typeof memoryBytes === 'number' && request.memoryBytes !== undefined && memoryBytes < asked)
    return profilesText.memory({ mib: Math.floor(memoryBytes / 2 ** 20) });
  if (log !== undefined && request.log !== undefined) return profilesText.log;
  if (cpus !== undefined && request.cpus !== undefined) return profilesText.cpus;
  const target = request.mounts?.find((mount) => mount.target in tmpfs)?.target;
  if (target !== undefined) return profilesText.mount({ target });
  const { capabilities = [], because = '' } = request.needs ?? {};
  const isDropped = (name: string) =>
    !capAdd.includes(name) && (capDrop.includes('ALL') || capDrop.includes(name));
  const lacking = tells ? undefined : capabilities.find(isDropped);
  return lacking === undefined ? null : profilesText.capability({ name: lacking, because });
}
