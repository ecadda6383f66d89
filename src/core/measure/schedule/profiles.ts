import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { defaultLayer } from '../../model/cell.ts';
import { type ContainerProfile, defaultProfile } from '../../model/container-profile.ts';
import type { EngineConditions } from '../../model/host.ts';
import { type ContainerRequest, defaultMemoryBytes } from '../../model/workload.ts';
import type { ScheduledLayer, Subject } from './subjects.ts';

const text = notices('underProfile', {
  otherLayer: 'profiles are options of Docker; at the layer {layer} containers have the default one only',
  noAppArmor:
    'the kernel that the engine runs on does not confine by AppArmor, so that there is nothing to choose',
  memory: 'it needs more memory than the {mib} MiB of the profile',
  log: 'it measures a log driver of its own',
  cpus: 'it has a CPU quota of its own',
  mount: 'it mounts something of its own on {target}',
  capability: 'it needs the capability {name}: {because}',
});

/** What is known of the engine where profiles are scheduled; nothing before it is opened. */
type Place = Pick<EngineConditions, 'securityModule'>;

/**
 * The same layers, each under every profile. Tools that start programs without containers have none. A workload whose own
 * needs contradict a profile is not measured under it.
 */
export function underEveryProfile(
  layers: readonly ScheduledLayer[],
  profiles: readonly ContainerProfile[],
  place: Place = {},
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
            : text.otherLayer({ layer: layer.layer }),
      };
    });
  });
}

/** Why a subject cannot be measured under a profile; null where it can be tried. */
function whyNot(profile: ContainerProfile, { workload, params }: Subject, place: Place): Message | null {
  const { securityModule } = place;
  if (profile.apparmor !== undefined && securityModule !== undefined && securityModule !== 'apparmor')
    return text.noAppArmor;
  return contradiction(profile, workload.container(params), workload.category === 'isolation');
}

/** `tells`: the workload tells what a container may do, and keeps capabilities only to tell of them. */
function contradiction(profile: ContainerProfile, request: ContainerRequest, tells: boolean): Message | null {
  const { memoryBytes, cpus, log, tmpfs = {}, capDrop = [], capAdd = [] } = profile;
  const asked = request.memoryBytes ?? defaultMemoryBytes;
  // The default is a limit for all, which few workloads come near.
  if (typeof memoryBytes === 'number' && request.memoryBytes !== undefined && memoryBytes < asked)
    return text.memory({ mib: Math.floor(memoryBytes / 2 ** 20) });
  if (log !== undefined && request.log !== undefined) return text.log;
  if (cpus !== undefined && request.cpus !== undefined) return text.cpus;
  const target = request.mounts?.find((mount) => mount.target in tmpfs)?.target;
  if (target !== undefined) return text.mount({ target });
  const { capabilities = [], because = '' } = request.needs ?? {};
  const isDropped = (name: string) =>
    !capAdd.includes(name) && (capDrop.includes('ALL') || capDrop.includes(name));
  const lacking = tells ? undefined : capabilities.find(isDropped);
  return lacking === undefined ? null : text.capability({ name: lacking, because });
}
