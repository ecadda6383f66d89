/** Yields numbers uniform in [0, 1). */
export type Random = () => number;

/** 32-bit FNV-1a: turns a text such as `seed:block` into a generator's starting state. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * A seeded generator (sfc32, a 128-bit chaotic counter generator from PractRand). Equal texts give equal
 * sequences on every machine; this is the only source of randomness of the pure stages.
 */
export function seededRandom(text: string): Random {
  let a = hash(`a:${text}`);
  let b = hash(`b:${text}`);
  let c = hash(`c:${text}`);
  let counter = 1;
  const next = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
