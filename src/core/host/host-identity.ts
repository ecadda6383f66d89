import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { HostMarks } from '../model/machine/host.ts';
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

/** The random id in the state directory, made on first use; null where it cannot be stored. */
function keptId(): string | null {
  const directory = stateDirectory();
  const file = join(directory, 'host-id');
  const id = randomBytes(16).toString('hex');
  const made = `${file}.${id.slice(0, 8)}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (lstatSync(directory).uid !== process.getuid?.()) return null;
    const kept = keptIn(file);
    if (kept !== null) return kept;
    // Whole or not at all: a full disk leaves no empty file. Of two processes at once, both take that of the first.
    writeFileSync(made, id, { flag: 'wx', mode: 0o600 });
    try {
      linkSync(made, file);
      return id;
    } catch {
      const found = keptIn(file);
      if (found === null) renameSync(made, file);
      return found ?? id;
    }
  } catch {
    return keptIn(file);
  } finally {
    rmSync(made, { force: true });
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
/** What the hashes are made with: the machine's id is confidential (machine-id(5)). */
const secret = (() => {
  let value: string | null = null;
  // Without any id, one that is valid for this process only.
  return () => (value ??= machineId() ?? `${keptId() ?? randomBytes(16).toString('hex')} ${bootId()}`);
})();

const hashed = (text: string) =>
  createHmac('sha256', secret()).update(`ocibench ${text}`).digest('hex').slice(0, 16);

/**
 * Identifies this host by 16 hex digits that are the same after a restart; marks its objects in a shared daemon. The host name
 * distinguishes machines copied with their id. Without a machine id, hosts of one name are distinguished by a stored random id and
 * by the boot, because several may share the directory in which it is stored.
 */
export function hostIdentity(): string {
  known ??= hashed(hostname());
  return known;
}

/** Id and marks of this host, for its records. */
export function identifiedHost(): { readonly id: string; readonly marks: HostMarks } {
  return { id: hostIdentity(), marks: marksOf() };
}

function marksOf(root = '/'): HostMarks {
  const mark = (kind: string, value: string) => hashed(`${kind} ${value}`);
  const [product, ports, key, boot] = [productId(root), portAddresses(root), keptId(), bootId()];
  return {
    ...(product === null ? {} : { product: mark('product', product) }),
    ...(ports.length === 0 ? {} : { ports: ports.map((each) => mark('port', each)).toSorted() }),
    ...(key === null ? {} : { key: `${mark('user', `${process.getuid?.() ?? 0}`)} ${mark('key', key)}` }),
    ...(boot === '' ? {} : { boot: mark('boot', boot) }),
  };
}

/** UUIDs that firmware of many machines reports: all digits alike, and a placeholder of AMI. */
const unset = /^(.)\1*$|^03000200040005000006000700080009$/;

/** The UUID of /sys/class/dmi/id (SMBIOS 3.7, 7.2.1); null where it cannot be read or says nothing. */
export function productId(root: string): string | null {
  try {
    const text = readFileSync(join(root, 'sys/class/dmi/id/product_uuid'), 'utf8').trim().toLowerCase();
    const digits = text.replaceAll('-', '');
    return /^[0-9a-f]{32}$/.test(digits) && !unset.test(digits) ? digits : null;
  } catch {
    return null;
  }
}

/** Ports that are looked at: those of a machine, not of all that a driver could invent. */
const mostPorts = 8;

/** Permanent hardware addresses of ports with a device behind them, sorted (Documentation/ABI/testing/sysfs-class-net). */
export function portAddresses(root: string): readonly string[] {
  const net = join(root, 'sys/class/net');
  const read = (...parts: string[]) => readFileSync(join(net, ...parts), 'utf8').trim();
  try {
    return readdirSync(net)
      .toSorted()
      .slice(0, 64)
      .flatMap((name) => {
        try {
          lstatSync(join(net, name, 'device'));
          const address = read(name, 'address').toLowerCase();
          // 0: NET_ADDR_PERM, neither random nor set by hand.
          const isPermanent = read(name, 'addr_assign_type') === '0';
          return isPermanent && /^(?!00(?::00){5}$)[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(address)
            ? [address]
            : [];
        } catch {
          return [];
        }
      })
      .toSorted()
      .slice(0, mostPorts);
  } catch {
    return [];
  }
}

/**
 * Pseudonym of a host in published records, 16 hex digits; the same in all publications. Only somebody who knows the host's id
 * can recognise it.
 */
export function pseudonymOf(id: string): string {
  return createHash('sha256').update(`ocibench published ${id}`).digest('hex').slice(0, 16);
}
