/** Bounds of the remaining measuring time, ms. */
export interface TimeLeft {
  readonly minMs: number;
  readonly maxMs: number;
}
