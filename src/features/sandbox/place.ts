import type { Cell } from '../../core/model/trial/cell.ts';

/** Those of the place of the first: the first profile, layer and engine, which sentences are about. */
export function ofFirstPlace<T extends Pick<Cell, 'profile' | 'layer' | 'engine'>>(
  all: readonly T[],
): readonly T[] {
  const [first] = all;
  return all.filter(
    ({ profile, layer, engine }) =>
      profile === first?.profile && layer === first.layer && engine === first.engine,
  );
}
