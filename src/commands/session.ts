import { createReadStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { detectCgroupLayout } from '../collect/cgroup-detect.ts';
import { runCgroup } from '../collect/cgroup-names.ts';
import { openEngineCgroup, systemEngineCgroups } from '../collect/engine-cgroup.ts';
import { removeRunCgroups } from '../collect/run-cgroups.ts';
import { loadRecipes } from '../config/workloads.ts';
import { imageNamespace } from '../engine/docker-engine.ts';
import { type OpenEngine, openEngine } from '../engine/open.ts';
import type { HostPlace } from '../execute/host-observer.ts';
import { buildImage } from '../images/build.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { ImageFacts, ResolvedConfig } from '../model/run.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { terminal } from './terminal.ts';

/** An engine in use with the images it needs; once disposed of, nothing of it is left. */
export interface Session extends Omit<OpenEngine, 'close'>, AsyncDisposable {
  readonly runId: string;
  /** null where the engine is on another host. */
  readonly hostPlace: HostPlace | null;
  /** Builds or finds the images of these recipes and imports them into the engine. */
  provideImages(recipes: ReadonlySet<string>): Promise<readonly ImageFacts[]>;
}

/** Image files that survive runs (XDG Base Directory). */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocibench');
}

async function provideImages(
  engine: OpenEngine['engine'],
  recipes: ReadonlySet<string>,
): Promise<ImageFacts[]> {
  const known = await loadRecipes();
  const facts: ImageFacts[] = [];
  for (const id of recipes) {
    const recipe = known.find((candidate) => candidate.id === id);
    if (recipe === undefined)
      throw new OcibenchError(`there is no image recipe '${id}'`, { exitCode: exitCodes.misuse });
    const image = await buildImage({ recipe, cacheDir: join(cacheDirectory(), 'images'), log: terminal.log });
    const repo = `${imageNamespace}/${id}`;
    const tag = image.contentHash.slice(0, 16);
    const reference = `${repo}:${tag}`;
    if (!(await engine.hasImage(reference)))
      await engine.importImage(createReadStream(image.tarPath), repo, tag);
    const { recipeHash, contentHash, bytes } = image;
    facts.push({ recipe: id, recipeHash, contentHash, reference, bytes });
  }
  return facts;
}

/** Opens the engine of the configuration. OcibenchError (exit 3) where none can be used. */
export async function openSession(
  runId: string,
  choice: ResolvedConfig['engine'],
  entries: readonly RuntimeEntry[],
): Promise<Session> {
  const layout = detectCgroupLayout();
  const engineCgroup = openEngineCgroup(layout, runId);
  const opened = await openEngine(
    choice,
    {
      runId,
      async prepareCgroup() {
        engineCgroup.prepare();
        return runCgroup('cgroupfs', runId);
      },
    },
    entries,
  );
  const { engine } = opened;
  const driver = engine.facts.cgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs';
  const engineCgroups =
    engine.facts.kind === 'embedded' ? { paths: [engineCgroup.path] } : systemEngineCgroups(layout);
  return {
    ...opened,
    runId,
    hostPlace: engine.facts.local ? { layout, driver, runId, engineCgroups } : null,
    provideImages: (recipes) => provideImages(engine, recipes),
    async [Symbol.asyncDispose]() {
      await opened.close();
      await removeRunCgroups(layout, runId);
    },
  };
}
