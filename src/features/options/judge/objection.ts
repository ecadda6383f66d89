import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import type { Reason } from '../../../core/messages/define.ts';

/**
 * What an objection leads to. `refused`: dockerd does not start, and `dockerd --validate` says so; `unnoticed`: it does not start,
 * although `dockerd --validate` accepts the file; `no-container`: dockerd starts, and no container that uses the setting does;
 * `ignored`: all start, and the setting does nothing; `note`: all start.
 */
export const consequences = ['refused', 'unnoticed', 'no-container', 'ignored', 'note'] as const;
export type Consequence = (typeof consequences)[number];

/** What speaks against the value of a key here. */
export interface Objection {
  readonly key: keyof DaemonConfig;
  readonly effect: Consequence;
  readonly reason: Reason;
}

/** A condition that must not hold, and what follows where it does. */
export type Against = readonly [
  isBroken: boolean,
  key: keyof DaemonConfig,
  effect: Consequence,
  reason: Reason,
];

/** The objections of the checks that fail. */
export function listObjections(checks: readonly Against[]): readonly Objection[] {
  return checks.flatMap(([isBroken, key, effect, reason]) => (isBroken ? [{ key, effect, reason }] : []));
}

/** What is known of the Docker that would read the file, and of its host. */
export interface DockerHere {
  /** Version of dockerd; null where none is installed: then every rule of a release holds. */
  readonly version: string | null;
  readonly hasSystemd: boolean;
  readonly hasJournal: boolean;
  readonly hasSelinux: boolean;
  /** Hard limits that dockerd cannot exceed, by name; `Infinity` for unlimited. */
  readonly limits: ReadonlyMap<string, number>;
  /** File system of the data root: `xfs`, `btrfs`, `zfs`, or another. */
  readonly dataFileSystem: string;
  /** Those of the file's paths and programs that exist. */
  readonly present: ReadonlySet<string>;
  /** Names in /etc/passwd, /etc/group and /etc/subuid. */
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly subordinate: ReadonlySet<string>;
  /** Network devices. */
  readonly devices: ReadonlySet<string>;
  /** Keys that the daemon's unit sets by flags. */
  readonly flags: ReadonlySet<string>;
}

/** Is the daemon of this major release or a later one? */
export function isSince({ version }: DockerHere, release: number): boolean {
  return version === null || Number.parseInt(version, 10) >= release;
}
