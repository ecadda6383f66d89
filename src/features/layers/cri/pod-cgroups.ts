import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerSpec } from '../../../core/engine/engine.ts';
import type { LayerPlace } from '../../../core/engine/layer.ts';
import { splitCgroup } from '../../../core/model/split-cgroup.ts';
import { podLimits } from './pod.ts';

/**
 * Limits the cgroups of pods, as the kubelet does before it asks for one: the CRI has no word for a number of processes, and a
 * sandbox with a kernel of its own is in none of its containers' cgroups. Pods of one trial share a cgroup and add up.
 */
export function podCgroups({ cgroupDirs }: Pick<LayerPlace, 'cgroupDirs'>) {
  const pods = new Map<string, number>();
  return {
    /** Throws the error of the kernel where a limit is not taken. */
    limit({ cgroupParent, request }: ContainerSpec): void {
      if (cgroupParent === null) return;
      const count = (pods.get(cgroupParent) ?? 0) + 1;
      pods.set(cgroupParent, count);
      const limits = Object.entries(podLimits(request, count));
      for (const dir of cgroupDirs(`${cgroupParent.slice(1)}/${splitCgroup.container}`))
        for (const [file, text] of limits)
          if (existsSync(join(dir, file))) writeFileSync(join(dir, file), text);
    },
    /** To be called when the pod is gone: a trial that is tried again has the same cgroup. */
    forget({ cgroupParent }: ContainerSpec): void {
      if (cgroupParent === null) return;
      const rest = (pods.get(cgroupParent) ?? 0) - 1;
      if (rest > 0) pods.set(cgroupParent, rest);
      else pods.delete(cgroupParent);
    },
  };
}
