import { existsSync } from 'node:fs';
import type { LayerAdapter } from '../../../core/engine/layer.ts';
import { notices } from '../../../core/messages/define.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { hostAddress } from '../containerd/bundles.ts';
import { runcShim } from '../containerd/runtime.ts';
import { engineNeed } from '../engine-need.ts';

const text = notices('layer.containerd', {
  noDaemon:
    'no containerd answers at {address}:  systemctl start containerd   (or set CONTAINERD_ADDRESS; if it is not installed:  apt-get install -y --no-install-recommends containerd)',
  noNetwork: 'containerd makes no network: its callers do (Docker, CNI plugins)',
  noVolume: 'containerd has no volumes',
  noLog: 'containerd has no log driver',
  noRestore:
    'containerd’s shim restores with options that crun does not know (--no-pivot, --no-subreaper), and cannot remove the task of a stored container',
  noCheckpoint: 'the containerd shim {shim} takes no options for a checkpoint',
  noPull: 'the image is one of Docker’s own, which containerd does not have',
});

const needs = { bridge: text.noNetwork, volume: text.noVolume, log: text.noLog, pull: text.noPull } as const;

/** Timeout of a health check, ms. */
const answerMs = 5_000;

/** containerd's API, without Docker. */
const containerdLayer: LayerAdapter = {
  layer: 'containerd',
  unsupported(subject, { entry }) {
    const { workload, params } = subject;
    const need = engineNeed(subject);
    if (need !== null) return needs[need];
    if (workload.container(params).checkpoint !== true) return null;
    const { runtimeType = runcShim } = entry;
    if (runtimeType !== runcShim) return text.noCheckpoint({ shim: runtimeType });
    return familyOfEntry(entry).id === 'crun' ? text.noRestore : null;
  },
  // Loads the gRPC code only when needed.
  open: async (place) => (await import('../containerd/engine.ts')).openContainerdLayer(place),
  asEngine: {
    async missing() {
      const { answers, containerdClient } = await import('../containerd/client.ts');
      const address = hostAddress();
      const client = containerdClient(address);
      const isThere = existsSync(address) && (await answers(client, answerMs));
      client.close();
      return isThere ? null : text.noDaemon({ address });
    },
    open: async (place) => (await import('../containerd/engine.ts')).openHostContainerd(place),
  },
};

export default containerdLayer;
