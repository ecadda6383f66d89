import * as z from 'zod';

/** Identifies a process. Boot id and PID namespace are included, because a pid alone may be reused. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Start time in clock ticks since boot: field 22 of /proc/<pid>/stat. */
  startTime: z.string().max(40),
  /** /proc/sys/kernel/random/boot_id; empty where unknown. */
  bootId: z.string().max(40),
  /** Inode of its PID namespace (pid_namespaces(7)), in which `pid` counts; absent where it may not be read. */
  pidNamespace: z.string().max(40).optional(),
  /** Its host (`hostIdentity`), because hosts can share a directory. */
  host: z.string().max(40),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;
