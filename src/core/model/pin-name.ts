/** The name under which the pinned copy of a runtime is measured. */
export function pinName(runtime: string): string {
  return `${runtime}-pin`;
}
