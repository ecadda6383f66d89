import type { Layer } from '../model/trial/cell.ts';
import { contributions } from '../modules/default-exports.ts';
import type { LayerAdapter } from './layer.ts';

const adapters = (await contributions('adapters')) as readonly LayerAdapter[];

/** The adapter of a layer; null for that of the run's own engine. */
export function layerAdapter(layer: Layer): LayerAdapter | null {
  return adapters.find((each) => each.layer === layer) ?? null;
}
