import type { RunRecord } from '../model/run/run.ts';
import { pseudonymOf } from './host-identity.ts';

type HostFacts = Pick<RunRecord['host'], 'hostname' | 'cpuModel' | 'memoryBytes'> & {
  readonly id?: string | null | undefined;
};

/**
 * Are these records of one host? By their ids, of which one may be the pseudonym of a published run; without an id, by name,
 * processor and memory.
 */
export function isOneHost(a: HostFacts, b: HostFacts): boolean {
  const [one, other] = [a.id ?? null, b.id ?? null];
  if (one !== null && other !== null)
    return one === other || pseudonymOf(one) === other || pseudonymOf(other) === one;
  return a.hostname === b.hostname && a.cpuModel === b.cpuModel && a.memoryBytes === b.memoryBytes;
}
