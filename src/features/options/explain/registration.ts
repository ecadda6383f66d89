/**
 * Whether Docker can use a runtime by this name, or why not.
 * - `usable`, `built-in` (the runc that comes with dockerd)
 * - `not-loaded`: daemon.json has it, the daemon does not: it did not reload, or reads another file
 * - `not-in-file`: the daemon has it, daemon.json does not: from a flag of dockerd, or the file changed since
 * - `no-program`, `no-shim`: registered, but the program or shim is not on this host
 * - `unasked`: registered in daemon.json, and no daemon answers
 * - `containerd-program`: only containerd's CRI plugin knows it, as an OCI runtime that Docker could register by path
 * - `containerd-shim`: only containerd's CRI plugin knows it, as a shim that Docker can call by the shim's own name
 * - `containerd-no-shim`: the same, but the shim's binary is not on this host
 */
export type DockerUse =
  | 'usable'
  | 'built-in'
  | 'not-loaded'
  | 'not-in-file'
  | 'no-program'
  | 'no-shim'
  | 'unasked'
  | 'containerd-program'
  | 'containerd-shim'
  | 'containerd-no-shim';

/** One name in the three places that register runtimes; null where a place does not have it. */
export interface Registration {
  readonly name: string;
  /** Entry of daemon.json: a command line, or a shim's name. */
  readonly file: string | null;
  /** Entry of the daemon's /info. */
  readonly daemon: string | null;
  /** Entry of the CRI plugin in containerd's config.toml. */
  readonly containerd: string | null;
  readonly use: DockerUse;
  /** The program or shim that `use` refers to. */
  readonly about: string;
}
