import { createHash, createHmac, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { stateDirectory } from './state-directory.ts';

/** Id of the running kernel's boot; empty where unknown. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Format of the stored id: 32 hex digits, as in machine-id(5). */
const keptForm = /^[0-9a-f]{32}$/;

/** The machine's id; null where there is none, as in many containers. */
function machineId(): string | null {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return keptForm.test(id) ? id : null;
  } catch {
    return null;
  }
}

/** The random id in the state directory, made on first use. Valid only for this process where it cannot be stored. */
function keptId(): string {
  const directory = stateDirectory();
  const file = join(directory, 'host-id');
  const id = randomBytes(16).toString('hex');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (lstatSync(directory).uid !== process.getuid?.()) return id;
    writeFileSync(file, id, { flag: 'wx', mode: 0o600 });
    return id;
  } catch {
    return keptIn(file) ?? id;
  }
}

function keptIn(file: string): string | null {
  try {
    if (!lstatSync(file).isFile()) return null;
    const kept = readFileSync(file, 'utf8').trim();
    return keptForm.test(kept) ? kept : null;
  } catch {
    return null;
  }
}

let known: string | null = null;

/**
 * Identifies this host by 16 hex digits that are the same after a restart; marks its objects in a shared daemon. The
 * machine's id is confidential (machine-id(5)), so it is hashed; the host name distinguishes machines copied with their
 * id. Without a machine id, hosts of one name are distinguished by a stored random id and by the boot, because several
 * may share the directory in which it is stored.
 */
export function hostIdentity(): string {
  known ??= createHmac('sha256', machineId() ?? `${keptId()} ${bootId()}`)
    .update(`ocibench ${hostname()}`)
    .digest('hex')
    .slice(0, 16);
  return known;
}

/**
 * Pseudonym of a host in published records, 16 hex digits; the same in all publications. Only somebody who knows the host's id
 * can recognise it.
 */
export function pseudonymOf(id: string): string {
  return createHash('sha256').update(`ocibench published ${id}`).digest('hex').slice(0, 16);
}
