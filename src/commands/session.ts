import { createReadStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { detectCgroupLayout } from '../collect/cgroup/detect.ts';
import { runCgroup } from '../collect/cgroup/names.ts';
import { removeRunCgroups } from '../collect/cgroup/run.ts';
import { openEngineCgroup, systemEngineCgroups } from '../collect/engine-cgroup.ts';
import { findEngineDaemons } from '../collect/engine-daemons.ts';
import { kataOverheadsFile, openKataOverheads } from '../collect/kata-overheads.ts';
import { loadRecipes } from '../config/workloads.ts';
import type { DaemonFlags } from '../engine/docker-context.ts';
import { imageNamespace } from '../engine/docker-engine.ts';
import { type OpenEngine, openEngine } from '../engine/open.ts';
import { type EngineGuard, guardEngine } from '../execute/engine-guard.ts';
import type { HostPlace } from '../execute/host-observer.ts';
import { openProber, type Prober } from '../execute/prober.ts';
import { registerRun, runtimeDirectory, unregisterRun } from '../host/run-registry.ts';
import { buildImage } from '../images/build.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { type ImageSource, imageId } from '../model/image.ts';
import type { ImageFacts, ResolvedConfig } from '../model/run.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { terminal } from './terminal.ts';

/** An engine in use with the images it needs; once disposed of, nothing of it is left. */
export interface Session extends Omit<OpenEngine, 'close'>, AsyncDisposable {
  readonly runId: string;
  /** null where the engine is on another host. */
  readonly hostPlace: HostPlace | null;
  /** Host id of the engine's dockerd; null where it is not known. */
  readonly dockerd: number | null;
  /** Asks servers in containers; started when it is first needed. */
  readonly prober: Prober;
  /** Tells the engine's failures from those of runtimes. */
  readonly guard: EngineGuard;
  /** Builds or finds the images and imports them into the engine, each once. */
  provideImages(sources: readonly ImageSource[]): Promise<readonly ImageFacts[]>;
}

/** How long the last process in a cgroup of Kata's may take to be reaped once the engine has ended, ms. */
const overheadsLimitMs = 3_000;

/** Image files that survive runs (XDG Base Directory). */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocibench');
}

/** An image that the engine has already: named by who wrote the workload, and never pulled by us. */
async function presentImage(engine: OpenEngine['engine'], reference: string): Promise<ImageFacts> {
  const found = await engine.findImage(reference);
  if (found === null)
    throw new OcibenchError(`the engine has no image ${reference}`, {
      exitCode: exitCodes.misuse,
      problems: [
        {
          file: 'bench.config.ts',
          key: `image ${reference}`,
          message: 'a workload runs in it, and nothing is pulled while measuring',
          fix: `docker pull ${reference}   (with --engine docker; the embedded engine takes recipes only)`,
        },
      ],
    });
  const { id, bytes } = found;
  return { recipe: reference, recipeHash: '', contentHash: id, reference, bytes };
}

async function provideImages(
  engine: OpenEngine['engine'],
  sources: readonly ImageSource[],
): Promise<ImageFacts[]> {
  const known = await loadRecipes();
  const facts: ImageFacts[] = [];
  for (const [id, source] of new Map(sources.map((one) => [imageId(one), one]))) {
    if (typeof source === 'object' && 'reference' in source) {
      facts.push(await presentImage(engine, source.reference));
      continue;
    }
    const recipe = typeof source === 'string' ? known.find((candidate) => candidate.id === source) : source;
    if (recipe === undefined)
      throw new OcibenchError(`there is no image recipe '${id}'`, { exitCode: exitCodes.misuse });
    const image = await buildImage({ recipe, cacheDir: join(cacheDirectory(), 'images'), log: terminal.log });
    const repo = `${imageNamespace}/${id}`;
    const tag = image.contentHash.slice(0, 16);
    const reference = `${repo}:${tag}`;
    if ((await engine.findImage(reference)) === null)
      await engine.importImage(createReadStream(image.tarPath), repo, tag);
    const { recipeHash, contentHash, bytes } = image;
    facts.push({ recipe: id, recipeHash, contentHash, reference, bytes });
  }
  return facts;
}

/** dockerd makes the cgroups of trials as root where we are not, and only root can remove them. */
function tellLeftCgroups(left: readonly string[]): void {
  if (left.length === 0) return;
  terminal.warn(
    process.getuid?.() === 0
      ? `cgroups of this run could not be removed: ${left.slice(0, 3).join('; ')}`
      : `left behind: ${left.length} empty cgroups of this run, which only root can remove:  sudo ./ocibench clean`,
  );
}

/** Opens the engine of the configuration. OcibenchError (exit 3) where none can be used. */
export async function openSession(
  runId: string,
  choice: ResolvedConfig['engine'],
  entries: readonly RuntimeEntry[],
  daemon: DaemonFlags = {},
): Promise<Session> {
  const layout = detectCgroupLayout();
  const engineCgroup = openEngineCgroup(layout, runId);
  await registerRun(runId);
  const removeCgroups = async () => {
    tellLeftCgroups(await removeRunCgroups(layout, runId));
    await unregisterRun(runId);
  };
  const opening = openEngine(
    choice,
    {
      runId,
      async prepareCgroup() {
        engineCgroup.prepare();
        return runCgroup('cgroupfs', runId);
      },
    },
    entries,
    daemon,
  );
  const opened = await opening.catch(async (error: unknown) => {
    await removeCgroups();
    throw error;
  });
  const { engine } = opened;
  if (engine.facts.transport === 'tcp')
    terminal.log(
      `warning: the way to ${engine.facts.endpoint} is not protected (--insecure-tcp): whoever is in that network can read it, change it, and be root on that host`,
    );
  const guard = await guardEngine(engine).catch(async (error: unknown) => {
    await opened.close();
    await removeCgroups();
    throw error;
  });
  const prober = openProber(opened.networkNamespace);
  const driver = engine.facts.cgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs';
  const daemons = findEngineDaemons(engine.facts.endpoint.replace(/^unix:\/\//, ''));
  const engineCgroups =
    engine.facts.kind === 'embedded' ? { paths: [engineCgroup.path] } : systemEngineCgroups(layout, daemons);
  const overheads = openKataOverheads(layout, kataOverheadsFile(runtimeDirectory, runId));
  return {
    ...opened,
    runId,
    hostPlace: engine.facts.local ? { layout, driver, runId, engineCgroups, overheads } : null,
    dockerd: engine.facts.local && 'dockerd' in daemons ? daemons.dockerd : null,
    prober,
    guard,
    lost: async () => guard.lost() ?? (await opened.lost()),
    provideImages: (sources) => provideImages(engine, sources),
    async [Symbol.asyncDispose]() {
      prober.close();
      guard.close();
      await opened.close();
      await overheads.remove([], overheadsLimitMs);
      await removeCgroups();
    },
  };
}
