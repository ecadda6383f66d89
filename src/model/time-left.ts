/** Bounds of the remaining measuring time, ms. */
export interface TimeLeft {
  readonly leastMs: number;
  readonly mostMs: number;
}
