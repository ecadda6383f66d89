import type { TrialCgroup } from '../../collect/cgroup/trial.ts';
import type { Container, ContainerSpec, Engine } from '../../engine/engine.ts';
import { StepFailure } from './deadline.ts';

/** A container beside the measured one, and the cgroup that its work is charged to. */
export interface Peer {
  readonly container: Container;
  /** CPU time that the peer has used, ns; 0 where it cannot be read. */
  cpuNs(): number;
  remove(): Promise<void>;
}

/** Input of a peer; `cgroup` is null where the engine is on another host. */
export interface PeerSetup {
  readonly spec: Omit<ContainerSpec, 'cgroupParent'>;
  readonly cgroup: TrialCgroup | null;
}

const limitMs = 30_000;

/** Starts a peer before its trial begins. Rejects with StepFailure where it cannot start, and leaves nothing of it. */
export async function startPeer(engine: Engine, setup: PeerSetup, interrupt: AbortSignal): Promise<Peer> {
  const { spec, cgroup } = setup;
  const remove = async () => {
    await engine.forceRemove(spec.name, AbortSignal.timeout(limitMs)).catch(() => undefined);
    await cgroup?.remove();
  };
  try {
    await cgroup?.prepare();
    const signal = AbortSignal.any([interrupt, AbortSignal.timeout(limitMs)]);
    const container = await engine.create({ ...spec, cgroupParent: cgroup?.parent ?? null }, signal);
    await container.start(signal);
    return { container, cpuNs: () => cgroup?.cpuNow() ?? 0, remove };
  } catch (error) {
    await remove();
    throw new StepFailure('peer', error);
  }
}
