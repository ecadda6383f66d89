import { notices } from '../../messages/define.ts';
import { engineNeed } from '../engine-need.ts';
import type { LayerAdapter } from '../layer.ts';

const text = notices('layer.containerd', {
  noNetwork: 'containerd makes no network: that is the work of those who call it (Docker, CNI plugins)',
  noVolume: 'containerd has no volumes',
  noLog: 'containerd has no log driver',
  noPull: 'the image is one of Docker’s own, which containerd does not have',
});

const needs = { bridge: text.noNetwork, volume: text.noVolume, log: text.noLog, pull: text.noPull } as const;

/** containerd's API, without Docker. */
export const containerdLayer: LayerAdapter = {
  layer: 'containerd',
  unsupported(subject) {
    const need = engineNeed(subject);
    return need === null ? null : needs[need];
  },
  // Loads what speaks gRPC only where it is needed.
  open: async (place) => (await import('./engine.ts')).openContainerdEngine(place),
};
