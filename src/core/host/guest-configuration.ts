import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import type { PreflightContext } from '../runtimes/failure-rule.ts';
import { familyOfEntry } from '../runtimes/registry.ts';

/** Largest configuration that is read, bytes; Kata's has 30,000. */
const maxBytes = 1024 * 1024;

/** The text of a regular file of at most {@link maxBytes}; null where there is none. Never waits for a writer. */
function smallText(path: string): string | null {
  const { O_NONBLOCK, O_NOCTTY, O_RDONLY } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return null;
  }
  try {
    if (!fstatSync(file).isFile()) return null;
    const bytes = Buffer.alloc(maxBytes + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return length > maxBytes ? null : bytes.toString('utf8', 0, length);
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/**
 * The settings of a runtime's virtual machines on this host, and their file; undefined where it has none or no file of it can be
 * read. `root` is replaced in tests.
 */
export function readGuestConfiguration(entry: RuntimeEntry, root = ''): PreflightContext['guest'] {
  const { guestConfiguration } = familyOfEntry(entry);
  for (const file of guestConfiguration?.files(entry) ?? []) {
    const text = smallText(`${root}${file}`);
    if (text !== null && guestConfiguration !== undefined) return { file, ...guestConfiguration.parse(text) };
  }
  return undefined;
}

/**
 * Timeout of a start under a runtime with virtual machines, ms, so that it can say why one fails; undefined: the usual one.
 * `here`: is its configuration on this host?
 */
export function startLimitOf(entry: RuntimeEntry, here: boolean): number | undefined {
  const found = here ? readGuestConfiguration(entry) : undefined;
  return (found ?? familyOfEntry(entry).guestConfiguration?.parse(''))?.startLimitMs;
}
