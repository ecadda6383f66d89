import * as z from 'zod';
import type { Cell } from '../trial/cell.ts';

/** Name of the harness's own container: with its hardening, and without a log. Cells without a profile have it. */
export const defaultProfile = 'default';

/** Name of the container that `docker run` makes without options. Profiles are defined relative to it. */
export const plainProfile = 'plain';

/** Limits of one resource, as Docker's `--ulimit NAME=SOFT:HARD`. */
const ulimitSchema = z.object({
  /** The limit that programs have. */
  soft: z.number().int(),
  /** The limit up to which they may raise it. */
  hard: z.number().int(),
});

/** A filter of system calls. */
const seccompSchema = z.union([
  z.literal('unconfined'),
  z.object({
    /** Name of its file, without directories; `strict` is the one that ocibench ships. */
    file: z.string(),
    /** sha256 (hex) of `rules` as canonical JSON. */
    sha256: z.string(),
    /** The profile in Docker's format. */
    rules: z.record(z.string(), z.unknown()),
  }),
]);
export type SeccompChoice = Readonly<z.infer<typeof seccompSchema>>;

/** Options of a container, relative to {@link plainProfile}; where one is absent, Docker's default applies. */
export const containerProfileSchema = z.object({
  /** Its name in cells, tables and reports. */
  name: z.string().min(1),
  /** Absent: the daemon's own filter. */
  seccomp: seccompSchema.optional(),
  /** Name of a profile that the kernel of the host has loaded, or `unconfined`. */
  apparmor: z.string().optional(),
  /** Capabilities that it lacks, without `CAP_`, or `ALL`. */
  capDrop: z.array(z.string()).optional(),
  /** Capabilities that it has beyond Docker's own, or keeps where all are dropped. */
  capAdd: z.array(z.string()).optional(),
  /** Whether programs can gain no privileges by execve. */
  noNewPrivileges: z.literal(true).optional(),
  /** Whether the root file system is read-only. */
  readonlyRootfs: z.literal(true).optional(),
  /** `uid` or `uid:gid`. */
  user: z.string().optional(),
  /** Maximum number of processes and threads; absent: the harness's 1024. */
  pidsLimit: z.union([z.number().int().positive(), z.literal('unlimited')]).optional(),
  /** Limit of memory, bytes; absent: the workload's, or the harness's 512 MiB. */
  memoryBytes: z.union([z.number().int().positive(), z.literal('unlimited')]).optional(),
  /** CPU quota in CPUs. */
  cpus: z.number().positive().optional(),
  /** Resource → limits. */
  ulimits: z.record(z.string(), ulimitSchema).optional(),
  /** Whether Docker's init is PID 1. */
  init: z.literal(true).optional(),
  /** Mount point → size in bytes. */
  tmpfs: z.record(z.string(), z.number().int().positive()).optional(),
  /** Log driver; absent: the daemon's own. */
  log: z.enum(['none', 'json-file', 'local']).optional(),
  /** Labels, which have no effect in the kernel. */
  labels: z.record(z.string(), z.string()).optional(),
});
export type ContainerProfile = Readonly<z.infer<typeof containerProfileSchema>>;

/** The profile of a subject or cell that names none. */
export function profileName(profile: string | undefined): string {
  return profile ?? defaultProfile;
}

/** Names of the profiles of a run in its order; empty where it has only the default one. */
export function profilesOf({
  profiles = [],
}: {
  readonly profiles?: readonly Pick<ContainerProfile, 'name'>[] | undefined;
}): readonly string[] {
  return profiles.map(({ name }) => name);
}

/** The first profile of a run, with which the others are compared under the same runtime. */
export function firstProfile(config: Parameters<typeof profilesOf>[0]): string {
  return profilesOf(config)[0] ?? defaultProfile;
}

/** The first profile if there are others to compare with it; null where a run has only one profile. */
export function comparedProfile(config: Parameters<typeof profilesOf>[0]): string | null {
  return profilesOf(config).length > 1 ? firstProfile(config) : null;
}

/**
 * Is the cell under the run's first profile, under which runtimes are compared? True for every cell of a run without
 * profiles, and at the layer `floor`, which has none.
 */
export function isOfFirstProfile(
  { profile, layer }: Pick<Cell, 'profile' | 'layer'>,
  { config }: { readonly config: Parameters<typeof profilesOf>[0] },
): boolean {
  return profilesOf(config).length === 0 || profile === firstProfile(config) || layer === 'floor';
}
