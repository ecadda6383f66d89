import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readStat } from '../collect/process-read.ts';

/** One process of one boot: a pid alone could since belong to another. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Field 22 of /proc/<pid>/stat: clock ticks between boot and its start. */
  startTime: z.string(),
  /** /proc/sys/kernel/random/boot_id; absent in what an older ocibench wrote. */
  bootId: z.string().optional(),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;

/** Empty where the kernel does not tell. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Who the process of this id is; null where there is none. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = readStat('/proc', pid);
  return stat === null ? null : { pid, startTime: String(stat.startTicks), bootId: bootId() };
}

/** Who this process is. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startTime: '', bootId: bootId() };
}

/** Does this very process still run? One that has ended and that nobody has waited for yet does not. */
export function isRunning({ pid, startTime, bootId: boot }: ProcessIdentity): boolean {
  if (boot !== undefined && boot !== bootId()) return false;
  const stat = readStat('/proc', pid);
  return stat !== null && String(stat.startTicks) === startTime && stat.state !== 'Z' && stat.state !== 'X';
}
