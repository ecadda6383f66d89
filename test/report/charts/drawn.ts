import { type Chart, charts } from '../../../src/report/charts/index.ts';
import { fullSuite } from '../full-suite.ts';
import { type Synthetic, syntheticRun } from '../support.ts';

/** A run of a few workloads, and one of all. */
export const standard = syntheticRun();
export const suite = syntheticRun({ more: fullSuite });

export type Value = Readonly<Record<string, unknown>>;

/** A chart of a run; throws where it is not drawn. */
export function drawn(
  id: string,
  input: Synthetic = suite,
  lang: 'en' | 'fr' = 'en',
): Extract<Chart, { spec: unknown }> {
  const chart = charts({ ...input, lang }).find((candidate) => candidate.id === id);
  if (chart === undefined || 'absent' in chart) throw new Error(`${id} is not drawn`);
  return chart;
}

/** The inlined data of a view. */
export function values(spec: unknown): readonly Value[] {
  return (spec as { data: { values: Value[] } }).data.values;
}

/** The inlined data of a chart. */
export function data(input: Synthetic, id: string): readonly Value[] {
  return values(drawn(id, input).spec);
}

/** The views that stand side by side in a chart of the whole suite. */
export function panels(id: string): readonly Value[] {
  return drawn(id).spec.hconcat as Value[];
}

export function layers(panel: Value): readonly Value[] {
  return panel.layer as Value[];
}
