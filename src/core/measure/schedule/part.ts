import { type Wanted, wantedBy } from '../../analyze/precision.ts';
import { minimumPairs } from '../../analyze/stats/paired-centre.ts';
import type { Cell } from '../../model/cell.ts';
import { comparedProfile } from '../../model/container-profile.ts';
import type { ResolvedConfig, RunRecord } from '../../model/run.ts';
import { withBaseline } from './until.ts';

/** The part of a run that is measured now: the run as it was asked for, or its last extension. */
export interface RunPart {
  readonly cells: readonly Cell[];
  /** The run's settings, with the limits of the part. */
  readonly config: ResolvedConfig;
  /** Its first block, a warm-up. What was measured before counts for intervals, and for nothing else. */
  readonly fromBlock: number;
  readonly wanted: Wanted;
}

/** Time ends an extension long before. */
const extensionMaxBlocks = 1000;

/**
 * The last part of a run whose cells are `cells`. An extension begins when all before it is complete, and ends when the
 * interval of each chosen cell, over all blocks of the run, is as narrow as the practical threshold or clear. It has at
 * least as many blocks as its own test needs, or those that were asked for.
 */
export function lastPart({ config, extensions }: RunRecord, cells: readonly Cell[]): RunPart {
  const extension = extensions?.at(-1);
  if (extension === undefined) return { cells, config, fromBlock: 0, wanted: wantedBy(config) };
  const { practical } = config.thresholds;
  return {
    cells: withBaseline(new Set(extension.cells), cells, config.baseline, comparedProfile(config)),
    config: {
      ...config,
      minBlocks: extension.blocks?.min ?? minimumPairs,
      maxBlocks: extension.blocks?.max ?? extensionMaxBlocks,
      maxTimeMs: extension.maxTimeMs,
      precision: null,
    },
    fromBlock: extension.fromBlock,
    wanted: { targetOf: () => practical, practical },
  };
}
