/**
 * Can Docker use a runtime by this name, and if not, why?
 * - `usable`, `built-in` (the runc that dockerd brings)
 * - `not-loaded`: daemon.json has it, the daemon does not (or another one): it was not reloaded
 * - `not-in-file`: the daemon has it, daemon.json does not: a flag of dockerd, or a file that was changed since
 * - `no-program`, `no-shim`: registered, but what it names is not on this host
 * - `unasked`: registered in daemon.json, and no daemon answers
 * - `containerd-program`: only containerd's CRI plugin knows it, for an OCI runtime that Docker could register by path
 * - `containerd-shim`: only containerd's CRI plugin knows it, as a shim that Docker can call by the shim's own name
 * - `containerd-no-shim`: the same, and the shim's binary is not on this host
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

/** One name in the three places where a runtime can be registered; null: not there. */
export interface RuntimeLayers {
  readonly name: string;
  /** As daemon.json has it: a command line, or a shim's name. */
  readonly file: string | null;
  /** As the daemon's /info has it. */
  readonly daemon: string | null;
  /** As the CRI plugin of containerd's config.toml has it. */
  readonly containerd: string | null;
  readonly use: DockerUse;
  /** What `use` is about: a program, or a shim's name. */
  readonly about: string;
}
