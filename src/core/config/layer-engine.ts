import { reasons } from '../messages/define.ts';
import { defaultLayer, type Layer } from '../model/cell.ts';
import { type EngineChoice, isLayerEngine, ownLayer } from '../model/engine-choice.ts';
import { type Problem, problemOf } from '../model/error.ts';

const text = reasons('layerEngine', {
  noDocker: {
    message: 'must not have docker, since no Docker runs with the engine {engine}',
    fix: 'leave docker out, or measure both:  --engine embedded --layers docker,{engine}',
  },
});

interface EngineAndLayers {
  readonly engine?: EngineChoice | undefined;
  readonly layers?: readonly Layer[] | undefined;
}

/** What is wrong with the layers of an engine without Docker. */
export function layerEngineProblems(
  { engine = 'auto', layers = [] }: EngineAndLayers,
  file: string,
): readonly Problem[] {
  if (!isLayerEngine(engine) || !layers.includes(defaultLayer)) return [];
  return [problemOf({ file, key: 'layers' }, text.noDocker({ engine }))];
}

/** The layers of a run as it records them: without an entry, Docker's alone. */
export function recordedLayers({ engine = 'auto', layers }: EngineAndLayers): { layers?: Layer[] } {
  if (layers !== undefined) return { layers: [...new Set(layers)] };
  return isLayerEngine(engine) ? { layers: [ownLayer(engine)] } : {};
}
