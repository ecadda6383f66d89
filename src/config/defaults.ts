import { type Preset, type ResolvedConfig, samplePeriodMs } from '../model/run.ts';

/** How long a preset may measure and how many blocks it takes. */
export interface PresetDefaults {
  /** Fewest measured blocks before precision may end the run. */
  readonly minBlocks: number;
  readonly maxBlocks: number;
  readonly maxTimeMs: number;
}

const minute = 60_000;

/**
 * quick gives a first answer, standard one to rely on, full one to publish, lab those that the exercise of docs/lab asks for,
 * in ten minutes with all that is around them. The exact signed-rank test needs six
 * blocks for an interval and more for a verdict, depending on how much is compared; the run takes those it needs,
 * within the maximum.
 */
export const presetDefaults: Readonly<Record<Preset, PresetDefaults>> = {
  quick: { minBlocks: 7, maxBlocks: 12, maxTimeMs: 170_000 },
  standard: { minBlocks: 8, maxBlocks: 20, maxTimeMs: 25 * minute },
  full: { minBlocks: 20, maxBlocks: 40, maxTimeMs: 120 * minute },
  lab: { minBlocks: 7, maxBlocks: 14, maxTimeMs: 8.5 * minute },
};

/** Choices that do not depend on the preset. */
export const commonDefaults = {
  preset: 'quick',
  runtimes: null,
  workloads: null,
  baseline: 'runc',
  precision: null,
  engine: 'auto',
  samplePeriodMs: samplePeriodMs.default,
  labels: {},
  thresholds: { practical: 0.05, alpha: 0.05 },
} as const satisfies Partial<ResolvedConfig>;
