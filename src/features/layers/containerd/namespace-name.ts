/** Name of the namespace of a run, in a containerd that others use too. It stands alone: what uses it need not load gRPC. */
export function namespaceOf(runId: string): string {
  return `ocibench-${runId}`;
}
