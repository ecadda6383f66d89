import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { nullIfMissing, openPlainFile, readPlainFile } from '../files/plain-file.ts';
import { isTemporary } from '../files/temporary.ts';
import { removeNames, writeAtomically } from './files.ts';

/**
 * The checksums of a run directory that is no longer written to, in the format of sha256sum(1): `sha256sum -c
 * MANIFEST.sha256` checks it.
 */
export const manifestFile = 'MANIFEST.sha256';

/** Maximum depth of directories in a run directory: more than ocibench makes. */
const maxDepth = 4;

/** Maximum number of files: more than a run directory has. */
const maxFiles = 10_000;

/** A file that is in a manifest, in its directory, or in both. */
interface ManifestEntry {
  /** Relative to the directory, with `/`. */
  readonly name: string;
  /**
   * `added`: a regular file that the manifest does not name; the results for the others stay valid. `unreadable`: not a
   * line of sha256sum.
   */
  readonly status: 'whole' | 'changed' | 'missing' | 'added' | 'unreadable';
}

/** Result of comparing a manifest with its directory. */
export interface ManifestCheck {
  /** `missing`: there is no manifest, for example because the run was cut off. */
  readonly state: 'whole' | 'changed' | 'missing';
  /** Every file of the manifest and of the directory, sorted by name; empty where there is no manifest. */
  readonly files: readonly ManifestEntry[];
  /** sha256 of the manifest itself, hex; null where there is none. It identifies the content of the whole directory. */
  readonly sha256: string | null;
}

/**
 * Writes the manifest of a run directory, once all other files in it are on the disk. OcibenchError where the disk
 * refuses it.
 */
export async function writeManifest(directory: string): Promise<void> {
  const lines: string[] = [];
  for (const name of await regularFiles(directory))
    lines.push(line(name, await sha256Of(join(directory, name))));
  await writeAtomically(join(directory, manifestFile), lines.join(''));
}

/** The manifest of files that are not on the disk, name → content. */
export function manifestOf(contents: ReadonlyMap<string, string | Uint8Array>): string {
  return [...contents]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => line(name, createHash('sha256').update(content).digest('hex')))
    .join('');
}

/** Removes the manifest of a directory that is about to change: a directory that is being written has none. */
export async function removeManifest(directory: string): Promise<void> {
  await removeNames(directory, [manifestFile]);
}

/** Compares a run directory with its manifest. Follows no link. OcibenchError (exit 2) where a file cannot be read. */
export async function checkManifest(directory: string): Promise<ManifestCheck> {
  const file = join(directory, manifestFile);
  const content = await readPlainFile(file, { followLinks: false }).catch(nullIfMissing);
  if (content === null) return { state: 'missing', files: [], sha256: null };
  const listed = parseManifest(content.toString('utf8'));
  const present = new Set(await regularFiles(directory));
  const found = new Map<string, ManifestEntry['status']>();
  for (const [name, sha256] of listed ?? []) {
    const status = present.has(name)
      ? (await sha256Of(join(directory, name))) === sha256
        ? 'whole'
        : 'changed'
      : 'missing';
    found.set(name, status);
  }
  if (listed === null) found.set(manifestFile, 'unreadable');
  else for (const name of present) if (!found.has(name)) found.set(name, 'added');
  const files = [...found]
    .map(([name, status]) => ({ name, status }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const isWhole = files.every(({ status }) => status === 'whole' || status === 'added');
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { state: isWhole ? 'whole' : 'changed', files, sha256 };
}

/** One line of sha256sum(1): a name with a line feed or a backslash is escaped, and the line then begins with a backslash. */
function line(name: string, sha256: string): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}

const lineForm = /^(?<escaped>\\?)(?<sha256>[0-9a-f]{64}) [ *](?<name>.+)$/;
const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };

/** Name → sha256; null where the text is not a manifest, or names a file twice. */
function parseManifest(text: string): ReadonlyMap<string, string> | null {
  const listed = new Map<string, string>();
  for (const each of text.split('\n')) {
    if (each === '') continue;
    const { escaped, sha256 = '', name: written = '' } = lineForm.exec(each)?.groups ?? {};
    const name =
      escaped === '\\' ? written.replaceAll(/\\[\\nr]/g, (found) => escapes[found] ?? found) : written;
    if (name === '' || listed.has(name)) return null;
    listed.set(name, sha256);
  }
  return listed;
}

/**
 * Names of the regular files of a directory except its manifest and unfinished files, sorted. Follows no link. At most
 * {@link maxFiles} files, down to {@link maxDepth} levels, since the directory may not be ocibench's.
 */
async function regularFiles(directory: string): Promise<readonly string[]> {
  const names: string[] = [];
  const look = async (prefix: string, depth: number): Promise<void> => {
    const entries = await readdir(join(directory, prefix), { withFileTypes: true });
    for (const entry of entries) {
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory() && depth < maxDepth) await look(`${name}/`, depth + 1);
      if (entry.isFile() && names.length < maxFiles && name !== manifestFile && !isTemporary(entry.name))
        names.push(name);
    }
  };
  await look('', 1);
  return names.toSorted();
}

/** sha256 of a file, hex, read in parts. */
async function sha256Of(path: string): Promise<string> {
  const handle = await openPlainFile(path, { followLinks: false });
  const hash = createHash('sha256');
  await pipeline(handle.createReadStream(), hash);
  return hash.digest('hex');
}
