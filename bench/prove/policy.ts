import {
  type Pairs,
  relativeHalfWidth,
  type SettledReason,
  settledBy,
  shiftOf,
} from '../../src/core/analyze/claims/settled.ts';
import { presetDefaults } from '../../src/core/config/presets.ts';

export const practical = 0.05;
export const confidence = 0.95;

/** How a run gives out its blocks. */
export interface Policy {
  readonly name: string;
  readonly minBlocks: number;
  readonly maxBlocks: number;
  /** The target of a workload is at most this. */
  readonly widestTarget: number;
  /** Why a comparison needs no more blocks, by its pairs and its target. */
  readonly settle: (pairs: Pairs, target: number) => SettledReason | null;
  /** Blocks of the A/A arm: all, those of the minimum, or none. */
  readonly control: 'all' | 'first' | 'none';
  /** Shares of blocks of the open subjects: equal, larger of what is cheap, or of what is noisy and cheap. */
  readonly shares: 'equal' | 'cost' | 'noise and cost';
}

/** A target that was reached `after` blocks ago settles; `clear`: so does a comparison that is clear. */
function atTarget(after: number, clear: boolean): Policy['settle'] {
  return (pairs, target) => {
    const never = { confidence, target: Number.MIN_VALUE, practical };
    if (clear && settledBy(pairs, never) === 'clear') return 'clear';
    const before = shiftOf(pairs.slice(0, Math.max(0, pairs.length - after)), confidence);
    return before !== null && relativeHalfWidth(before) <= target ? 'precise' : null;
  };
}

const { minBlocks, maxBlocks } = presetDefaults.standard;

/** What a run does. */
export const today: Policy = {
  name: 'today: the first half plans the second',
  minBlocks,
  maxBlocks,
  settle: (pairs, target) => settledBy(pairs, { confidence, target, practical }),
  widestTarget: 0.03,
  control: 'first',
  shares: 'cost',
};

const was: Policy = {
  name: 'as it was in version 0.1',
  minBlocks: 8,
  maxBlocks: 20,
  settle: atTarget(0, false),
  widestTarget: 1,
  control: 'all',
  shares: 'equal',
};
const open: Policy = { ...was, name: '+ minimum 6, time is the limit', minBlocks, maxBlocks };
const clear: Policy = { ...open, name: '+ clear cells close', settle: atTarget(0, true) };
const { widestTarget } = today;
const narrow: Policy = { ...clear, name: '+ targets at most 3 %', widestTarget };
const after: Policy = { ...narrow, name: '+ two blocks after the target', settle: atTarget(2, true) };
const first: Policy = { ...after, name: '+ A/A arm in the first 6 blocks', control: 'first' };
const noisy: Policy = {
  ...first,
  name: '+ more blocks of what is noisy and cheap',
  shares: 'noise and cost',
};

/** From the first to today's, one step a line. */
export const policies: readonly Policy[] = [
  was,
  open,
  clear,
  narrow,
  after,
  first,
  noisy,
  { ...noisy, name: '  (four blocks after the target)', settle: atTarget(4, true) },
  today,
  { ...today, name: '  (no A/A arm)', control: 'none' },
  { ...today, name: '  (a block of each in turn)', shares: 'equal' },
  { ...today, name: '  (more blocks of what is noisy and cheap)', shares: 'noise and cost' },
];
