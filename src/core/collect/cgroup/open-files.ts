import { closeSync, openSync, readSync } from 'node:fs';
import type { FileRead } from '../../metrics/figure.ts';
import { errorCode, missingReason } from './files.ts';
import type { CgroupFilePath } from './read.ts';

/** Maximum size of an accounting file, bytes; a text of this length counts as truncated (it lacks its last newline). */
const bufferBytes = 64 * 1024;

/**
 * Files that are opened once and reread from offset 0. The kernel regenerates their text for every such read, so a
 * reading costs one system call per file.
 */
export class OpenFiles {
  readonly #files: readonly { readonly name: string; readonly fd: number }[];
  readonly #missing: Record<string, FileRead> = {};
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);

  constructor(paths: readonly CgroupFilePath[]) {
    const files: { name: string; fd: number }[] = [];
    for (const { name, path } of paths) {
      try {
        files.push({ name, fd: openSync(path, 'r') });
      } catch (error) {
        this.#missing[name] = { missing: missingReason(error) };
      }
    }
    this.#files = files;
  }

  get count(): number {
    return this.#files.length;
  }

  /** Read the texts now, or those of these names; null once the cgroup is gone (ENODEV). */
  read(only?: ReadonlySet<string>): Record<string, FileRead> | null {
    const texts: Record<string, FileRead> = { ...this.#missing };
    for (const { name, fd } of this.#files) {
      if (only?.has(name) === false) continue;
      try {
        const bytes = readSync(fd, this.#buffer, 0, bufferBytes, 0);
        texts[name] = { text: this.#buffer.toString('latin1', 0, bytes) };
      } catch (error) {
        if (errorCode(error) === 'ENODEV') return null;
        texts[name] = { missing: missingReason(error) };
      }
    }
    return texts;
  }

  close(): void {
    for (const { fd } of this.#files) closeSync(fd);
  }
}
