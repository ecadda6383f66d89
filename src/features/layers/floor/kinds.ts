import type { LayerRunner, LayerSubject } from '../../../core/engine/layer.ts';
import { findProgramNow } from '../../../core/files/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import { floorBaseline } from '../../../core/model/cell.ts';

const text = notices('layer.floor', {
  missing: '{program} is not installed here; fix: apt-get install {from}',
});

/** A tool of the system that starts a program with some isolation, or none. */
export interface FloorKind {
  /** Stands in the column of the runtime. */
  readonly name: string;
  /** Its program, and Debian's package of it; null where the program of the image is started itself. */
  readonly tool: { readonly program: string; readonly from: string } | null;
  /** The words after the tool: `root` is a root file system, `command` what runs in it. */
  readonly words: (root: string, command: readonly string[]) => readonly string[];
}

/** From none to most of what isolates a container. */
export const floorKinds: readonly FloorKind[] = [
  { name: floorBaseline, tool: null, words: (_root, command) => command },
  {
    name: 'chroot',
    tool: { program: 'chroot', from: 'coreutils' },
    words: (root, command) => [root, ...command],
  },
  {
    name: 'unshare',
    tool: { program: 'unshare', from: 'util-linux' },
    // The five namespaces of a container in Docker.
    words: (root, command) => [
      ...['--mount', '--pid', '--net', '--ipc', '--uts', '--fork', '--kill-child'],
      ...['--root', root],
      ...command,
    ],
  },
  {
    name: 'bwrap',
    tool: { program: 'bwrap', from: 'bubblewrap' },
    words: (root, command) => [
      ...['--bind', root, '/', '--proc', '/proc', '--dev', '/dev'],
      ...['--unshare-all', '--die-with-parent'],
      ...command,
    ],
  },
  {
    name: 'nspawn',
    tool: { program: 'systemd-nspawn', from: 'systemd-container' },
    // Neither registered with systemd-machined nor moved to a unit: it works without systemd, and stays in its cgroup.
    words: (root, command) => [
      ...['--quiet', '--register=no', '--keep-unit', '--as-pid2', '--pipe'],
      ...['--directory', root],
      ...command,
    ],
  },
];

/** What a floor gives a program: its arguments, and nothing that an engine would have to set up. */
const understood: ReadonlySet<string> = new Set(['command', 'timeoutMs', 'coldCache']);

/**
 * Who runs a subject without engine and runtime: nobody where it is more than the start and end of one program of the
 * image that ocibench builds. No other image: `fork` runs its program on the host, as root.
 */
export function floorRunners({ workload, params }: LayerSubject): readonly LayerRunner[] {
  const isPlainStart =
    workload.category === 'startup' &&
    workload.image === 'base' &&
    (workload.steps?.(params) ?? []).length === 0 &&
    workload.group?.(params) === undefined &&
    workload.peer?.(params) === undefined &&
    Object.keys(workload.container(params)).every((key) => understood.has(key));
  if (!isPlainStart) return [];
  return floorKinds.map(({ name, tool }) => {
    const missing = tool !== null && findProgramNow(tool.program) === null;
    return { name, missing: missing ? text.missing(tool) : null };
  });
}
