/**
 * Label of the A/A control: the baseline, measured a second time in every block. Their comparison gives the noise
 * floor: a real difference must be larger. The label is never offered as a runtime.
 */
export function aaControl(baseline: string): string {
  return `${baseline}#2`;
}

/** The runtime that executes the cells of a label: the label itself, except for the A/A control. */
export function executedRuntime(label: string, baseline: string): string {
  return label === aaControl(baseline) ? baseline : label;
}
