import { presetDefaults } from '../../core/config/presets.ts';
import type { Preset } from '../../core/model/run/run.ts';
import type { Accelerator } from './qemu.ts';

const minute = 60_000;
const gibi = 1024;

/**
 * Factor of the time budget under emulation. A trial takes about five times as long there; a smaller factor would
 * measure too little to be worth the wait.
 */
const emulatedTimes = 2;

/**
 * Default time limit of a run in the guest, ms; null: the same as on the host. Under emulation it is only doubled, although
 * emulation is slower than that: fewer blocks give wider intervals.
 */
export function emulatedMaxTime(accelerator: Accelerator, preset: Preset): number | null {
  return accelerator === 'tcg' ? presetDefaults[preset].maxTimeMs * emulatedTimes : null;
}

/** Formats milliseconds as a duration that the configuration reads: `340s`. */
export function durationText(ms: number): string {
  return `${Math.round(ms / 1000)}s`;
}

/** Time limit of each phase of a guest, ms. A guest that exceeds one is ended. */
export interface GuestLimits {
  /** Until the guest reports that it has booted. */
  readonly bootMs: number;
  /** Between two signs of life (the guest sends one every 20 s). */
  readonly silenceMs: number;
  /** From the first sign of life to the end. */
  readonly runMs: number;
}

/**
 * Time limits of a guest. They are generous, since they are meant for guests that hang and not for slow machines. `maxTimeMs`:
 * limit of the run; null where the guest does not run one.
 */
export function guestLimits(accelerator: Accelerator, maxTimeMs: number | null): GuestLimits {
  return {
    bootMs: accelerator === 'kvm' ? 2 * minute : 6 * minute,
    silenceMs: 4 * minute,
    runMs: maxTimeMs === null ? 6 * 60 * minute : 2 * maxTimeMs + 30 * minute,
  };
}

/** Default memory of the guest, MiB: half the host's, at most 4 GiB. */
export function defaultMemoryMiB(hostBytes: number): number {
  return Math.min(4 * gibi, Math.floor(hostBytes / 2 / 2 ** 20));
}

/** Minimum memory, MiB, for Docker, the harness and a trial of 512 MiB. */
export const minMemoryMiB = gibi;
