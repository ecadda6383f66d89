import { unknownName } from '../measure/schedule/choice.ts';
import { type Reason, reasons } from '../messages/define.ts';
import { suggestName } from '../model/nearest.ts';
import { measuredLayers } from '../model/run/extent.ts';
import { defaultLayer, formatParams, type Layer } from '../model/trial/cell.ts';
import { type Better, categorySchema } from '../model/workload/metric.ts';
import type { Workload } from '../model/workload/workload.ts';
import type { GateSubject } from './limit.ts';

const text = reasons('gate', {
  noSubject: {
    message: "must name a runtime and a workload or category, but is ''{key}''",
    fix: "write for example ''runsc startup/echo'' or ''runsc startup''",
  },
  unknownParams: { message: "{workload} has no parameters ''{params}''" },
  noParams: {
    message: "{workload} has no parameters, but ''{params}'' is given",
    fix: 'remove everything from ? on',
  },
  noCost: { message: 'tells how well a runtime isolates, which is not a cost', fix: 'name another category' },
  unknownLayer: { message: "there is no layer ''{layer}''" },
});

/** The subject that the left side of a gate names. */
export interface GateTarget {
  readonly subject: GateSubject;
  readonly layer: Layer;
  /** Whether lower or higher figures are better. */
  readonly better: Better;
}

/** Parse `runsc io/fio?op=randread at oci`; where a part names nothing, every such reason. */
export function namedIn(
  key: string,
  workloads: readonly Workload[],
): {
  readonly runtime: string | null;
  readonly named: GateTarget | null;
  readonly reasons: readonly Reason[];
} {
  const match = /^(\S+)\s+(\S.*?)(?:\s+at\s+(\S+))?$/s.exec(key.trim());
  if (match === null) return { runtime: null, named: null, reasons: [text.noSubject({ key })] };
  const [, runtime = '', name = '', written = defaultLayer] = match;
  const layer = measuredLayers.find((known) => known === written);
  const ofLayer =
    layer === undefined
      ? [text.unknownLayer({ layer: written, fix: suggestName(written, measuredLayers) })]
      : [];
  const found = subjectNamed(name, workloads);
  const reasons = [...('reason' in found ? [found.reason] : []), ...ofLayer];
  const named = 'reason' in found || layer === undefined ? null : { ...found, layer };
  return { runtime, named, reasons };
}

function subjectNamed(
  name: string,
  workloads: readonly Workload[],
): Omit<GateTarget, 'layer'> | { readonly reason: Reason } {
  const [id = '', ...rest] = name.split('?');
  const workload = workloads.find((one) => one.id === id);
  if (workload !== undefined) return ofWorkload(workload, rest.length === 0 ? null : rest.join('?'));
  const category = categorySchema.options.find((known) => known === name);
  if (category === undefined) return { reason: unknownName(name, workloads) };
  if (category === 'isolation') return { reason: text.noCost };
  return { subject: { kind: 'category', category }, better: 'lower' };
}

function ofWorkload(
  { id, category, metrics, presets }: Workload,
  written: string | null,
): Omit<GateTarget, 'layer'> | { readonly reason: Reason } {
  const [headline] = metrics;
  if (headline === undefined || category === 'isolation') return { reason: text.noCost };
  const { id: metric, unit, better } = headline;
  const known = [...new Set(Object.values(presets).flatMap((sets) => sets.map(formatParams)))];
  const params = written === null ? null : known.find((one) => inOrder(one) === inOrder(written));
  if (params !== undefined)
    return { subject: { kind: 'workload', workload: id, params, metric, unit }, better };
  return {
    reason: unknownParams(
      id,
      written ?? '',
      known.filter((one) => one !== ''),
    ),
  };
}

/** Parameters in canonical order. */
function inOrder(params: string): string {
  return params
    .split(';')
    .map((pair) => pair.trim())
    .toSorted()
    .join(';');
}

function unknownParams(workload: string, params: string, known: readonly string[]): Reason {
  if (known.length === 0) return text.noParams({ workload, params });
  return text.unknownParams({ workload, params, fix: suggestName(params, known) });
}
