import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { unsupportedAlone } from './command.ts';
import { openOciEngine } from './engine.ts';

/** The OCI runtime alone. */
export const ociLayer: LayerAdapter = {
  layer: 'oci',
  unsupported: unsupportedAlone,
  open: openOciEngine,
};
