/** Between which bounds the rest of the measuring lies, ms. */
export interface TimeLeft {
  readonly leastMs: number;
  readonly mostMs: number;
}
