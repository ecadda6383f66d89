import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import { type Knee, kneeFigures } from '../../../../src/features/sandbox/density/knee.ts';
import { figuresOf } from '../../../../src/features/sandbox/density/step.ts';
import { cell, runSubject, trialRecord } from '../../../support/records.ts';

/** What one more sandbox takes in a made run, MiB and CPUs, and where it ended. */
export interface MadeCrowd {
  readonly mib: number;
  readonly cpus: number;
  readonly knee?: Knee;
  /** Blocks in which no sandbox started. */
  readonly failed?: number;
}

/** A run like another that has `density/idle` only; `upTo`: sandboxes of it, by the number of its blocks. */
export function crowdRun(
  like: RunRecord,
  runtimes: Readonly<Record<string, MadeCrowd>>,
  upTo: Readonly<Record<number, number>> = { 8: 7 },
): { readonly run: RunRecord; readonly trials: readonly TrialRecord[] } {
  const sets = Object.entries(upTo).map(([most, blocks]) => ({ most: Number(most), blocks }));
  const run = {
    ...like,
    runId: '20250102-000000-cd34',
    subjects: sets.map(({ most }) => runSubject('density/idle', { params: `upTo=${most}` })),
  };
  const trials = sets.flatMap(({ most, blocks }) =>
    Array.from({ length: blocks }, (_, at) => at + 1).flatMap((block) =>
      Object.entries(runtimes).map(([runtime, { mib, cpus, knee, failed = 0 }]) => {
        const params = `upTo=${most}`;
        const of = (count: number) => ({
          count,
          cpu: 0.003 + count * cpus * (1 + block / 100),
          resident: (50 + count * mib + (count * block) / 100) * 2 ** 20,
        });
        const isLong = most > 32;
        return trialRecord({
          trialId: `${block}-${runtime}-${params}`,
          cell: cell(runtime, 'density/idle', params),
          block,
          ...(block <= failed
            ? { outcome: { status: 'timed-out', step: 'start', limitMs: 30_000 } as const }
            : {}),
          figures: {
            ...figuresOf(of(most / 2)),
            ...figuresOf(of(most)),
            ...kneeFigures(isLong && knee !== undefined ? knee : { cause: 'end', fit: most }),
          },
        });
      }),
    ),
  );
  return { run, trials };
}
