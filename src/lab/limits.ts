import { presetDefaults } from '../config/defaults.ts';
import type { Preset } from '../model/run.ts';
import type { Accelerator } from './qemu.ts';

const minute = 60_000;
const gibi = 1024;

/** Under emulation a trial takes about five times as long, and no less than this many times is worth waiting for. */
const emulatedTimes: Readonly<Record<Preset, number>> = { quick: 2, standard: 2, full: 2, lab: 2 };

/**
 * How long a run may measure in the guest where its user named no limit, ms; null: as everywhere. Emulation gets
 * more time, though not all that it is slower by: fewer blocks are told from more by their intervals.
 */
export function emulatedMaxTime(accelerator: Accelerator, preset: Preset): number | null {
  return accelerator === 'tcg' ? presetDefaults[preset].maxTimeMs * emulatedTimes[preset] : null;
}

/** Milliseconds as a duration that the configuration reads: `340s`. */
export function durationText(ms: number): string {
  return `${Math.round(ms / 1000)}s`;
}

/** How long each phase of a guest may take, ms. A guest that exceeds one is ended. */
export interface GuestLimits {
  /** Until the guest says that it is there. */
  readonly bootMs: number;
  /** Between two signs of life (one every 20 s). */
  readonly silenceMs: number;
  /** From the first sign of life to the end. */
  readonly runMs: number;
}

/** Generous: they are for guests that hang, not for slow machines. `maxTimeMs`: that of the run, null where it is not a run. */
export function guestLimits(accelerator: Accelerator, maxTimeMs: number | null): GuestLimits {
  return {
    bootMs: accelerator === 'kvm' ? 2 * minute : 6 * minute,
    silenceMs: 4 * minute,
    runMs: maxTimeMs === null ? 6 * 60 * minute : 2 * maxTimeMs + 30 * minute,
  };
}

/** Memory of the guest in MiB where none is asked for: half the host's, at most 4 GiB. */
export function defaultMemoryMiB(hostBytes: number): number {
  return Math.min(4 * gibi, Math.floor(hostBytes / 2 / 2 ** 20));
}

/** Least memory in which Docker, the harness and a trial of 512 MiB have room, MiB. */
export const minMemoryMiB = gibi;

/** `3G`, `3GiB`, `2048M` or a number of MiB → MiB; null where the text is none of these. */
export function parseMemory(text: string): number | null {
  const match = /^(\d{1,7}(?:\.\d+)?)\s*([MG]?)(?:i?B)?$/i.exec(text.trim());
  if (match === null) return null;
  return Math.floor(Number(match[1]) * (match[2]?.toUpperCase() === 'G' ? gibi : 1));
}
