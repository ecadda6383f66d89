import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { openPodmanEngine, openPodmanLayer } from './engine.ts';
import { podmanMissing, unsupportedByPodman } from './support.ts';

/** podman: conmon instead of shims, and no daemon that keeps anything between two containers. */
export const podmanLayer: LayerAdapter = {
  layer: 'podman',
  missing: podmanMissing,
  unsupported: unsupportedByPodman,
  open: openPodmanLayer,
  asEngine: { missing: podmanMissing, open: openPodmanEngine },
};
