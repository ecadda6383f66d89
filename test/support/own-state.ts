import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';
import { bootId } from '../../src/core/host/host-identity.ts';

/**
 * Gives this process, and the commands that it starts, a state directory of their own, once: what is in it is this test file's, and
 * no other measurement on this host clears it away. Its name is short: paths of sockets end after 107 characters (unix(7)).
 */
export function keepOwnState(): void {
  if (process.env.OCIBENCH_STATE !== undefined) return;
  const parent = mkdtempSync(join(tmpdir(), 'oci-'));
  // Containers whose root is another user of the host pass through it.
  chmodSync(parent, 0o711);
  const state = join(parent, 'ocibench-state');
  mkdirSync(state, { mode: 0o700 });
  // Where a machine has no id, all files of a test run on it are on one host all the same.
  const id = createHash('md5').update(bootId()).digest('hex');
  writeFileSync(join(state, 'host-id'), id, { mode: 0o600 });
  process.env.OCIBENCH_STATE = parent;
  onExit(() => rmSync(parent, { recursive: true, force: true }));
}
