import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isWriterGone, markForm, writerMark } from '../files/temporary.ts';
import { listed, quantity } from '../messages/compose.ts';
import { messages, notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { exitCodes, OcibenchError } from '../model/failure/error.ts';
import { diskError, diskFullIn } from '../model/machine/disk-error.ts';
import type { ImageRecipe } from '../model/workload/image.ts';
import { execa } from '../programs/execa.ts';

/** Raise this when a change of the build changes the result of the same recipe. */
const buildVersion = 1;

/** sha256 (hex) of everything in the recipe that decides the image's content. */
export function recipeHash(recipe: ImageRecipe, architecture: string): string {
  const { suite, packages, hooks, remove } = recipe;
  const content = {
    buildVersion,
    architecture,
    suite,
    packages: packages.toSorted(),
    remove: remove.toSorted(),
    // The order matters. The key is absent without hooks, so that a recipe without hooks keeps its hash.
    ...(hooks === undefined || hooks.length === 0 ? {} : { hooks }),
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** An image's root file system as a tar file. */
export interface BuiltImage {
  readonly tarPath: string;
  readonly recipeHash: string;
  /** sha256 of the tar file, hex. */
  readonly contentHash: string;
  readonly bytes: number;
}

const text = notices('image', {
  noTool:
    "the image ''{id}'' cannot be built: mmdebstrap is not installed; what would help:\n  @(sudo doctor --install)   (or: apt-get install -y mmdebstrap)",
  notBuilt:
    "the image ''{id}'' could not be built (the Debian archive must be reachable: apt-get update); mmdebstrap said:\n  {words}",
});

const words = messages('image', {
  building: "building the image ''{id}'' from Debian packages ({packages}); it is kept in {directory}",
  built: '  built in {seconds} s, {size}',
});

/** How to choose another place for the cache, for messages. */
const cacheChoice = 'XDG_CACHE_HOME=DIR';

const buildLimitMs = 10 * 60_000;
/** Timestamps of files are clamped to this (2025-01-01), so that two builds from the same packages are identical. */
const sourceDateEpoch = '1735689600';

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Path of a recipe's image in the cache. */
function placeOf(recipe: ImageRecipe, cacheDir: string): { readonly hash: string; readonly tarPath: string } {
  const hash = recipeHash(recipe, arch());
  return { hash, tarPath: join(cacheDir, `${recipe.id}-${hash.slice(0, 16)}.tar`) };
}

/** Size of a recipe's cached image, bytes; null where it has to be built. Its content is not checked. */
export async function cachedImage(recipe: ImageRecipe, cacheDir: string): Promise<number | null> {
  const { tarPath } = placeOf(recipe, cacheDir);
  const [file, mark] = await Promise.all(
    [tarPath, `${tarPath}.sha256`].map((path) => stat(path).catch(() => null)),
  );
  return file && mark ? file.size : null;
}

/** The cached image, if it is complete, that is, if the file with its hash exists, which is written last. */
async function cached(tarPath: string, hash: string): Promise<BuiltImage | null> {
  const expected = await readFile(`${tarPath}.sha256`, 'utf8').catch(() => null);
  if (expected === null) return null;
  const found = await sha256(tarPath).catch(() => null);
  if (found !== expected.trim()) return null;
  return { tarPath, recipeHash: hash, contentHash: found, bytes: (await stat(tarPath)).size };
}

/**
 * Builds the tar file. It unpacks the recipe's packages and their dependencies (`mmdebstrap --variant=extract`: no package
 * manager, no maintainer script). It adds busybox's applets if busybox is among the packages, runs the recipe's hooks, and
 * packs the result.
 */
function mmdebstrapArguments(recipe: ImageRecipe, target: string): string[] {
  const applets =
    'if [ -x "$1/usr/bin/busybox" ]; then chroot "$1" /usr/bin/busybox --install -s /usr/bin; fi';
  const links =
    'for d in bin sbin lib lib64; do [ -e "$1/$d" ] || { mkdir -p "$1/usr/$d"; ln -s "usr/$d" "$1/$d"; }; done';
  const hooks = (recipe.hooks ?? []).map((hook) => `set -e; ${hook}`);
  const remove = recipe.remove.map((pattern) => `rm -rf "$1"/${pattern}`);
  return [
    '--variant=extract',
    `--include=${recipe.packages.join(',')}`,
    ...[links, applets, ...hooks, ...remove].map((hook) => `--extract-hook=${hook}`),
    '--format=tar',
    '--quiet',
    recipe.suite,
    target,
  ];
}

/** Finds the error of the disk in a failure: mmdebstrap prints it on stderr, copying and hashing throw an error with a code. */
function diskCause(error: unknown): unknown {
  const said = (error as { stderr?: string } | null)?.stderr ?? '';
  const code = diskFullIn(said);
  return code === null ? error : { code };
}

function failure(recipe: ImageRecipe, error: unknown): OcibenchError {
  const known = error as { code?: string; exitCode?: number; stderr?: string; shortMessage?: string };
  const said = (known.stderr ?? '').trim().split('\n').slice(-6).join('\n  ');
  const { id } = recipe;
  const message =
    known.code === 'ENOENT' || known.exitCode === 127
      ? text.noTool({ id })
      : text.notBuilt({ id, words: said || String(known.shortMessage) });
  return new OcibenchError(message, { exitCode: exitCodes.noEngine, cause: error });
}

const unfinished = new RegExp(`\\.tar\\.${markForm}\\.tmp$`);

/** Removes the remains of killed builds. Returns the removed paths. */
export async function removeUnfinishedImages(cacheDir: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(cacheDir).catch(() => [])) {
    const mark = unfinished.exec(name)?.[1];
    if (mark === undefined || !isWriterGone(mark)) continue;
    await rm(join(cacheDir, name), { force: true });
    removed.push(join(cacheDir, name));
  }
  return removed;
}

/**
 * Builds an image from Debian packages, or takes it from the cache. A build that was cut short, or a damaged file, is
 * never used. Throws OcibenchError (exit 3) with the commands that help when it cannot be built.
 */
export async function buildImage(options: {
  readonly recipe: ImageRecipe;
  readonly cacheDir: string;
  readonly log: (line: Message) => void;
}): Promise<BuiltImage> {
  const { recipe, cacheDir, log } = options;
  const { hash, tarPath } = placeOf(recipe, cacheDir);
  const found = await cached(tarPath, hash);
  if (found !== null) return found;
  await mkdir(cacheDir, { recursive: true }).catch((error: unknown) => {
    throw diskError(cacheDir, error, cacheChoice);
  });
  log(words.building({ id: recipe.id, packages: listed(recipe.packages), directory: cacheDir }));
  const temporary = `${tarPath}.${writerMark()}.tmp`;
  const began = performance.now();
  try {
    // If this process ends for any reason, mmdebstrap gets a signal and removes its partial result.
    const dying = ['--pdeathsig', 'TERM', 'mmdebstrap'];
    await execa('setpriv', [...dying, ...mmdebstrapArguments(recipe, temporary)], {
      stdin: 'ignore',
      timeout: buildLimitMs,
      env: { SOURCE_DATE_EPOCH: sourceDateEpoch, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const contentHash = await sha256(temporary);
    await rename(temporary, tarPath);
    await writeFile(`${tarPath}.sha256`, `${contentHash}\n`);
    const { size } = await stat(tarPath);
    const seconds = quantity((performance.now() - began) / 1000, '', 1);
    log(words.built({ seconds, size: quantity(size / 2 ** 20, 'MiB', 1) }));
    return { tarPath, recipeHash: hash, contentHash, bytes: size };
  } catch (error) {
    const known = diskError(cacheDir, diskCause(error), cacheChoice);
    throw known instanceof OcibenchError ? known : failure(recipe, error);
  } finally {
    await rm(temporary, { force: true });
  }
}
