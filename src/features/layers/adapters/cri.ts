import type { LayerAdapter, LayerSubject } from '../../../core/engine/layer.ts';
import { findProgram, findProgramNow } from '../../../core/files/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { familyOfEntry, runsModulesOnly } from '../../../core/runtimes/registry.ts';
import { engineNeed } from '../engine-need.ts';

const text = notices('layer.cri', {
  noContainerd: 'containerd is not installed:  apt-get install -y --no-install-recommends containerd',
  noPodShim:
    'pods of {name} need {program}, which is not installed: runc’s shim reports neither the output nor the end of their containers',
  noNetwork:
    'pods share the network of the node here; their own comes from CNI plugins, which are not measured',
  noVolume: 'the CRI has no volumes: the kubelet makes them',
  noTmpfs: 'the CRI has no tmpfs: the kubelet mounts it on the host',
  noLog: 'the CRI has one log format and no log drivers',
  noPull: 'the image is one of Docker’s own, which containerd does not have',
  noPause: 'the CRI cannot pause a container',
  modulesOnly:
    'this runtime runs WebAssembly modules only, and the first container of a pod is a native program',
});

const needs = { bridge: text.noNetwork, volume: text.noVolume, log: text.noLog, pull: text.noPull } as const;

/** Why a runtime that is registered by its program cannot run pods; null where it can. */
function noPodShim(entry: RuntimeEntry, isInstalled: (program: string) => boolean) {
  const { podShim } = familyOfEntry(entry);
  if (entry.runtimeType !== undefined || podShim === undefined || isInstalled(podShim.program)) return null;
  return text.noPodShim({ name: entry.name, program: podShim.program });
}

/** A feature that a workload needs and the CRI lacks; null where it needs none. */
function unspeakable(subject: LayerSubject) {
  const { workload, params } = subject;
  const need = engineNeed(subject);
  if (need !== null) return needs[need];
  if ((workload.container(params).mounts ?? []).some(({ type }) => type === 'tmpfs')) return text.noTmpfs;
  const pauses = (workload.steps?.(params) ?? []).some(
    (step) => step.do === 'pause' || step.do === 'unpause',
  );
  return pauses ? text.noPause : null;
}

/** Pods as Kubernetes creates them: through the CRI of a containerd. */
const criLayer: LayerAdapter = {
  layer: 'cri',
  missing: async () => ((await findProgram('containerd')) === null ? text.noContainerd : null),
  unsupported: (subject, { entry }) =>
    (runsModulesOnly(familyOfEntry(entry)) ? text.modulesOnly : null) ??
    noPodShim(entry, (program) => findProgramNow(program) !== null) ??
    unspeakable(subject),
  // Loads the gRPC code only when needed.
  open: async (place) => (await import('../cri/engine.ts')).openCriLayer(place),
};

export default criLayer;
