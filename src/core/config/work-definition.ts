import { createHash } from 'node:crypto';
import type { Params } from '../model/trial/cell.ts';
import { imageId } from '../model/workload/image.ts';
import type { Workload } from '../model/workload/workload.ts';
import { canonicalJson } from './resolve.ts';

/**
 * sha256 (hex) of everything that a workload with these parameters requests of the engine: command, environment, mounts,
 * limits, steps, and peers. The content of its image is not included; the image's own hashes cover it.
 */
export function workDefinition(workload: Workload, params: Params): string {
  const peer = workload.peer?.(params);
  const asked = {
    image: imageId(workload.image),
    container: workload.container(params),
    module: workload.moduleCommand?.(params),
    steps: workload.steps?.(params),
    group: workload.group?.(params),
    peer: peer === undefined ? undefined : { ...peer, image: imageId(peer.image) },
  };
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}
