import type { NightMark } from './data.ts';

/** How a day looks. Each has a colour and a sign. */
export type Look = NightMark['status'] | 'disturbed' | 'missing';

/** Pixels of a side of a day in a calendar or a legend. */
export const daySide = 11;

/** Lines over the square of a day, whose side is {@link daySide}; empty: none. */
export const daySigns: Readonly<Record<Look, string>> = {
  measured: '',
  disturbed: 'M0 11L11 0',
  skipped: 'M3 5.5h5',
  failed: 'M3 3l5 5M8 3l-5 5',
  interrupted: 'M3 3l5 5M8 3l-5 5',
  missing: '',
};

export const dayMs = 86_400_000;
/** `2026-11-26` */
export const dayName = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Of several nights of a day, the one that measured. */
export function lookOf(nights: readonly Pick<NightMark, 'status' | 'disturbed'>[]): Look {
  const night = nights.find(({ status }) => status === 'measured') ?? nights.at(-1);
  if (night === undefined) return 'missing';
  return night.status === 'measured' && night.disturbed ? 'disturbed' : night.status;
}
