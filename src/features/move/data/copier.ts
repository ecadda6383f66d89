import type { DockerProgram } from '../trying/docker-program.ts';

/** Time for looking how much a directory holds, ms: some million files. */
const sizeLimitMs = 300_000;
/** Time for one copy, ms: whoever waits ends it sooner. */
const copyLimitMs = 24 * 3_600_000;
/** Characters of an error that are kept. */
const saidCharacters = 300;

/**
 * Copies `$2` to `$3`, or says how many bytes `$2` takes (`$1`: `size`). Others may write to what is read, and exchange a part of
 * it at any moment: both directories are held open, and are what their paths say; they are mounted again, in mounts that only
 * this script sees, in which no link is followed (nosymfollow, Linux 5.10), and what is read cannot be written. A mount of one
 * directory has no other file system in it.
 */
const script = `set -eu
export LC_ALL=C
refuse() { echo "$1" >&2; exit 9; }
is_held() { [ "$(readlink "/proc/self/fd/$1")" = "$2" ] || refuse "$2 is reached through a link"; }
show() {
  mkdir "/tmp/$2"
  mount --no-canonicalize --bind "/proc/self/fd/$1" "/tmp/$2"
  mount -o "remount,bind,nosymfollow,nosuid,nodev,noexec,$3" "/tmp/$2"
  grep -q " /tmp/$2 [^ ]*nosymfollow" /proc/self/mountinfo || refuse 'links cannot be kept from being followed before Linux 5.10'
}
exec 3<"$2"; is_held 3 "$2"
if [ "$1" = copy ]; then exec 4<"$3"; is_held 4 "$3"; fi
mount -t tmpfs -o mode=0700,size=1m tmpfs /tmp
show 3 from ro
if [ "$1" = size ]; then
  du --summarize --block-size=1 /tmp/from | cut -f1
  exit 0
fi
show 4 to rw
code=0
cp --archive --no-target-directory --reflink=auto --sparse=auto /tmp/from /tmp/to || code=$?
find /tmp/to -xdev '(' -type s -o -type p -o -type b -o -type c ')' -printf . -delete
sync --file-system /tmp/to
exit "$code"
`;

/** What `cp` says of files that others removed or replaced while it copied: the copy is of one moment or another. */
const vanished =
  /^cp: (?:cannot (?:stat|access|open) '.*'(?: for reading)?: No such file or directory|skipping file '.*', as it was replaced while being copied)$/;

/** What went wrong with a copy; null where it is whole, but for what others removed meanwhile. */
export function copyFailure(exitCode: number | null, stderr: string): string | null {
  if (exitCode === 0) return null;
  const lines = stderr.split('\n').filter((line) => line !== '');
  const serious = lines.find((line) => !vanished.test(line));
  if (exitCode === 1 && lines.length > 0 && serious === undefined) return null;
  return (serious ?? lines.at(-1) ?? String(exitCode)).slice(0, saidCharacters);
}

/** The result of a copy. */
export interface Copied {
  /** Sockets, pipes and devices that are not in it. */
  readonly special: number;
  /** What went wrong; null: nothing. */
  readonly failure: string | null;
}

/** Copies directories of this host, as root, with all that files have: owners, modes, attributes, holes, hard links. */
export class Copier {
  readonly #program: Pick<DockerProgram, 'run'>;

  constructor(program: Pick<DockerProgram, 'run'>) {
    this.#program = program;
  }

  /** Bytes that a directory takes on its disk; null where it could not be told. */
  async size(path: string, signal: AbortSignal): Promise<number | null> {
    const { exitCode, stdout } = await this.#run(['size', path], sizeLimitMs, signal);
    return exitCode === 0 && /^\d+$/.test(stdout.trim()) ? Number(stdout) : null;
  }

  /** Copies all of a directory into one that is empty; on return it is on the disk. Special files are left out. */
  async copy(from: string, to: string, signal: AbortSignal): Promise<Copied> {
    const { exitCode, stdout, stderr } = await this.#run(['copy', from, to], copyLimitMs, signal);
    return { special: stdout.trim().length, failure: copyFailure(exitCode, stderr) };
  }

  /** It ends with this process, however that ends: it is in a PID namespace whose first process is killed then. */
  #run(words: readonly string[], limitMs: number, signal: AbortSignal) {
    const apart = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=KILL'];
    const all = ['--pdeathsig', 'KILL', ...apart, 'sh', '-c', script, 'sh', ...words];
    return this.#program.run(all, { program: 'setpriv', limitMs, signal, isOurs: false });
  }
}
