import type { Random } from './prng.ts';

/** Fisher–Yates: a new array in random order, every permutation equally likely as far as `random` is uniform. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const order = items.map((item) => ({ item, key: 0 }));
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [order[i], order[j]];
    if (a !== undefined && b !== undefined) {
      order[i] = b;
      order[j] = a;
    }
  }
  return order.map(({ item }) => item);
}
