import { answerTargets } from './answer-targets.ts';
import { artefactTargets } from './artefact-targets.ts';
import { configTargets } from './config-targets.ts';
import { fileTargets } from './file-targets.ts';
import { kernelTargets } from './kernel-targets.ts';
import { runTargets } from './run-targets.ts';
import { stackTargets } from './stack-targets.ts';
import type { FuzzTarget } from './target.ts';
import { toolTargets } from './tool-targets.ts';

/** Everything that reads what others write. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  return [
    ...configTargets,
    ...(await toolTargets()),
    ...kernelTargets,
    ...runTargets,
    ...artefactTargets,
    ...fileTargets,
    ...answerTargets,
    ...stackTargets,
  ];
}
