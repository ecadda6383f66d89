import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  isShareable,
  parseMappings,
  readMappedPages,
  together,
} from '../../../../src/core/collect/process/mapped-pages.ts';

const page = 4096;

interface Written {
  readonly start: number;
  readonly pages: number;
  readonly permissions?: string;
  /** Page of the file at which the mapping begins. */
  readonly offset?: number;
  readonly inode?: number;
  readonly path?: string;
  /** Pages of the mapping that are in memory: of the file, or made its own by a write. */
  readonly file?: readonly number[];
  readonly anonymous?: readonly number[];
  /** How many of them somebody else maps too. */
  readonly shared?: number;
}

function smapsOf(mapping: Written): string {
  const { start, pages, permissions = 'r-xp', offset = 0, inode = 42, path = '/usr/bin/shim' } = mapping;
  const { file = [], anonymous = [], shared = 0 } = mapping;
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return [
    `${hex(start)}-${hex(start + pages * page)} ${permissions} ${hex(offset * page)} 08:01 ${inode}      ${path}`,
    `Size: ${pages * 4} kB`,
    'KernelPageSize:        4 kB',
    `Rss:                 ${(file.length + anonymous.length) * 4} kB`,
    `Shared_Clean:        ${shared * 4} kB`,
    'Shared_Dirty:          0 kB',
    `Anonymous:           ${anonymous.length * 4} kB`,
    'VmFlags: rd ex mr mw me',
    '',
  ].join('\n');
}

let procRoot: string;
beforeEach(() => {
  procRoot = mkdtempSync(join(tmpdir(), 'ocibench-pages-'));
});
afterEach(() => rmSync(procRoot, { recursive: true }));

/** Writes smaps and a pagemap with holes where nothing is mapped. */
function process(pid: number, ...mappings: readonly Written[]): void {
  mkdirSync(join(procRoot, String(pid)));
  writeFileSync(join(procRoot, String(pid), 'smaps'), mappings.map(smapsOf).join(''));
  const pagemap = openSync(join(procRoot, String(pid), 'pagemap'), 'w');
  const mark = (start: number, at: number, top: number) =>
    writeSync(pagemap, Buffer.from([0, 0, 0, 0, 0, 0, 0, top]), 0, 8, (start / page + at) * 8);
  for (const { start, file = [], anonymous = [] } of mappings) {
    for (const at of file) mark(start, at, 0xa0);
    for (const at of anonymous) mark(start, at, 0x80);
  }
}

const both = (...pids: readonly number[]) => together(pids.map((pid) => readMappedPages(procRoot, pid)));

describe('pages that processes map', () => {
  test('count once, wherever and from where on a file is mapped', () => {
    process(1, { start: 0x10000, pages: 8, file: [0, 1, 2, 3], shared: 4 });
    process(2, { start: 0x70000, pages: 8, offset: 2, file: [0, 1, 2, 3], shared: 4 });
    expect(both(1)).toEqual({ bytes: 4 * page, shareableBytes: 4 * page });
    expect(both(1, 2)).toEqual({ bytes: 6 * page, shareableBytes: 6 * page });
  });

  test('are as many when other processes map them too', () => {
    process(1, { start: 0x10000, pages: 8, file: [0, 1, 2, 3], shared: 0 });
    process(2, { start: 0x10000, pages: 8, file: [0, 1, 2, 3], shared: 1 });
    process(3, { start: 0x10000, pages: 8, file: [0, 1, 2, 3], shared: 4 });
    const alone = both(1);
    expect(alone).toEqual({ bytes: 4 * page, shareableBytes: 4 * page });
    expect(both(2)).toEqual(alone);
    expect(both(3)).toEqual(alone);
  });

  test('of different files are different pages', () => {
    process(1, { start: 0x10000, pages: 4, file: [0, 1], shared: 2 });
    process(2, { start: 0x10000, pages: 4, file: [0, 1], shared: 2, inode: 43 });
    expect(both(1, 2)?.bytes).toBe(4 * page);
  });

  test('are not those that a process made its own by writing, nor anonymous memory', () => {
    process(
      1,
      { start: 0x10000, pages: 8, file: [0, 1], anonymous: [4, 5, 6], shared: 2 },
      { start: 0x90000, pages: 8, inode: 0, path: '[heap]', anonymous: [0, 1, 2, 3] },
      { start: 0xa0000, pages: 8, file: [], anonymous: [0, 1] },
    );
    expect(both(1)?.bytes).toBe(2 * page);
  });

  test('of a memfd and of memory shared for writing belong to the sandbox alone', () => {
    const memfd = { path: '/memfd:runsc-memory (deleted)', permissions: 'rw-s', inode: 7 };
    process(1, { ...memfd, start: 0x10000, pages: 8, file: [0, 1, 2], shared: 3 });
    process(2, { ...memfd, start: 0x10000, pages: 8, file: [0, 1, 5], shared: 2 });
    expect(both(1, 2)).toEqual({ bytes: 4 * page, shareableBytes: 0 });
  });

  test('are found far out in a large and sparse mapping', () => {
    const pages = 40_000;
    process(1, { start: 0x10000, pages, file: [0, 32_767, 32_768, 39_999], shared: 4 });
    expect(both(1)?.bytes).toBe(4 * page);
  });

  test('are not known where one process cannot be read', () => {
    process(1, { start: 0x10000, pages: 8, file: [0], shared: 1 });
    expect(readMappedPages(procRoot, 99)).toBeNull();
    expect(both(1, 99)).toBeNull();
    rmSync(join(procRoot, '1', 'pagemap'));
    expect(both(1)).toBeNull();
  });
});

test('text that is no smaps has no mappings, and lines without a header no owner', () => {
  expect(parseMappings('')).toEqual([]);
  expect(parseMappings('Rss: 4 kB\nnonsense\n12-zz r-xp 0 08:01 1 /bin/sh\n')).toEqual([]);
});

test.each([
  ['/usr/bin/containerd-shim-runc-v2', 'r-xp', true],
  ['/usr/lib/locale/C.utf8/LC_CTYPE', 'r--s', true],
  ['/usr/lib/libc.so.6', 'rw-p', true],
  ['/var/lib/data.mdb', 'rw-s', false],
  ['/memfd:guest-ram (deleted)', 'rw-s', false],
  ['/dev/zero (deleted)', 'rw-s', false],
  ['/SYSV00000000 (deleted)', 'rw-s', false],
  ['/dev/shm/PostgreSQL.1804289383', 'rw-s', false],
])('%s mapped %s: shareable %s', (path, permissions, shareable) => {
  expect(isShareable({ path, permissions })).toBe(shareable);
});
