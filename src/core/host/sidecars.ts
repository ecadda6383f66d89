import { createHash } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RuntimeFacts } from '../model/runtime/runtime.ts';
import type { Sidecars } from '../runtimes/family.ts';
import { sha256Of } from './sha256.ts';

/**
 * The programs beside a runtime's program, after links are resolved, which is where the runtime looks for them. undefined where
 * there are none and the version expects none.
 */
export async function sidecarsOf(
  path: string,
  version: string | null,
  { directory, programs, expectedBy }: Sidecars,
): Promise<RuntimeFacts['sidecars']> {
  const place = join(dirname(await realpath(path)), directory);
  const names = await filesIn(place);
  const isExpected = version !== null && expectedBy(version);
  if (!isExpected && !programs.some((program) => names.includes(program))) return undefined;
  const isWhole = !isExpected || programs.every((program) => names.includes(program));
  const sha256 = names.length === 0 ? null : await digestOf(place, names);
  return { are: isWhole ? 'present' : 'missing', names, sha256 };
}

/** Combined sha256 of the programs in a directory of sidecars, as in {@link sidecarsOf}. */
export async function sidecarDigest(place: string): Promise<string> {
  return digestOf(place, await filesIn(place));
}

async function filesIn(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).toSorted();
}

async function digestOf(place: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0${(await sha256Of(join(place, name))) ?? ''}\0`);
  return hash.digest('hex');
}
