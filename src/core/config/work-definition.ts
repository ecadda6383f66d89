import { createHash } from 'node:crypto';
import type { Params } from '../model/cell.ts';
import { imageId } from '../model/image.ts';
import type { Workload } from '../model/workload.ts';
import { canonicalJson } from './resolve.ts';

/**
 * sha256 (hex) of what a workload with these parameters asks of the engine: command, environment, mounts, limits, steps, and
 * what runs beside it. What is in its image is not part of it; the image's own hashes say that.
 */
export function workDefinition(workload: Workload, params: Params): string {
  const peer = workload.peer?.(params);
  const asked = {
    image: imageId(workload.image),
    container: workload.container(params),
    steps: workload.steps?.(params),
    group: workload.group?.(params),
    peer: peer === undefined ? undefined : { ...peer, image: imageId(peer.image) },
  };
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}
