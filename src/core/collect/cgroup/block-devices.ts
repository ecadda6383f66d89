import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Find the block devices (`253:1`) that are stacked on others: device mapper and md have `slaves`, a loop device has a
 * backing file. Their I/O appears again on the devices below. Missing devices count as not stacked.
 */
export function stackedDevices(
  devices: Iterable<string>,
  sysDevBlock = '/sys/dev/block',
): ReadonlySet<string> {
  const stacked = new Set<string>();
  for (const device of devices) {
    const dir = join(sysDevBlock, device);
    try {
      if (readdirSync(join(dir, 'slaves')).length > 0) stacked.add(device);
    } catch {
      // A device without a `slaves` directory has none.
    }
    if (existsSync(join(dir, 'loop', 'backing_file'))) stacked.add(device);
  }
  return stacked;
}
