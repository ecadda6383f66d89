import { randomBytes } from 'node:crypto';

/** `20261124-154900-4f2a`: sorts by time, and is valid as a name of cgroups, containers and files. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
