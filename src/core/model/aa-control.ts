/**
 * Label of the A/A control: the baseline, measured a second time. Compared with the baseline it checks the method. The label
 * is never offered as a runtime.
 */
export function aaControl(baseline: string): string {
  return baselineArm(baseline, '2');
}

/** Label of the baseline's trials in the duets of a runtime; never offered as a runtime either. */
export function duetArm(baseline: string, runtime: string): string {
  return baselineArm(baseline, runtime);
}

function baselineArm(baseline: string, name: string): string {
  return `${baseline}#${name}`;
}

/** True for a label under which the baseline is measured beside its own row. */
export function isBaselineArm(label: string, baseline: string): boolean {
  return label.startsWith(baselineArm(baseline, ''));
}

/** The runtime that executes the cells of a label: the label itself, except for further arms of the baseline. */
export function executedRuntime(label: string, baseline: string): string {
  return isBaselineArm(label, baseline) ? baseline : label;
}
