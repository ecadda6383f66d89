import type { Random } from '../../model/prng.ts';

/** Fisher–Yates: a new array in random order, every permutation equally likely as far as `random` is uniform. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
