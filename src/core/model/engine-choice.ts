import type { defaultLayer, Layer } from './cell.ts';

/** What can start the containers of a run. */
export const engineKinds = ['docker', 'embedded', 'podman', 'containerd'] as const;
type EngineKind = (typeof engineKinds)[number];

/** What `--engine` can say. */
export const engineChoices = ['auto', ...engineKinds] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** Those that are layers, too, and have nothing of Docker's. */
const layerEngines = ['podman', 'containerd'] as const satisfies readonly (EngineKind & Layer)[];
export type LayerEngineKind = (typeof layerEngines)[number];

/** Is it an engine without Docker, which is a layer itself? */
export function isLayerEngine(choice: string): choice is LayerEngineKind {
  return (layerEngines as readonly string[]).includes(choice);
}

/** Can it be a Docker daemon that runs already? */
export function mayBeDocker(choice: string): boolean {
  return choice === 'auto' || choice === 'docker';
}

/** Of its type alone: the command line has these words, and loads no schemas. */
const usualLayer: typeof defaultLayer = 'docker';

/** The layer at which an engine starts containers. */
export function ownLayer(choice: EngineChoice): Layer {
  return isLayerEngine(choice) ? choice : usualLayer;
}
