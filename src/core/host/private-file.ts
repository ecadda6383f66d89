import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A file as read. */
export interface PrivateFile {
  readonly text: string;
  /** Id of the file's owner. */
  readonly uid: number;
}

/** Maximum size of a process's record, or of a file of checksums, bytes. */
const longest = 4096;

/**
 * Reads a small regular file that another user may have written. null where it is absent, a link, a pipe, a device, a
 * directory, too long, or unreadable. Never waits for a writer (O_NONBLOCK, open(2)).
 */
export async function readPrivateFile(path: string): Promise<PrivateFile | null> {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (handle === null) return null;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > longest) return null;
    const bytes = Buffer.alloc(longest + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytesRead > longest ? null : { text: bytes.toString('utf8', 0, bytesRead), uid: found.uid };
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
