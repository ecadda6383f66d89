import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { MappedPages } from '../../model/trial/trial.ts';

/** One mapping of /proc/<pid>/smaps (proc_pid_smaps(5)); sizes in bytes. */
interface Mapping {
  readonly start: number;
  readonly end: number;
  /** `rwxp` or `rwxs`. */
  readonly permissions: string;
  /** Offset of its start in the file, bytes. */
  readonly offset: number;
  /**
   * Device and inode of the mapped file, or the kernel's own for a memfd or shared anonymous memory. Null where no file
   * is mapped.
   */
  readonly file: string | null;
  readonly path: string;
  readonly pageBytes: number;
  readonly residentBytes: number;
  readonly anonymousBytes: number;
  /** Size of the part that other processes map too. */
  readonly sharedBytes: number;
}

const header =
  /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) (\S{4}) ([0-9a-f]{1,16}) ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)$/;
const sizes = /^(KernelPageSize|Rss|Anonymous|Shared_Clean|Shared_Dirty): +(\d{1,15}) kB$/;

/** Parse the mappings in the text of /proc/<pid>/smaps. Skip lines that are neither a header nor a size. */
export function parseMappings(text: string): readonly Mapping[] {
  const found: { head: RegExpExecArray; sizes: Map<string, number> }[] = [];
  for (const line of text.split('\n')) {
    const size = sizes.exec(line);
    if (size !== null) found.at(-1)?.sizes.set(size[1] ?? '', Number(size[2]) * 1024);
    else {
      const head = header.exec(line);
      if (head !== null) found.push({ head, sizes: new Map() });
    }
  }
  return found.map(({ head, sizes: of }) => {
    const [, start = '', end = '', permissions = '', offset = '', device = '', inode = '', path = ''] = head;
    const size = (name: string) => of.get(name) ?? 0;
    return {
      start: Number.parseInt(start, 16),
      end: Number.parseInt(end, 16),
      permissions,
      offset: Number.parseInt(offset, 16),
      file: inode === '0' ? null : `${device}:${inode}`,
      path,
      pageBytes: of.get('KernelPageSize') ?? 4096,
      residentBytes: size('Rss'),
      anonymousBytes: size('Anonymous'),
      sharedBytes: size('Shared_Clean') + size('Shared_Dirty'),
    };
  });
}

/**
 * Memory that a program created itself and that cannot be opened by name: memfd_create(2), MAP_SHARED | MAP_ANONYMOUS,
 * shmget(2), shm_open(3).
 */
const nameless = /^(\/memfd:|\/dev\/zero|\/SYSV|\/dev\/shm\/|anon_inode:)/;

/**
 * True if another container with the same programs would map the very same pages. This holds for files that are mapped
 * for reading or executing; memory that is shared for writing belongs to its sandbox.
 */
export function isShareable({ path, permissions }: Pick<Mapping, 'path' | 'permissions'>): boolean {
  return !nameless.test(path) && !/^.w.s$/.test(permissions);
}

/** Pages of files and of shared memory that one process maps. */
export interface OwnPages {
  /** Pages that only this process maps, bytes; they cannot count twice. */
  readonly alone: MappedPages;
  /** Pages that other processes map too, as page numbers within each file. */
  readonly shared: readonly {
    readonly file: string;
    readonly pageBytes: number;
    readonly shareable: boolean;
    readonly pages: readonly number[];
  }[];
}

/**
 * Bits 63 and 61 of an entry of /proc/<pid>/pagemap, in the last of its eight bytes. 63: in memory; 61: a page of a
 * file or of shared memory (Documentation/admin-guide/mm/pagemap.rst).
 */
const presentOfFile = 0xa0;

/** Number of pages that are read, and kept, in one piece. An entry of pagemap has eight bytes. */
const piecePages = 2 ** 15;

/** The numbers, within its file, of a mapping's pages that are in memory and belong to the file. */
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
 * Pages of files and shared memory that a process maps. Null where the kernel denies access or the process has ended.
 * Single pages are read only where a mapping has pages that another process maps too.
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

/** Set of a file's pages that were counted, a bit each, in pieces: a file may be sparse and terabytes long. */
class PageSet {
  readonly #pieces = new Map<number, Uint8Array>();

  /** Add a page; true if it is new. */
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

/**
 * Pages that several processes map together, every page once and at its full size; null where one process is
 * unreadable.
 */
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
