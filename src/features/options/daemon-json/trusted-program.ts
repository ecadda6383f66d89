import { existsSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { whyNotOwn } from '../../../core/files/held-directory.ts';
import { otherHand } from '../../../core/files/walk.ts';
import { readPrivateFile } from '../../../core/host/run-registry.ts';
import { digestOf } from '../../../core/host/sha256.ts';
import type { Reason } from '../../../core/messages/define.ts';
import { families } from '../../../core/runtimes/registry.ts';
import { why } from './registry-text.ts';

/** A line of a checksum file: a digest, and the name of its file; null for a digest alone. */
interface PublishedDigest {
  readonly digest: string;
  readonly of: string | null;
}

/**
 * Parses a checksum file. Forms of its lines: those of sha256sum(1) and sha512sum(1): digest, a space, a space or an asterisk,
 * name (`-`: standard input); those of their `--tag`: `SHA512 (name) = digest`; a digest alone, also in GitHub's form
 * (`sha256:digest`).
 */
function publishedIn(text: string): readonly PublishedDigest[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((raw) => {
      const line = raw.trim();
      const tagged = /^SHA(?:256|512) \((.+)\) = ([0-9a-f]+)$/i.exec(line);
      const plain = /^(?:sha(?:256|512):)?([0-9a-f]+)(?:\s+\*?(.+))?$/i.exec(line);
      const [digest = '', of = '-'] = tagged === null ? (plain?.slice(1) ?? []) : [tagged[2], tagged[1]];
      if (digest.length !== 64 && digest.length !== 128) return [];
      return [{ digest: digest.toLowerCase(), of: of === '-' ? null : basename(of) }];
    });
}

/** Is `name` the name `by` with a suffix? Projects publish `runc.amd64`, and users keep `runsc-202608`. */
const extended = (name: string, by: string) => name.startsWith(`${by}.`) || name.startsWith(`${by}-`);

/**
 * The digests for a program: those without a name, and those of its name or of its link target; if there are none, those of a
 * name that extends it, or that it extends.
 */
function digestsFor(names: readonly string[], published: readonly PublishedDigest[]): readonly string[] {
  const own = published.filter(({ of }) => of === null || names.includes(of));
  const near = published.filter(
    ({ of }) => of !== null && names.some((name) => extended(of, name) || extended(name, of)),
  );
  return (own.length > 0 ? own : near).map(({ digest }) => digest);
}

/** Why a program does not match the checksums in `file`; null if it does. */
export async function checksumObstacle(path: string, file: string): Promise<Reason | null> {
  const published = await readPrivateFile(await realpath(file).catch(() => file));
  if (published === null) return why.checksumUnread({ file });
  const target = await realpath(path).catch(() => path);
  const digests = digestsFor([basename(path), basename(target)], publishedIn(published.text));
  const [first] = digests;
  if (first === undefined) return why.checksumAbsent({ file, name: basename(path) });
  const found = { sha256: await digestOf(path, 'sha256'), sha512: await digestOf(path, 'sha512') };
  if (digests.some((digest) => digest === found.sha256 || digest === found.sha512)) return null;
  const algorithm = first.length === 128 ? 'sha512' : 'sha256';
  return why.checksumDiffers({ path, algorithm, found: found[algorithm] ?? '', file, published: first });
}

/** Why others could exchange what dockerd would run: the program, or what it may start from beside itself; null if none could. */
export async function exchangeObstacle(path: string): Promise<Reason | null> {
  const me = { uid: process.geteuid?.() ?? 0, sudoUid: null };
  const directory = dirname(await realpath(path));
  const places = families.flatMap(({ sidecars }) => (sidecars ? [join(directory, sidecars.directory)] : []));
  const beside = await Promise.all(
    places.map(async (place) => (await readdir(place).catch(() => [])).map((name) => join(place, name))),
  );
  for (const program of [path, ...places, ...beside.flat()]) {
    const who = whyNotOwn(program, { me });
    if (who !== null) return why.exchangeable({ who, path });
  }
  // In a sticky directory nobody exchanges what is there, but everybody adds what is missing.
  for (const place of [directory, ...places].filter(existsSync)) {
    const { mode, ...found } = await stat(place);
    const who = otherHand(place, { ...found, mode: mode & 0o002 }, me);
    if (who !== null) return why.exchangeable({ who, path });
  }
  return null;
}
