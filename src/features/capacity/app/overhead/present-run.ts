import type { AppContext } from '../../../../app/context.ts';
import type { DaemonFlags } from '../../../../app/measure/engines.ts';
import { identifiedFacts } from '../../../../core/host/facts.ts';
import { runtimeDigest } from '../../../../core/host/runtimes.ts';
import { mayBeDocker } from '../../../../core/model/engine-choice.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { onThisMachine } from '../../../../core/model/unreachable-engine.ts';

/**
 * The record that a run like this one would have by now, as far as it is known before anything is started: the machine, the
 * versions of ocibench and of a daemon that answers, and the programs of the runtimes. What is not known is as it was.
 */
export async function presentRun(
  { engines, environment }: Pick<AppContext, 'engines' | 'environment'>,
  like: RunRecord,
  { engine: choice = like.engine.kind, ...daemon }: DaemonFlags & { readonly engine?: string },
): Promise<RunRecord> {
  const connected = mayBeDocker(choice) ? await engines.connectIfThere(daemon) : null;
  try {
    const engine = connected?.engine ?? null;
    const facts = engine?.facts ?? like.engine;
    const isHere = onThisMachine(facts);
    const host = isHere ? await identifiedFacts() : await engine?.machine();
    const paths = new Map((await engine?.runtimes())?.map(({ name, path }) => [name, path]));
    const now = async (runtime: RunRecord['runtimes'][number]) => {
      if (!isHere || runtime.sha256 === null) return runtime;
      const path = paths.get(runtime.entry.name);
      const entry = path === undefined ? runtime.entry : { ...runtime.entry, path };
      return { ...runtime, sha256: await runtimeDigest(entry) };
    };
    return {
      ...like,
      harnessVersion: environment.version,
      host: host ?? like.host,
      engine: { ...facts, ...(like.engine.conditions && { conditions: like.engine.conditions }) },
      runtimes: await Promise.all(like.runtimes.map(now)),
    };
  } finally {
    await connected?.close();
  }
}
