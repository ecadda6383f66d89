import { readFile } from 'node:fs/promises';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Figure } from '../../../core/model/trial.ts';

const text = notices('sandbox.room', {
  memory:
    '{count} sandboxes may need {needMib} MiB, and the host has {haveMib} MiB to spare: end other programs, or measure fewer',
  tasks:
    '{count} sandboxes may need {need} processes and threads, and the kernel allows {have} more: raise kernel.pid_max and kernel.threads-max, or measure fewer',
});

/** What a sandbox may need, engine included. gVisor's, the largest here, takes about 60 MiB and 60 threads. */
const perSandbox = { bytes: 128 * 2 ** 20, tasks: 128 };
/** Share of the free memory and of the free ids that stays free. */
const kept = 0.2;

/** What a host has to spare. null where it is not known. */
interface Room {
  readonly bytes: number | null;
  readonly tasks: number | null;
}

/** Why `count` sandboxes at once could exhaust the host; null where they fit. */
export function noRoom(count: number, { bytes, tasks }: Room): Message | null {
  const need = { bytes: count * perSandbox.bytes, tasks: count * perSandbox.tasks };
  const have = {
    bytes: (bytes ?? Number.POSITIVE_INFINITY) * (1 - kept),
    tasks: (tasks ?? Number.POSITIVE_INFINITY) * (1 - kept),
  };
  const mib = (size: number) => Math.floor(size / 2 ** 20);
  if (need.bytes > have.bytes)
    return text.memory({ count, needMib: mib(need.bytes), haveMib: mib(have.bytes) });
  if (need.tasks > have.tasks) return text.tasks({ count, need: need.tasks, have: Math.floor(have.tasks) });
  return null;
}

/**
 * Processes and threads that the kernel allows beyond those that exist, from the texts of pid_max, threads-max and loadavg
 * (proc_sys_kernel(5), proc_loadavg(5)); null where they are unreadable.
 */
export function spareTasks(pidMax: string, threadsMax: string, loadavg: string): number | null {
  const existing = /^(?:\S+ ){3}\d+\/(\d{1,10}) /.exec(loadavg)?.[1];
  const limits = [pidMax, threadsMax].map((limit) => Number.parseInt(limit, 10));
  const spare = Math.min(...limits) - Number(existing);
  return Number.isFinite(spare) ? spare : null;
}

/** The room on this host; `available`: its memory, as the trial's observer reads it. */
export async function roomHere(available: Figure): Promise<Room> {
  const files = ['/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max', '/proc/loadavg'];
  const [pidMax = '', threadsMax = '', loadavg = ''] = await Promise.all(
    files.map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return {
    bytes: 'value' in available ? available.value : null,
    tasks: spareTasks(pidMax, threadsMax, loadavg),
  };
}
