/** So many of the same, each of which takes `demand`: one number a dimension. */
export interface Item {
  readonly demand: readonly number[];
  readonly count: number;
}

/** Hosts of one type with as much free on each. */
export interface Open {
  /** Index of their type. */
  readonly bin: number;
  readonly hosts: number;
  readonly free: readonly number[];
}

/** Sixteen quarters are four, whatever the doubles say. */
const tolerance = 1e-9;

/** How many of a demand fit into what is free. Infinite where it takes nothing. */
export function fitting(demand: readonly number[], free: readonly number[]): number {
  let most = Number.POSITIVE_INFINITY;
  for (const [at, size] of demand.entries()) {
    if (size <= 0) continue;
    const room = free[at] ?? 0;
    if (room === Number.POSITIVE_INFINITY) continue;
    most = Math.min(most, Math.floor(room / size + tolerance));
  }
  return Math.max(0, most);
}

/** What is free once so many of a demand are placed. What has no limit stays so, also less an infinite demand. */
export function less(free: readonly number[], demand: readonly number[], count: number): readonly number[] {
  return count === 0
    ? free
    : free.map((room, at) => (Number.isFinite(room) ? room - count * (demand[at] ?? 0) : room));
}
