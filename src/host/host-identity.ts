import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Empty where there is none, as in many containers. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * This host in 16 hex digits, the same after a restart: what it asks of a daemon that others use too is marked with it. The machine's
 * id is not for others to see (machine-id(5)), so it is hashed; the name tells machines apart that were copied with their id.
 */
export function hostIdentity(): string {
  return createHmac('sha256', machineId()).update(`ocibench ${hostname()}`).digest('hex').slice(0, 16);
}
