import type { RunRecord } from '../model/run.ts';

/** True for figures that divide a page by the number of processes of the host that map it. */
export function isProportional(metric: string): boolean {
  return metric === 'memory.footprint' || metric === 'density.footprint' || metric.startsWith('pss.');
}

/** Number of foreign shims and sandboxes on the host when the run began; null where unknown. */
export function foreignSandboxes({ checks }: Pick<RunRecord, 'checks'>): number | null {
  const found = checks.find(({ id }) => id === 'foreign-sandboxes');
  if (found === undefined || found.status === 'unknown') return null;
  if (found.status === 'ok') return 0;
  const n = found.messages?.detail?.values?.n;
  return typeof n === 'number' ? n : null;
}
