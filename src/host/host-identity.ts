import { createHmac, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { stateDirectory } from './state-directory.ts';

/** Of the kernel that runs; empty where it does not say. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** 32 hex digits, as in machine-id(5). */
const keptForm = /^[0-9a-f]{32}$/;

/** null where there is none, as in many containers. */
function machineId(): string | null {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return keptForm.test(id) ? id : null;
  } catch {
    return null;
  }
}

/** The id that is kept in the state directory, made where there is none. Of this process alone where it cannot be kept. */
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
 * This host in 16 hex digits, the same after a restart: what it asks of a daemon that others use too is marked with it. The
 * machine's id is not for others to see (machine-id(5)), so it is hashed; the name tells machines apart that were copied
 * with their id. Where there is no machine id, hosts of one name are told apart by a random id that is kept, and by the boot:
 * several may share the directory that it is kept in.
 */
export function hostIdentity(): string {
  known ??= createHmac('sha256', machineId() ?? `${keptId()} ${bootId()}`)
    .update(`ocibench ${hostname()}`)
    .digest('hex')
    .slice(0, 16);
  return known;
}
