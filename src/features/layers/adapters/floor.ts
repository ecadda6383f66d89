import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { floorRunners, openFloorEngine } from '../floor/engine.ts';

/** The kernel's own means of isolation, used by tools of the system: what a start costs without any engine or runtime. */
const floorLayer: LayerAdapter = {
  layer: 'floor',
  unsupported: () => null,
  runners: floorRunners,
  open: openFloorEngine,
};

export default floorLayer;
