import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { openPodmanEngine, openPodmanLayer } from '../podman/engine.ts';
import { podmanMissing, unsupportedByPodman } from '../podman/support.ts';

/** podman: conmon instead of shims, and no daemon that keeps state between containers. */
const podmanLayer: LayerAdapter = {
  layer: 'podman',
  missing: podmanMissing,
  unsupported: unsupportedByPodman,
  open: openPodmanLayer,
  asEngine: { missing: podmanMissing, open: openPodmanEngine },
};

export default podmanLayer;
