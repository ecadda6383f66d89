import { samplePeriodMs } from '../model/extent.ts';
import type { Preset, ResolvedConfig } from '../model/run.ts';

/** Time limit and numbers of blocks of a preset. */
export interface PresetDefaults {
  /** Minimum number of measured blocks before precision may end the run. */
  readonly minBlocks: number;
  readonly maxBlocks: number;
  readonly maxTimeMs: number;
}

const minute = 60_000;

/**
 * Defaults of the presets. `quick` gives a first answer, `standard` a reliable one, `full` a publishable one. `lab`
 * does the exercise of docs/lab, within ten minutes in total, and so does `hardening` with the options of containers.
 * `gvisor-flags` tells what gVisor's flags cost. The exact signed-rank test needs six blocks for an
 * interval. The time limit ends a preset: its blocks are more than it has time for, unless few things are compared.
 */
export const presetDefaults: Readonly<Record<Preset, PresetDefaults>> = {
  quick: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 135_000 },
  standard: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 25 * minute },
  full: { minBlocks: 20, maxBlocks: 200, maxTimeMs: 120 * minute },
  lab: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 8.5 * minute },
  hardening: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 8.5 * minute },
  'gvisor-flags': { minBlocks: 7, maxBlocks: 200, maxTimeMs: 30 * minute },
};

/** Defaults that do not depend on the preset. */
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
