/** Suffixes of Kubernetes' quantities (resource.Quantity): decimal ones are powers of a thousand. */
const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Parse `250m` and `0.25`, a text or a number, into CPUs; null where it is neither. */
export function parseCpus(value: string | number): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)(m?)$/.exec(String(value).trim());
  if (match === null) return null;
  return match[2] === 'm' ? Number(match[1]) / 1000 : Number(match[1]);
}

/** Parse `512Mi` (2²⁰), `512M` (10⁶) and `536870912` into bytes; null where it is none of them. */
export function parseBytes(value: string | number): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([kMGT]|[KMGT]i)?$/.exec(String(value).trim());
  if (match === null) return null;
  const bytes = Number(match[1]) * (factors[match[2] ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : null;
}
