import { quantity } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, warn } from '../../../model/machine/check.ts';
import { dockerDiskFix } from '../../../model/machine/disk-error.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.dockerDisk', { title: "Docker's disk", free: '{size} free in {path}' });
const doubts = reasons('doctor.dockerDisk', {
  full: { message: '{free}: the images do not fit. Impact: high' },
  little: {
    message: '{free}: little room for images and container layers. Impact: medium',
  },
});

const gib = 1024 ** 3;

/** Upper bound of the images' size, bytes. */
const imagesBytes = gib / 2;

export default {
  id: 'docker-disk',
  order: 19,
  title: words.title,
  impact: 'high',
  check: ({ around: { dockerDisk: found } }) => {
    if (!found) return null;
    const { path, freeBytes } = found;
    const free = words.free({ size: quantity(freeBytes / gib, 'GiB', 2), path });
    const values = { free, fix: dockerDiskFix };
    if (freeBytes < imagesBytes) return fail(doubts.full(values));
    return freeBytes < 2 * gib ? warn(doubts.little(values)) : ok(free);
  },
} satisfies HostCheck;
