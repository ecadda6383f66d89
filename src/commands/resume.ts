import { exitCodes, OcibenchError, type Problem } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';

/** What must be the same in both halves of a run, or its ratios would compare different things. */
function identity(run: RunRecord): ReadonlyMap<string, string> {
  return new Map([
    ['host.kernel', run.host.kernel],
    ['host.cpuModel', run.host.cpuModel],
    ['host.emulation', run.host.emulation ?? 'none'],
    ['host.cgroup', run.host.cgroup],
    ['engine.kind', run.engine.kind],
    ['engine.version', run.engine.version],
    ['harnessVersion', run.harnessVersion],
    ...run.runtimes.map(({ entry, sha256 }) => [`runtimes.${entry.name}.sha256`, sha256 ?? 'none'] as const),
    ...run.runtimes.map(({ entry, preflight }) => [`runtimes.${entry.name}`, preflight.status] as const),
    ...run.images.map(({ recipe, contentHash }) => [`images.${recipe}.contentHash`, contentHash] as const),
  ]);
}

/** OcibenchError (exit 2) that names every difference between the recorded run and the host of now. */
export function refuseChanges(recorded: RunRecord, now: RunRecord): void {
  const current = identity(now);
  const problems: Problem[] = [];
  for (const [key, was] of identity(recorded)) {
    const is = current.get(key) ?? 'none';
    if (is !== was)
      problems.push({
        file: `run ${recorded.runId}`,
        key,
        message: `was ${was} and is now ${is}`,
        fix: 'start a new run: what was measured before cannot be compared with what would be measured now',
      });
  }
  if (problems.length > 0)
    throw new OcibenchError('this run cannot be resumed: what it measured has changed', {
      exitCode: exitCodes.misuse,
      problems,
    });
}
