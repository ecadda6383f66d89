/** One mapping of /proc/<pid>/smaps (proc_pid_smaps(5)); sizes in bytes. */
export interface Mapping {
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
