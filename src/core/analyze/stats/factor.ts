/** Beyond these logarithms a factor is no longer a double. */
const farthest = 700;

/** The factor of a logarithm, kept within the range of a double: a stranger's figures may be anything. */
export function factorOf(log: number): number {
  return Math.exp(Math.max(-farthest, Math.min(farthest, log)));
}
