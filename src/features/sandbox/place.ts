import type { Cell } from '../../core/model/trial/cell.ts';

/** Where a cell was measured. */
export type CellPlace = Pick<Cell, 'profile' | 'layer' | 'engine'>;

export function isOf(one: CellPlace, { profile, layer, engine }: CellPlace): boolean {
  return one.profile === profile && one.layer === layer && one.engine === engine;
}

/** Those of the place of the first that counts: the first profile, layer and engine, which pictures and sentences are about. */
export function ofFirstPlace<T>(
  all: readonly T[],
  placeOf: (each: T) => CellPlace,
  counts: (each: T) => boolean = () => true,
): readonly T[] {
  const first = all.find(counts);
  return first === undefined ? [] : all.filter((each) => isOf(placeOf(first), placeOf(each)));
}
