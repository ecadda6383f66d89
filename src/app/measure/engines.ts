/** Use cases' access to engines: the port, and how to connect. */

import { stat } from 'node:fs/promises';
import type { DaemonFlags } from '../../core/engine/docker/context.ts';
import { connectIfThere, findEndpoint, reachDocker } from '../../core/engine/docker/endpoint.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import { misuse, type Problem, problemOf, refusal } from '../../core/model/failure/error.ts';
import type { ResolvedConfig } from '../../core/model/run/run.ts';
import { isLayerEngine } from '../../core/model/runtime/engine-choice.ts';
import { type EngineRequest, pathWith } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import type { Session, SessionOptions } from './engine-session.ts';

const engineDirectoriesText = notices('engineDirectories', {
  notThere: 'some directories of the engines do not exist',
});
const engineDirectoriesWhy = reasons('engineDirectories', {
  missing: {
    message: 'is not a directory: {path}',
    fix: 'unpack the engine there (docs/engines.md), or correct the path',
  },
});

/** OcibenchError (exit 2) that names every missing directory of an engine. */
export async function refuseMissingDirectories(
  engines: readonly EngineRequest[],
  file: string,
): Promise<void> {
  const problems: Problem[] = [];
  for (const { name, path, containerd } of engines)
    for (const directory of new Set([...path, ...containerd])) {
      const found = await stat(directory).catch(() => null);
      if (found?.isDirectory() === true) continue;
      const key = `engines.${name}.${path.includes(directory) ? 'path' : 'containerd'}`;
      problems.push(problemOf({ file, key }, engineDirectoriesWhy.missing({ path: directory })));
    }
  if (problems.length > 0) throw misuse(engineDirectoriesText.notThere, problems);
}

/** PATH in which the first of these engines looks for runtimes; undefined (this process's PATH) where no engine is named. */
export function runtimePath([first]: readonly EngineRequest[]): string | undefined {
  return first === undefined ? undefined : pathWith(first.containerd, process.env.PATH);
}

const text = notices('layerEngine', { needsDocker: 'ocibench {command} measures through Docker' });
const why = reasons('layerEngine', {
  notHere: { message: 'has no Docker', fix: 'use --engine auto, docker or embedded' },
});

/** OcibenchError (exit 2) where a command that measures at Docker's layer is used with an engine without Docker. */
export function refuseWithoutDocker(command: string, engine = 'auto'): void {
  if (!isLayerEngine(engine)) return;
  throw refusal(text.needsDocker({ command }), { file: '--engine', key: engine }, why.notHere);
}

export type { DaemonFlags } from '../../core/engine/docker/context.ts';
export {
  type ContainerEngine,
  EngineError,
  imageNamespace,
  type LabelledObject,
  type ListedRuntime,
} from '../../core/engine/engine.ts';
export { openEngine } from '../../core/engine/open.ts';
export type { EngineResources, OpenEngine } from '../../core/engine/open-engine.ts';
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

/** Does `--engine`, a context or the environment ask for a running daemon? Then no engine is started instead. */
export async function isAskedFor(engine: ResolvedConfig['engine'], daemon: DaemonFlags): Promise<boolean> {
  if (engine !== 'auto') return engine === 'docker';
  return (await findEndpoint(daemon)).named;
}

/** Connections to daemons of this host's environment, outside {@link Engines.openSession}. */
export const connections = { connectIfThere, reachDocker };
