import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { floorRunners, openFloorEngine } from '../floor/engine.ts';

/** The kernel's isolation used directly by system tools: the cost of a start without any engine or runtime. */
const floorLayer: LayerAdapter = {
  layer: 'floor',
  unsupported: () => null,
  runners: floorRunners,
  open: openFloorEngine,
};

export default floorLayer;
