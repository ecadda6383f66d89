import { join } from 'node:path';

/** The files of a profile in its directory. */
export function profileFiles(directory: string) {
  return { json: join(directory, 'profile.json'), picture: join(directory, 'calls.svg') };
}
