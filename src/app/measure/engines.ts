/** What use cases know of engines: the port, and how to connect. */
import { connectIfThere, reachDocker } from '../../core/engine/docker/connect.ts';
import type { DaemonFlags } from '../../core/engine/docker/context.ts';
import { findEndpoint } from '../../core/engine/docker/endpoint.ts';
import type { ResolvedConfig } from '../../core/model/run.ts';
import type { RuntimeEntry } from '../../core/model/runtime.ts';
import type { Session, SessionOptions } from './session.ts';

export type { DaemonFlags } from '../../core/engine/docker/context.ts';
export {
  type ContainerEngine,
  EngineError,
  imageNamespace,
  type ListedRuntime,
  type OurContainer,
} from '../../core/engine/engine.ts';
export { removeKept } from '../../core/engine/kept-scratch.ts';
export { type EmbeddedPlace, type OpenEngine, openEngine } from '../../core/engine/open.ts';
export { makeScratch, removeScratch, removeTree } from '../../core/engine/scratch.ts';

/** Opens sessions and finds a running daemon. Tests replace it with scripted engines. */
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

/** Is a running daemon wanted, and no engine that is started instead? By `--engine`, a context or the environment. */
export async function isAskedFor(engine: ResolvedConfig['engine'], daemon: DaemonFlags): Promise<boolean> {
  if (engine !== 'auto') return engine === 'docker';
  return (await findEndpoint(daemon)).named;
}

/** Connections to daemons of this host's environment, beside {@link Engines.openSession}. */
export const connections = { connectIfThere, reachDocker };
