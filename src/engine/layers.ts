import type { Layer } from '../model/cell.ts';
import { containerdLayer } from './containerd/layer.ts';
import { criLayer } from './cri/layer.ts';
import { floorLayer } from './floor/layer.ts';
import type { LayerAdapter } from './layer.ts';
import { ociLayer } from './oci/layer.ts';
import { podmanLayer } from './podman/layer.ts';

const adapters: readonly LayerAdapter[] = [containerdLayer, criLayer, ociLayer, podmanLayer, floorLayer];

/** The adapter of a layer; null for that of the run's own engine. */
export function layerAdapter(layer: Layer): LayerAdapter | null {
  return adapters.find((each) => each.layer === layer) ?? null;
}
