import type { RunRecord } from '../model/run.ts';

/** Figures in which a page counts for less the more processes of the host map it. */
export function isProportional(metric: string): boolean {
  return metric === 'memory.footprint' || metric === 'density.footprint' || metric.startsWith('pss.');
}

/** How many shims and sandboxes of others ran on the host when the run began; null where that is not known. */
export function foreignSandboxes({ checks }: Pick<RunRecord, 'checks'>): number | null {
  const found = checks.find(({ id }) => id === 'foreign-sandboxes');
  if (found === undefined || found.status === 'unknown') return null;
  if (found.status === 'ok') return 0;
  const n = found.messages?.detail?.values?.n;
  return typeof n === 'number' ? n : null;
}
