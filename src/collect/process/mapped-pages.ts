import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { MappedPages } from '../../model/trial.ts';
import { isShareable, type Mapping, parseMappings } from './memory-map.ts';

/** Pages of files and of shared memory that one process maps. */
export interface OwnPages {
  /** Pages that this process alone maps, bytes: what nobody else maps cannot be counted twice. */
  readonly alone: MappedPages;
  /** The others, as the numbers of pages within each file. */
  readonly shared: readonly {
    readonly file: string;
    readonly pageBytes: number;
    readonly shareable: boolean;
    readonly pages: readonly number[];
  }[];
}

/**
 * Bits 63 and 61 of an entry of /proc/<pid>/pagemap, in the last of its eight bytes: in memory; a file's page or shared memory
 * (Documentation/admin-guide/mm/pagemap.rst).
 */
const presentOfFile = 0xa0;

/** As many pages as are looked at, and kept, in one piece. An entry of pagemap has eight bytes. */
const piecePages = 2 ** 15;

/** The numbers, within its file, of the pages of a mapping that are in memory and belong to the file. */
function pagesOf(pagemap: number, { start, end, offset, pageBytes }: Mapping): readonly number[] {
  const pages: number[] = [];
  const first = offset / pageBytes;
  const count = (end - start) / pageBytes;
  const buffer = Buffer.allocUnsafe(Math.min(piecePages, count) * 8);
  for (let at = 0; at < count; ) {
    const length = Math.min(buffer.length, (count - at) * 8);
    const read = readSync(pagemap, buffer, 0, length, (start / pageBytes + at) * 8);
    if (read < 8) break;
    for (let i = 0; i + 8 <= read; i += 8, at += 1)
      if (((buffer[i + 7] ?? 0) & presentOfFile) === presentOfFile) pages.push(first + at);
  }
  return pages;
}

/**
 * Pages of files and shared memory that a process maps; null where the kernel does not let us see them or the process has
 * ended. Only where a mapping has pages that somebody else maps too are they looked at one by one.
 */
export function readMappedPages(procRoot: string, pid: number): OwnPages | null {
  let pagemap: number | null = null;
  try {
    const mappings = parseMappings(readFileSync(join(procRoot, String(pid), 'smaps'), 'utf8'));
    const alone = { bytes: 0, shareableBytes: 0 };
    const shared: OwnPages['shared'][number][] = [];
    for (const mapping of mappings) {
      const { file, pageBytes, residentBytes, anonymousBytes, sharedBytes } = mapping;
      if (file === null || residentBytes <= anonymousBytes) continue;
      const shareable = isShareable(mapping);
      if (sharedBytes === 0) {
        alone.bytes += residentBytes - anonymousBytes;
        if (shareable) alone.shareableBytes += residentBytes - anonymousBytes;
        continue;
      }
      pagemap ??= openSync(join(procRoot, String(pid), 'pagemap'), 'r');
      shared.push({ file, pageBytes, shareable, pages: pagesOf(pagemap, mapping) });
    }
    return { alone, shared };
  } catch {
    return null;
  } finally {
    if (pagemap !== null) closeSync(pagemap);
  }
}

/** Which pages of a file have been seen, a bit each, in pieces: a file may be sparse and terabytes long. */
class PageSet {
  readonly #pieces = new Map<number, Uint8Array>();

  /** Is this the first time that the page is added? */
  add(page: number): boolean {
    const piece = Math.floor(page / piecePages);
    const bits = this.#pieces.get(piece) ?? new Uint8Array(piecePages / 8);
    this.#pieces.set(piece, bits);
    const [at, bit] = [(page % piecePages) >> 3, 1 << (page & 7)];
    const known = bits[at] ?? 0;
    bits[at] = known | bit;
    return (known & bit) === 0;
  }
}

/** What several processes map together, every page once and at its full size; null where one of them could not be read. */
export function together(processes: readonly (OwnPages | null)[]): MappedPages | null {
  let [bytes, shareableBytes] = [0, 0];
  const seen = new Map<string, PageSet>();
  for (const process of processes) {
    if (process === null) return null;
    bytes += process.alone.bytes;
    shareableBytes += process.alone.shareableBytes;
    for (const { file, pageBytes, shareable, pages } of process.shared) {
      const known = seen.get(file) ?? new PageSet();
      seen.set(file, known);
      const added = pages.filter((page) => known.add(page)).length * pageBytes;
      bytes += added;
      if (shareable) shareableBytes += added;
    }
  }
  return { bytes, shareableBytes };
}
