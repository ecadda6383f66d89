import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { unsupportedAlone } from '../oci/container.ts';
import { openOciEngine } from '../oci/engine.ts';

/** The OCI runtime alone. */
const ociLayer: LayerAdapter = {
  layer: 'oci',
  unsupported: unsupportedAlone,
  open: openOciEngine,
};

export default ociLayer;
