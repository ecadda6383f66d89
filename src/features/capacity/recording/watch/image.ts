import { pidsOfCgroup } from '../../../../core/collect/cgroup/make.ts';
import { openTrialCgroup } from '../../../../core/collect/cgroup/trial.ts';
import type { ContainerEngine } from '../../../../core/engine/engine.ts';
import { runLabels } from '../../../../core/engine/labels.ts';
import { targetProblem } from '../problem.ts';
import { targetReasons } from '../words.ts';
import { JoinError } from './command.ts';
import { type ContainerWatch, kernelOf } from './container.ts';
import { type Cgroups, type Target, watchedCgroup } from './target.ts';

const callLimitMs = 60_000;
const stopGraceSeconds = 5;
const longestMs = 24 * 3_600_000;

/** Request to start a container of an image. */
export interface ImageRequest {
  readonly image: string;
  /** Replaces the image's command; empty: its own. */
  readonly command: readonly string[];
  /** Memory limit, bytes; null: ocibench's default. */
  readonly memoryBytes: number | null;
  /** `bridge`: the engine's default network. */
  readonly network: 'bridge' | 'none';
  readonly runId: string;
}

/** The default runtime if it uses the host's kernel, else the first that does; null if none does. */
async function nativeRuntime(engine: ContainerEngine): Promise<string | null> {
  const listed = await engine.runtimes();
  const { defaultRuntime } = engine.facts;
  const names = [defaultRuntime, ...listed.map(({ name }) => name)];
  return names.find((name) => kernelOf(name, listed) === 'host') ?? null;
}

/**
 * A new container of an image below its own cgroup, not started yet. Disposing of it removes container and cgroup.
 * OcibenchError (exit 2) if the image or a native runtime is missing.
 */
export async function imageTarget(
  request: ImageRequest,
  watching: ContainerWatch,
  cgroups: Cgroups,
): Promise<Target> {
  const { image, command, memoryBytes, network, runId } = request;
  const { engine } = watching;
  await using undone = new AsyncDisposableStack();
  undone.defer(() => watching.close());
  const refuse = (reason: Parameters<typeof targetProblem>[1]) => targetProblem('--image', reason);
  if ((await engine.findImage(image)) === null) throw refuse(targetReasons.noImage({ image }));
  const runtime = await nativeRuntime(engine);
  if (runtime === null)
    throw refuse(targetReasons.otherKernel({ name: image, runtime: engine.facts.defaultRuntime }));
  const cgroup = openTrialCgroup({
    layout: cgroups.layout,
    driver: engine.facts.cgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs',
    runId,
    trialId: 'image',
  });
  undone.defer(async () => void (await cgroup.remove()));
  const problems = await cgroup.prepare();
  const watched = watchedCgroup(cgroups.hierarchy, cgroup.path);
  if (watched === null) throw new JoinError(problems.join('; '));
  const container = await engine.create(
    {
      name: `ocibench-${runId}`,
      image,
      runtime,
      request: {
        command,
        ...(network === 'bridge' ? { network } : {}),
        timeoutMs: longestMs,
        ...(memoryBytes === null ? {} : { memoryBytes }),
      },
      cgroupParent: cgroup.parent,
      bindSources: {},
      labels: runLabels(runId),
    },
    AbortSignal.timeout(callLimitMs),
  );
  undone.defer(() => container.remove(AbortSignal.timeout(callLimitMs)));
  const { exited } = await container.waitForExit(AbortSignal.timeout(longestMs));
  exited.catch(() => undefined);
  let hasEnded = false;
  const ended = exited.then(
    (code) => {
      hasEnded = true;
      return code;
    },
    () => null,
  );
  const kept = undone.move();
  return {
    record: {
      kind: 'image',
      name: image,
      command: [...command],
      runtime,
      cgroup: `/${cgroup.path}`,
    },
    watched: {
      path: cgroup.path,
      cgroup: watched,
      pids: () => pidsOfCgroup(cgroups.layout, cgroup.path),
      begins: 'init',
      isOurs: true,
    },
    release: () => container.start(AbortSignal.timeout(callLimitMs)),
    ended,
    async [Symbol.asyncDispose]() {
      const limit = AbortSignal.timeout(callLimitMs);
      if (!hasEnded) await container.stop(stopGraceSeconds, limit).catch(() => undefined);
      await kept.disposeAsync();
    },
  };
}
