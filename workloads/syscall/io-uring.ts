import { messages, notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { skippedLine, stressorWorkload } from '../lib/stress-ng.ts';

const words = messages('workload.ioUring', {
  title: 'io_uring',
});

const says = notices('workload.ioUring', {
  notPermitted:
    'io_uring_setup is refused with EPERM: the engine’s seccomp profile does not allow io_uring (Docker’s default since 25.0), or kernel.io_uring_disabled is set; a profile that allows it would change that',
  notSupported:
    'io_uring_setup ends with ENOSYS: this kernel has no io_uring (gVisor: not unless the sandbox is started with it)',
  skipped: 'stress-ng: {line}',
});

/** stress-ng skips the stressor and ends with exit code 0 or that of a stressor not implemented. */
function refused({ stdout }: Pick<Evidence, 'stdout'>): Message | null {
  const line = skippedLine(stdout) ?? '';
  if (!line.startsWith('io-uring')) return null;
  if (line.includes('not permitted')) return says.notPermitted;
  if (line.includes('not supported')) return says.notSupported;
  return says.skipped({ line });
}

const ioUring: Workload = stressorWorkload({
  id: 'syscall/io-uring',
  title: words.title,
  description: `stress-ng submits requests of many kinds (read, write, fsync, statx, close …) through io_uring on a file of a
tmpfs. One operation is one request: an io_uring_enter, and its completion taken from the ring.

Docker's default seccomp profile refuses io_uring, and gVisor's kernel does not have it: both are told as such, not as
failures. What a service does then is the same work by ordinary system calls.`,
  operations: { mixed: { stressor: 'io-uring', ops: 5000 } },
  standard: [],
  refused,
});
export default ioUring;
