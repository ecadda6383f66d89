import type { WorkloadSubject } from '../../core/measure/schedule/subjects.ts';
import { listed } from '../../core/messages/compose.ts';
import { messages, notices, reasons } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { misuse, problemOf } from '../../core/model/failure/error.ts';
import { layersOf, type ResolvedConfig } from '../../core/model/run/run.ts';
import { scheduledLayers } from './layers.ts';

const text = notices('layer', {
  leftOut:
    'the layer {layer} leaves out {workloads}: it can only start a program of the image base that prints and ends, as in startup/echo',
  noDuets: 'the layer {layer} is left out: its tools are not measured in duets',
  nothingLeft: 'nothing is left to measure',
});
const why = reasons('layer', {
  onlyStarts: {
    message: 'runs none of the workloads',
    fix: 'use --workloads startup/echo without --set duet=true, or add another layer',
  },
});
const words = messages('layer', { more: '{n} more' });

/** Number of workloads that a warning names. */
const named = 4;

/**
 * A sentence for each layer with its own tools, saying what it leaves out. OcibenchError (exit 2) where no layer of the run has
 * anything left to measure.
 */
export function layerWarnings(
  subjects: readonly WorkloadSubject[],
  config: Pick<ResolvedConfig, 'layers' | 'duet'>,
): readonly Message[] {
  const layers = scheduledLayers(layersOf(config)).map(({ layer, runners }) => ({
    layer,
    left: runners === undefined ? [] : subjects.filter((each) => config.duet || runners(each).length === 0),
  }));
  if (subjects.length > 0 && layers.every(({ left }) => left.length === subjects.length))
    throw misuse(
      text.nothingLeft,
      layers.map(({ layer }) => problemOf({ file: '--layers', key: layer }, why.onlyStarts)),
    );
  return layers.flatMap(({ layer, left }) => {
    if (left.length === 0) return [];
    if (config.duet) return [text.noDuets({ layer })];
    const ids = [...new Set(left.map(({ workload }) => workload.id))];
    const more = ids.length - named;
    const workloads = more > 1 ? [...ids.slice(0, named), words.more({ n: more })] : ids;
    return [text.leftOut({ layer, workloads: listed(workloads, 'and') })];
  });
}
