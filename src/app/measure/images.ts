import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { loadRecipes } from '../../core/config/workloads.ts';
import { buildImage } from '../../core/images/build.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../core/messages/define.ts';
import { misuse, type OcibenchError, problemOf } from '../../core/model/failure/error.ts';
import type { ImageFacts, ResolvedConfig } from '../../core/model/run/run.ts';
import { isLayerEngine, mayBeDocker } from '../../core/model/runtime/engine-choice.ts';
import { type ImageSource, imageId } from '../../core/model/workload/image.ts';
import type { Reporter } from '../reporter.ts';
import type { Engines } from './engines.ts';
import { type ContainerEngine, type DaemonFlags, imageNamespace, isAskedFor } from './engines.ts';

const text = notices('images', {
  missing: 'the engine has no image {reference}',
  noRecipe: "there is no image recipe ''{id}''",
});
const why = reasons('images', {
  notPulled: {
    message: 'a workload runs in it, and nothing is pulled while measuring',
    fix: 'pull it:  docker pull {reference}   (with --engine docker; the embedded engine takes recipes only)',
  },
  embedded: {
    message:
      'the embedded engine starts without images, and has only those that ocibench builds from recipes',
    fix: 'use the Docker daemon that has it:  --engine docker   (systemctl start docker)',
  },
  withoutDocker: {
    message: 'with --engine {engine} there are only the images that ocibench builds from recipes',
    fix: 'use the Docker daemon that has it:  --engine docker   (systemctl start docker)',
  },
});

/** The part of an engine that stores images. */
type ImageStore = Pick<ContainerEngine, 'findImage' | 'importImage'>;

/**
 * Checks, before the host is locked and an engine is started, that the engine has the images that ocibench does not build.
 * OcibenchError (exit 2) that names every one it lacks. A daemon that does not answer is reported later.
 */
export async function refuseMissingImages(
  { engines }: { readonly engines: Engines },
  sources: readonly ImageSource[],
  engine: ResolvedConfig['engine'],
  daemon: DaemonFlags,
): Promise<void> {
  const all = sources.flatMap((source) =>
    typeof source === 'object' && 'reference' in source ? [source.reference] : [],
  );
  const references = [...new Set(all)];
  if (references.length === 0) return;
  const connected = mayBeDocker(engine) ? await engines.connectIfThere(daemon) : null;
  if (connected === null) {
    if (await isAskedFor(engine, daemon)) return;
    throw missing(references, () => (isLayerEngine(engine) ? why.withoutDocker({ engine }) : why.embedded));
  }
  try {
    const absent: string[] = [];
    for (const reference of references)
      if ((await connected.engine.findImage(reference)) === null) absent.push(reference);
    if (absent.length > 0) throw missing(absent, (reference) => why.notPulled({ reference }));
  } finally {
    await connected.close();
  }
}

function missing(references: readonly string[], reasonOf: (reference: string) => Reason): OcibenchError {
  return misuse(
    text.missing({ reference: listed(references) }),
    references.map((reference) => problemOf({ file: 'image', key: reference }, reasonOf(reference))),
  );
}

/** An image that must already be in the engine: the workload's author named it, and ocibench never pulls it. */
async function presentImage(engine: ImageStore, reference: string): Promise<ImageFacts> {
  const found = await engine.findImage(reference);
  if (found === null) throw missing([reference], () => why.notPulled({ reference }));
  const { id, bytes } = found;
  return { recipe: reference, recipeHash: '', contentHash: id, reference, bytes };
}

/** Builds or finds the images and imports them into the engine, each once. */
export async function provideImages(
  engine: ImageStore,
  sources: readonly ImageSource[],
  options: { readonly cacheDirectory: string; readonly reporter: Reporter },
): Promise<ImageFacts[]> {
  const known = await loadRecipes();
  const facts: ImageFacts[] = [];
  for (const [id, source] of new Map(sources.map((one) => [imageId(one), one]))) {
    if (typeof source === 'object' && 'reference' in source) {
      facts.push(await presentImage(engine, source.reference));
      continue;
    }
    const recipe = typeof source === 'string' ? known.find((candidate) => candidate.id === source) : source;
    if (recipe === undefined) throw misuse(text.noRecipe({ id: String(id) }));
    const image = await buildImage({
      recipe,
      cacheDir: join(options.cacheDirectory, 'images'),
      log: (line) => options.reporter.log(line),
    });
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
