import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import { type Comparison, runtimeComparisons } from './comparisons.ts';
import { injectedComparisons } from './injected-comparisons.ts';

/** Ids of all checks, for `--checks`. */
export const checkIds: readonly string[] = [
  ...runtimeComparisons('', 'other', { thorough: true }).map(({ id }) => id),
  ...injectedComparisons().map(({ id }) => id),
  'bill',
];

/** The comparisons to run: all, or those requested by id. */
export function chooseComparisons(
  runtimes: readonly Pick<RuntimeFacts, 'entry' | 'family'>[],
  options: {
    readonly thorough: boolean;
    readonly injected: boolean;
    readonly wanted: readonly string[] | null;
  },
): readonly Comparison[] {
  // A requested check runs, however long it takes.
  const thorough = options.thorough || options.wanted !== null;
  const all = [
    ...runtimes.flatMap(({ entry, family }) => runtimeComparisons(entry.name, family, { thorough })),
    ...(options.injected ? injectedComparisons() : []),
  ];
  return options.wanted === null ? all : all.filter(({ id }) => options.wanted?.includes(id));
}
