import type { ApiStats } from '../../../core/engine/engine.ts';

type Message = Record<string, unknown>;

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function part(message: Message, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (at as Message | null | undefined)?.[key], message);
}

/** The figures of `io.containerd.cgroups.v1.Metrics` or `v2.Metrics`; all null for another type. */
export function readStats(typeUrl: string, metrics: Message): ApiStats {
  if (typeUrl.endsWith('v1.Metrics'))
    return {
      cpuNs: number(part(metrics, 'cpu', 'usage', 'total')),
      memoryPeakBytes: number(part(metrics, 'memory', 'usage', 'max')),
      memoryBytes: number(part(metrics, 'memory', 'usage', 'usage')),
      pids: number(part(metrics, 'pids', 'current')),
    };
  const usec = number(part(metrics, 'cpu', 'usageUsec'));
  return {
    cpuNs: usec === null ? null : usec * 1000,
    memoryPeakBytes: number(part(metrics, 'memory', 'maxUsage')) || null,
    memoryBytes: number(part(metrics, 'memory', 'usage')),
    pids: number(part(metrics, 'pids', 'current')),
  };
}
