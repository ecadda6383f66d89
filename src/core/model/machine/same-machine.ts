import type { HostFacts } from './host.ts';

/** What is compared of two records of a machine. */
export type IdentifiedHost = Pick<HostFacts, 'id' | 'marks' | 'arch' | 'cpuModel' | 'memoryBytes'>;

/** `likely`: nothing but id and facts agree, as they do for copies of one virtual machine on equal hosts. */
export type MachineRelation = 'same' | 'likely' | 'different';

/**
 * Are two records of one machine? Copies of a machine have one id and often one hardware address (VirtualBox keeps that of a port
 * with NAT, and QEMU has one for all), so that these prove nothing where they agree. What differs tells them apart, in this
 * order: the firmware's UUID, which no update changes; the ports, if none is common; the key that one user's first run made;
 * processor and memory. The same boot proves that two users measured on one machine, but not against a key: machines that were
 * restored from one that ran have its boot.
 */
export function machineRelation(a: IdentifiedHost, b: IdentifiedHost): MachineRelation {
  if (a.id === undefined || b.id === undefined || a.id !== b.id) return 'different';
  const [own, other] = [a.marks ?? {}, b.marks ?? {}];
  if (own.product !== undefined && other.product !== undefined)
    return own.product === other.product ? 'same' : 'different';
  const [ports, others] = [own.ports ?? [], other.ports ?? []];
  if (ports.length > 0 && others.length > 0 && !ports.some((port) => others.includes(port)))
    return 'different';
  const [user, key] = keyOf(own.key);
  const [otherUser, otherKey] = keyOf(other.key);
  if (user !== '' && user === otherUser && key !== otherKey) return 'different';
  if (a.arch !== b.arch || a.cpuModel !== b.cpuModel || !isLike(a.memoryBytes, b.memoryBytes))
    return 'different';
  return own.boot !== undefined && own.boot === other.boot ? 'same' : 'likely';
}

/** Of one memory, kernels keep different parts for themselves. */
const isLike = (a: number, b: number) => Math.abs(a - b) <= 0.05 * Math.max(a, b);

const keyOf = (key = ''): readonly [user: string, key: string] => {
  const [user = '', own = ''] = key.split(' ');
  return [user, own];
};
