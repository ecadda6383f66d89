/** Ids of runs. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** The name under which the pinned copy of a runtime is measured. */
export function pinName(runtime: string): string {
  return `${runtime}-pin`;
}
