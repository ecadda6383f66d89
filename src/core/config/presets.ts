import type { Preset, ResolvedConfig } from '../model/run/run.ts';

/** Time limit and numbers of blocks of a preset; precision may end it after the fewest. */
export type PresetDefaults = Pick<ResolvedConfig, 'minBlocks' | 'maxBlocks' | 'maxTimeMs'>;

const minute = 60_000;

/**
 * Defaults of the presets. `quick` gives a first answer, `standard` a reliable one, `full` a publishable one. `lab` is
 * for the exercise of docs/lab and `hardening` for container options; each takes ten minutes in total. `gvisor-flags`
 * measures the cost of gVisor's flags, `capacity` what overhead and plan need, and `sandbox` what sandboxes of agents and
 * CI cost. The exact signed-rank test needs six blocks for an interval. Usually the time limit ends a preset before its
 * maximum number of blocks, unless few things are compared.
 */
export const presetDefaults: Readonly<Record<Preset, PresetDefaults>> = {
  quick: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 130_000 },
  standard: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 25 * minute },
  full: { minBlocks: 20, maxBlocks: 200, maxTimeMs: 120 * minute },
  lab: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 8.5 * minute },
  hardening: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 8.5 * minute },
  'gvisor-flags': { minBlocks: 7, maxBlocks: 200, maxTimeMs: 30 * minute },
  capacity: { minBlocks: 6, maxBlocks: 12, maxTimeMs: 18 * minute },
  sandbox: { minBlocks: 6, maxBlocks: 200, maxTimeMs: 9 * minute },
};
