/** All that use cases know of engines: the port, and the ways to it. */
import { connectIfThere, reachDocker } from '../engine/docker/connect.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import type { Session, SessionOptions } from './session.ts';

export type { DaemonFlags } from '../engine/docker/context.ts';
export {
  type ContainerEngine,
  EngineError,
  imageNamespace,
  type ListedRuntime,
  type OurContainer,
} from '../engine/engine.ts';
export { removeKept } from '../engine/kept-scratch.ts';
export { type OpenEngine, openEngine } from '../engine/open.ts';
export { makeScratch, removeScratch } from '../engine/scratch.ts';

/** What opens a session, and what of the daemon that is there already. Tests put scripted engines here. */
export interface Engines {
  openSession(
    runId: string,
    choice: ResolvedConfig['engine'],
    entries: readonly RuntimeEntry[],
    options: SessionOptions,
  ): Promise<Session>;
  readonly connectIfThere: typeof connectIfThere;
  readonly reachDocker: typeof reachDocker;
}

/** Daemons of this host's environment, beside {@link Engines.openSession}. */
export const connections = { connectIfThere, reachDocker };
