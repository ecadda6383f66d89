import type { defaultLayer, Layer } from '../trial/cell.ts';

/** Engines that can start the containers of a run. */
export const engineKinds = ['docker', 'embedded', 'podman', 'containerd'] as const;
type EngineKind = (typeof engineKinds)[number];

/** Values of `--engine`. */
export const engineChoices = ['auto', ...engineKinds] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** Engines that are layers too, and do not use Docker. */
const layerEngines = ['podman', 'containerd'] as const satisfies readonly (EngineKind & Layer)[];
export type LayerEngineKind = (typeof layerEngines)[number];

/** Is it an engine that does not use Docker, and is a layer itself? */
export function isLayerEngine(choice: string): choice is LayerEngineKind {
  return (layerEngines as readonly string[]).includes(choice);
}

/** Can it be a Docker daemon that is already running? */
export function mayBeDocker(choice: string): boolean {
  return choice === 'auto' || choice === 'docker';
}

/** Only the type is imported: the command line uses these words and loads no schemas. */
const usualLayer: typeof defaultLayer = 'docker';

/** The layer at which an engine starts containers. */
export function ownLayer(choice: EngineChoice): Layer {
  return isLayerEngine(choice) ? choice : usualLayer;
}
