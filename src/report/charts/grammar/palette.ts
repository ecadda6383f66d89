import { familyOf } from '../../../core/runtimes/registry.ts';
import type { ReportContext } from '../../context.ts';
import { plainText } from '../../document/sanitize.ts';
import { cutMiddle } from '../../document/wrap.ts';
import type { ChartContext, Spec } from './chart.ts';
import { legendColumns } from './layout.ts';
import { shownNames } from './live.ts';

/** Shapes distinguish runtimes in black-and-white print. */
const shapes = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'triangle-down'];

/**
 * Colour of every runtime of a run, the same in all its charts: a family's own name gets the family's first shade, its
 * variants darker and lighter ones.
 */
export function runtimeColors(context: ReportContext): ReadonlyMap<string, string> {
  const families = new Map(context.run.runtimes.map(({ entry, family }) => [entry.name, family]));
  return familyColors(context.runtimes.map((name) => ({ name, family: families.get(name) })));
}

/** Name → colour, for data that are not a run. */
export function familyColors(
  runtimes: readonly { readonly name: string; readonly family: string | undefined }[],
): ReadonlyMap<string, string> {
  const colors = new Map<string, string>();
  for (const [family, members] of Map.groupBy(runtimes, (each) => familyOf(each.family))) {
    const ordered = members.toSorted((a, b) => Number(b.name === family.id) - Number(a.name === family.id));
    ordered.forEach(({ name }, i) => {
      colors.set(name, family.colors[i % family.colors.length] ?? family.colors[0]);
    });
  }
  return colors;
}

/** The runtimes of the items, in report order. */
export function runtimesOf(
  items: readonly { readonly runtime: string }[],
  context: ReportContext,
): readonly string[] {
  const names = new Set(items.map(({ runtime }) => runtime));
  return context.runtimes.filter((name) => names.has(name));
}

/** A runtime's name in charts: long names lose their middle, so that variants stay distinguishable. */
export function chartName(runtime: string): string {
  return cutMiddle(plainText(runtime), 34);
}

/** The shape of a runtime's dots. */
export function shapeOf(context: ReportContext, runtime: string): string {
  return shapes[context.runtimes.indexOf(runtime) % shapes.length] ?? 'circle';
}

/** `color` encoding by runtime, with the legend of the chart. */
export function runtimeColor(context: ChartContext, names: readonly string[]): Spec {
  const colors = runtimeColors(context);
  return byRuntime(context, names, (name) => colors.get(name) ?? '#6b6b6b');
}

/** `shape` encoding by runtime; its legend merges with that of {@link runtimeColor}. */
export function runtimeShape(context: ChartContext, names: readonly string[]): Spec {
  return byRuntime(context, names, (name) => shapeOf(context, name));
}

/** An encoding by runtime whose legend lists only shown runtimes; colours and shapes stay fixed. */
function byRuntime({ narrow }: ChartContext, names: readonly string[], sign: (name: string) => string): Spec {
  const domain = names.map(chartName);
  return {
    field: 'runtime',
    type: 'nominal',
    scale: { domain, range: names.map(sign) },
    legend: { columns: legendColumns(domain, narrow), values: shownNames },
  };
}
