/** If more than this share of its trials failed, the values of a cell are those of survivors, and decide nothing. */
const toleratedFailures = 0.1;

/** True if so many trials failed that the others are survivors. */
export function areSurvivors({ failed, ok }: { readonly failed: number; readonly ok: number }): boolean {
  return failed > toleratedFailures * (failed + ok);
}
