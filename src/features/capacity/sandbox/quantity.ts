const mebibyte = 2 ** 20;

/** The next multiple of a MiB, bytes. */
export function wholeMebibytes(bytes: number): number {
  return Math.ceil(Math.max(0, bytes) / mebibyte) * mebibyte;
}

/** The next thousandth of a CPU, at least one: the smallest that Kubernetes knows. */
export function wholeMilliCpus(cpus: number): number {
  // A CPU time of 0.003 must not become four thousandths by a rounding error.
  return Math.max(1, Math.ceil(cpus * 1000 - 1e-9));
}

/** A memory quantity of Kubernetes, such as `42Mi`; bytes that are no multiple of a MiB are rounded up. */
export function memoryQuantity(bytes: number): string {
  return `${wholeMebibytes(bytes) / mebibyte}Mi`;
}

/** A CPU quantity of Kubernetes, such as `3m`. */
export function cpuQuantity(milliCpus: number): string {
  return `${milliCpus}m`;
}

/** A name that Kubernetes takes for an object (RFC 1123 label, 63 characters): what cannot be in one becomes `-`. */
export function objectName(name: string): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' ? 'runtime' : label;
}
