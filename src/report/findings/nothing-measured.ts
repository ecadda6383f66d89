import { quantity } from '../../core/messages/compose.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Analysis } from '../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import { untilCategory } from '../../core/model/trial/subject-name.ts';
import { words } from '../words/common.ts';

/** A time limit that is proposed is this many times the one that was too short, and at least this long, ms. */
const longer = { times: 4, leastMs: 600_000 } as const;

/** A category and a runtime for `--until`, with which the run can go on; null where nothing is compared with the baseline. */
function firstCompared({ subjects, runtimes, config }: RunRecord): string | null {
  const names = runtimes.flatMap(({ entry: { name }, preflight }) =>
    preflight.status === 'available' && name !== config.baseline ? [name] : [],
  );
  for (const { category, unsupported, runtimes: tools } of subjects) {
    const runtime = names.find((name) => !Object.hasOwn(unsupported, name));
    const isCompared = category !== 'isolation' && tools === undefined;
    if (isCompared && runtime !== undefined) return untilCategory({ category, runtime });
  }
  return null;
}

/**
 * Sentences on a run without any value: how to get some, if its time limit ended it and no trial failed, of which longer ones
 * would fail as well. `isArchive`: it cannot go on.
 */
export function nothingMeasured(
  run: RunRecord,
  { trials }: Pick<Analysis, 'trials'>,
  { isArchive = false } = {},
): readonly Message[] {
  const { stopReason, config, runId } = run;
  if (stopReason !== 'max-time' || trials.failed > 0) return [words.nothingMeasured];
  const wantedMs = Math.max(longer.leastMs, longer.times * config.maxTimeMs);
  const minutes = Math.ceil(wantedMs / 60_000);
  const cell = firstCompared(run);
  return [
    words.nothingInTime({ limit: quantity(config.maxTimeMs / 1000, ''), longer: minutes }),
    ...(cell === null || isArchive ? [] : [words.goOnWithSome({ run: runId, cell, longer: minutes })]),
  ];
}
