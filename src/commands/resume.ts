import { provenance } from '../analyze/provenance.ts';
import { exitCodes, OcibenchError, type Problem } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';

/** OcibenchError (exit 2) that names every difference between the recorded run and the host of now. */
export function refuseChanges(recorded: RunRecord, now: RunRecord): void {
  const current = provenance(now);
  const problems: Problem[] = [];
  for (const [key, was] of provenance(recorded)) {
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
