const mebibyte = 2 ** 20;

/** Rounds up to whole MiB. */
export function wholeMebibytes(bytes: number): number {
  return Math.ceil(Math.max(0, bytes) / mebibyte) * mebibyte;
}

/** Rounds up to thousandths of a CPU, at least one: the smallest unit in Kubernetes. */
export function wholeMilliCpus(cpus: number): number {
  // Guards against rounding errors: 0.003 must not become four thousandths.
  return Math.max(1, Math.ceil(cpus * 1000 - 1e-9));
}

/** A memory quantity of Kubernetes, such as `42Mi`; rounds up to whole MiB. */
export function memoryQuantity(bytes: number): string {
  return `${wholeMebibytes(bytes) / mebibyte}Mi`;
}

/** A CPU quantity of Kubernetes, such as `3m`. */
export function cpuQuantity(milliCpus: number): string {
  return `${milliCpus}m`;
}

/** Converts to a valid Kubernetes object name (RFC 1123 label, 63 characters): other characters become `-`. */
export function objectName(name: string): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' ? 'runtime' : label;
}
