/**
 * Values by block, in the order in which they were added. As a map, but two lists of numbers: a million of them take a
 * quarter of a map's memory, and nothing for the garbage collector to visit.
 */
export class BlockValues implements ReadonlyMap<number, number> {
  readonly #blocks: number[] = [];
  readonly #values: number[] = [];
  /** block → its place in the lists; null while the blocks ascend, as they do where trials are read in their order. */
  #places: Map<number, number> | null = null;
  /** The place that was found last: two samples are read side by side, so the next block is wanted next. */
  #last = 0;

  get size(): number {
    return this.#blocks.length;
  }

  /** Adds the value of a block, or replaces the one that it has. */
  set(block: number, value: number): void {
    const { length } = this.#blocks;
    if (this.#places !== null || block <= (this.#blocks[length - 1] ?? -Infinity)) {
      const place = this.#placeOf(block);
      if (place !== undefined) {
        this.#values[place] = value;
        return;
      }
      this.#places ??= new Map(this.#blocks.map((each, at) => [each, at]));
    }
    this.#places?.set(block, length);
    this.#blocks.push(block);
    this.#values.push(value);
  }

  get(block: number): number | undefined {
    const place = this.#placeOf(block);
    return place === undefined ? undefined : this.#values[place];
  }

  has(block: number): boolean {
    return this.#placeOf(block) !== undefined;
  }

  #placeOf(block: number): number | undefined {
    if (this.#places !== null) return this.#places.get(block);
    const blocks = this.#blocks;
    if (blocks[this.#last] === block) return this.#last;
    if (blocks[this.#last + 1] === block) return ++this.#last;
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((blocks[middle] ?? block) < block) low = middle + 1;
      else high = middle;
    }
    if (blocks[low] !== block) return undefined;
    this.#last = low;
    return low;
  }

  keys(): MapIterator<number> {
    return this.#blocks.values();
  }

  values(): MapIterator<number> {
    return this.#values.values();
  }

  *entries(): MapIterator<[number, number]> {
    for (let place = 0; place < this.#blocks.length; place++)
      yield [this.#blocks[place] ?? Number.NaN, this.#values[place] ?? Number.NaN];
  }

  [Symbol.iterator](): MapIterator<[number, number]> {
    return this.entries();
  }

  /** Faster than an iteration, which makes an object for each value. */
  forEach(visit: (value: number, block: number, map: ReadonlyMap<number, number>) => void): void {
    for (let place = 0; place < this.#blocks.length; place++)
      visit(this.#values[place] ?? Number.NaN, this.#blocks[place] ?? Number.NaN, this);
  }
}
