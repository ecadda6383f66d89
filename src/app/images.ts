import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { loadRecipes } from '../config/workloads.ts';
import { buildImage } from '../images/build.ts';
import { notices, reasons } from '../messages/define.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import { type ImageSource, imageId } from '../model/image.ts';
import type { ImageFacts } from '../model/run.ts';
import type { Reporter } from './context.ts';
import { type ContainerEngine, imageNamespace } from './engines.ts';

const text = notices('images', {
  missing: 'the engine has no image {reference}',
  noRecipe: "there is no image recipe ''{id}''",
});
const why = reasons('images', {
  notPulled: {
    message: 'a workload runs in it, and nothing is pulled while measuring',
    fix: 'docker pull {reference}   (with --engine docker; the embedded engine takes recipes only)',
  },
});

/** The part of an engine that stores images. */
type ImageStore = Pick<ContainerEngine, 'findImage' | 'importImage'>;

/** An image that is already in the engine: the workload's author named it, and ocibench never pulls it. */
async function presentImage(engine: ImageStore, reference: string): Promise<ImageFacts> {
  const found = await engine.findImage(reference);
  if (found === null)
    throw new OcibenchError(text.missing({ reference }), {
      exitCode: exitCodes.misuse,
      problems: [
        problemOf({ file: 'bench.config.ts', key: `image ${reference}` }, why.notPulled({ reference })),
      ],
    });
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
    if (recipe === undefined)
      throw new OcibenchError(text.noRecipe({ id: String(id) }), { exitCode: exitCodes.misuse });
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
