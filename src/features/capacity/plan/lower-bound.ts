import type { Item } from './fit.ts';

/** Rounding errors must not cost a host. */
const tolerance = 1e-9;

/**
 * A number of hosts of one type that no packing can go below: the greatest, over the dimensions, of the bound L2 of Martello and
 * Toth (1990) for that dimension alone. Two items that are larger than half a host are on two hosts, and what does not fit
 * beside them needs more.
 */
export function lowerBound(items: readonly Item[], capacity: readonly number[]): number {
  return Math.max(
    0,
    ...capacity.map((room, at) =>
      room === Number.POSITIVE_INFINITY
        ? 0
        : boundOf(
            items.flatMap(({ demand, count }) => {
              const size = (demand[at] ?? 0) / room;
              return size > 0 ? [{ size, count }] : [];
            }),
          ),
    ),
  );
}

interface Sized {
  /** As a fraction of a host. */
  readonly size: number;
  readonly count: number;
}

function boundOf(items: readonly Sized[]): number {
  const small = items.filter(({ size }) => size <= 1 / 2).map(({ size }) => size);
  return Math.max(...[0, ...small].map((least) => boundWith(items, least)));
}

/** The bound that leaves out what is smaller than `least`. */
function boundWith(items: readonly Sized[], least: number): number {
  const amount = (own: readonly Sized[]) => own.reduce((total, { size, count }) => total + size * count, 0);
  const number = (own: readonly Sized[]) => own.reduce((total, { count }) => total + count, 0);
  const alone = items.filter(({ size }) => size > 1 - least + tolerance);
  const large = items.filter(({ size }) => size <= 1 - least + tolerance && size > 1 / 2);
  const small = items.filter(({ size }) => size <= 1 / 2 && size >= least);
  const room = number(large) - amount(large);
  return number(alone) + number(large) + Math.max(0, Math.ceil(amount(small) - room - tolerance));
}
