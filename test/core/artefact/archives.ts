import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';

/** A file of an archive. */
export const fileEntry = (name: string, body: string): TarEntry => ({
  header: { name, size: Buffer.byteLength(body), type: 'file' },
  body,
});

/** Any other entry. */
export const entryOf = (
  name: string,
  type: NonNullable<TarEntry['header']['type']>,
  more: Partial<TarEntry['header']> = {},
): TarEntry => ({ header: { name, size: 0, type, ...more } });

const compressors = {
  '.tar': (tar: Uint8Array) => tar,
  '.tar.gz': gzipSync,
  '.tgz': gzipSync,
  '.tar.zst': (tar: Uint8Array) => zstdCompressSync(tar),
};
type Ending = keyof typeof compressors;
export const endings = Object.keys(compressors) as readonly Ending[];

/** Writes an archive, compressed as its name says; returns its path. */
export async function writeArchive(
  directory: string,
  name: string,
  ending: Ending,
  entries: readonly TarEntry[],
): Promise<string> {
  const path = join(directory, `${name}${ending}`);
  await writeFile(path, compressors[ending](await packTar(entries)));
  return path;
}

/** A run directory's files as entries below a directory of an archive. */
export async function entriesOf(
  source: string,
  names: readonly string[],
  below: string,
): Promise<readonly TarEntry[]> {
  return Promise.all(
    names.map(async (name) => fileEntry(`${below}/${name}`, await readFile(join(source, name), 'utf8'))),
  );
}
