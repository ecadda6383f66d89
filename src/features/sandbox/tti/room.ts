import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import { filesLeft, memoryRoom, threadsLeft } from '../density/host-room.ts';

const text = notices('sandbox.room', {
  memory:
    '{count} sandboxes may need {needMib} MiB, and the host has {haveMib} MiB to spare: end other programs, or measure fewer',
  tasks:
    '{count} sandboxes may need {need} processes and threads, and {have} more are allowed: raise kernel.pid_max, kernel.threads-max and the limit of the cgroup, or measure fewer',
  files:
    '{count} sandboxes may need {need} open files, and the kernel allows {have} more: raise fs.file-max, or measure fewer',
});

/** What a sandbox may need, engine included. gVisor's, the largest here, takes about 60 MiB and 60 threads. */
const perSandbox = { bytes: 128 * 2 ** 20, tasks: 128, files: 256 };

/** What a host has to spare above its reserve. Infinite where it is not known. */
interface Spare {
  readonly bytes: number;
  readonly tasks: number;
  readonly files: number;
}

/** Why `count` sandboxes at once could exhaust the host; null where they fit. */
export function noRoom(count: number, { bytes, tasks, files }: Spare): Message | null {
  const need = {
    bytes: count * perSandbox.bytes,
    tasks: count * perSandbox.tasks,
    files: count * perSandbox.files,
  };
  const mib = (size: number) => Math.floor(Math.max(0, size) / 2 ** 20);
  if (need.bytes > bytes) return text.memory({ count, needMib: mib(need.bytes), haveMib: mib(bytes) });
  if (need.tasks > tasks) return text.tasks({ count, need: need.tasks, have: tasks });
  if (need.files > files) return text.files({ count, need: need.files, have: files });
  return null;
}

/** The room on this host; `available`: its memory, as the trial's observer reads it. */
export function roomHere(available: Figure): Spare {
  const memory = 'value' in available ? available.value : null;
  return { bytes: memoryRoom(memory), tasks: threadsLeft(), files: filesLeft() };
}
