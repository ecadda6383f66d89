import type { Layer } from '../model/cell.ts';
import { containerdLayer } from '../../features/layers/containerd/layer.ts';
import { criLayer } from '../../features/layers/cri/layer.ts';
import { floorLayer } from '../../features/layers/floor/layer.ts';
import type { LayerAdapter } from './layer.ts';
import { ociLayer } from '../../features/layers/oci/layer.ts';
import { podmanLayer } from '../../features/layers/podman/layer.ts';

const adapters: readonly LayerAdapter[] = [containerdLayer, criLayer, ociLayer, podmanLayer, floorLayer];

/** The adapter of a layer; null for that of the run's own engine. */
export function layerAdapter(layer: Layer): LayerAdapter | null {
  return adapters.find((each) => each.layer === layer) ?? null;
}
