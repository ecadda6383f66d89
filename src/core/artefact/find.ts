import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from '../store/run-files.ts';

/** Levels below a named directory in which runs are looked for: `<class>/<host>/results/<runId>`. */
const searchDepth = 4;

/** More than the files of a thousand hosts beside their runs. */
const maxEntries = 200_000;

const archiveName = /\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)$/i;

/** A run directory, or an archive that may hold some. */
interface Found {
  readonly kind: 'run' | 'archive';
  /** Relative to where it was looked for; empty for that directory itself. */
  readonly name: string;
}

/**
 * Run directories in a directory, and archives beside them, sorted by name. Follows no link; what is inside a run directory is
 * part of it.
 */
export async function findRuns(directory: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  let looked = 0;
  const look = async (name: string, depth: number): Promise<void> => {
    const path = join(directory, name);
    if (await isRun(path)) {
      found.push({ kind: 'run', name });
      return;
    }
    // A directory of somebody else's may be closed: the others are read.
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (depth === 0) throw error;
      return [] as Dirent[];
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      looked++;
      if (looked > maxEntries) return;
      const inner = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory() && depth < searchDepth) await look(inner, depth + 1);
      if (entry.isFile() && archiveName.test(entry.name)) found.push({ kind: 'archive', name: inner });
    }
  };
  await look('', 0);
  return found;
}

async function isRun(path: string): Promise<boolean> {
  return (await lstat(join(path, files.run)).catch(() => null))?.isFile() ?? false;
}
