import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** sha256 of a file, hex; null where it cannot be read. */
export const sha256Of = (path: string): Promise<string | null> => digestOf(path, 'sha256');

/** Digest of a file, hex; null where it cannot be read. */
export async function digestOf(path: string, algorithm: 'sha256' | 'sha512'): Promise<string | null> {
  const hash = createHash(algorithm);
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
