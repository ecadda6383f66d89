import { quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Overhead, OverheadLine, RuntimeOverhead } from './overhead-record.ts';
import { wholeMebibytes } from './quantity.ts';
import { mebibyte, mebibytes, percent } from './shown.ts';

const words = messages('containerLimit', {
  inside:
    '{runtime}: {fixed} + {share} of what the program holds is in the container’s cgroup, so mem_limit must hold it too: at least {limit}m for a program of {example}. {outside} more (shim) is outside, where no container limit applies.',
  nothingInside:
    '{runtime}: the container’s cgroup holds only the program, so mem_limit is what the program needs. {outside} more (shim) is outside, where no container limit applies.',
  guest:
    '{runtime}: mem_limit applies to the guest. Nothing limits what the virtual machine and its helpers take from the host: {outside} + {share} when idle, eventually as much as podFixed.',
  noLimit: '{runtime}: how much of it is in the container’s cgroup is unknown.',
});

const exampleBytes = 256 * mebibyte;

/** Overhead in the container's cgroup below this is noise of the program's start, bytes. */
const noticeable = mebibyte / 2;

/** Messages, per measured runtime, on what counts against a memory limit of Docker or Compose (`mem_limit`). */
export function containerLimits({ runtimes }: Pick<Overhead, 'runtimes'>): readonly Message[] {
  return runtimes.flatMap((each) => (each.size === null ? [] : [limitOf(each, each.size)]));
}

function limitOf(
  { runtime, guest }: Pick<RuntimeOverhead, 'runtime' | 'guest'>,
  size: NonNullable<RuntimeOverhead['size']>,
): Message {
  // Docker's limit is the guest's, wherever the virtual machine is charged.
  if (size.inside === null || guest !== null) {
    const { fixedBytes, share } = size.total;
    return words.guest({ runtime, outside: mebibytes(fixedBytes.value), share: percent(share.value) });
  }
  const outside = mebibytes(size.outside.fixedBytes.value);
  const needed = upper(size.inside, exampleBytes);
  if (needed === null) return words.noLimit({ runtime });
  if (needed < noticeable) return words.nothingInside({ runtime, outside });
  const beyond = Math.max(0, size.largestBytes - (size.total.fixedBytes.high ?? 0));
  return words.inside({
    runtime,
    outside,
    fixed: mebibytes(size.inside.fixedBytes.value),
    share: percent(size.inside.share.value),
    example: quantity(exampleBytes / mebibyte, 'MiB'),
    // `beyond`: excess of the largest sandbox over the interval.
    limit: wholeMebibytes(exampleBytes + needed + beyond) / mebibyte,
  });
}

/** Upper end of a line at a size, bytes; null without an interval. A larger program never makes its sandbox smaller. */
function upper({ fixedBytes, share }: OverheadLine, sizeBytes: number): number | null {
  return fixedBytes.high === null || share.high === null
    ? null
    : fixedBytes.high + Math.max(0, share.high) * sizeBytes;
}
