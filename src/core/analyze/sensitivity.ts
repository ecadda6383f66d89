import type { Sensitivity, SummaryRow } from '../model/analysis.ts';
import { cellKey, identityOf } from '../model/cell.ts';
import type { TrialRecord } from '../model/trial.ts';
import { wasMeasured } from './effective-trial.ts';
import { minimumPairs } from './stats/paired-centre.ts';

/** Ids of the measured trials that ran while the host was disturbed. */
export function flaggedTrials(trials: readonly TrialRecord[]): ReadonlySet<string> {
  const flagged = trials.filter((trial) => wasMeasured(trial) && (trial.noise?.flags.length ?? 0) > 0);
  return new Set(flagged.map(({ trialId }) => trialId));
}

/**
 * Compare the headline verdicts of runtimes with and without the flagged trials, which stay in all figures. `rows` are those of the
 * whole run, `without` those of the rest. A comparison with too few pairs left is inconclusive and counted separately.
 */
export function sensitivityOf(
  flagged: ReadonlySet<string>,
  rows: readonly SummaryRow[],
  without: readonly SummaryRow[],
): Sensitivity {
  const others = new Map(without.filter((row) => row.headline).map((row) => [cellKey(row), row]));
  const compared = rows.filter(
    (row) => row.headline && row.layer !== 'floor' && row.verdict !== 'baseline' && row.pairs >= minimumPairs,
  );
  let tooFew = 0;
  const changed: Sensitivity['changed'] = [];
  for (const row of compared) {
    const { verdict } = row;
    const other = others.get(cellKey(row));
    if (other === undefined || other.pairs < minimumPairs) tooFew += 1;
    else if (other.verdict !== verdict) changed.push({ ...identityOf(row), verdict, without: other.verdict });
  }
  return { flagged: flagged.size, verdicts: compared.length, tooFew, changed };
}
