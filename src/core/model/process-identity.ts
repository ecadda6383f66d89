import * as z from 'zod';

/** Identifies a process by boot and PID namespace too: a pid alone may be reused. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Start time in clock ticks since boot: field 22 of /proc/<pid>/stat. */
  startTime: z.string().max(40),
  /** /proc/sys/kernel/random/boot_id; absent in records of older versions. */
  bootId: z.string().max(40).optional(),
  /** Inode of its PID namespace (pid_namespaces(7)), in which `pid` counts; absent in records of older versions. */
  pidNamespace: z.string().max(40).optional(),
  /** Its host (`hostIdentity`), because hosts can share a directory. Absent in records of older versions. */
  host: z.string().max(40).optional(),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;
