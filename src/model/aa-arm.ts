/**
 * The label under which a run measures its baseline a second time in every block: what the comparison of the two says
 * is noise, and tells how large a difference must be to be more than that. It is never offered as a runtime.
 */
export function aaArm(baseline: string): string {
  return `${baseline}#2`;
}

/** The runtime that executes the cells of this label: the label itself, except for the baseline's second arm. */
export function executedRuntime(label: string, baseline: string): string {
  return label === aaArm(baseline) ? baseline : label;
}
