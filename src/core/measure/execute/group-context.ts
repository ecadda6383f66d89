import type { ContainerSpec } from '../../engine/engine.ts';
import type { Copy, Figure } from '../../model/trial/trial.ts';
import type { StartContext } from './lifecycle.ts';
import type { OutputBuffer } from './output-matcher.ts';

/**
 * Input that the containers of a group share. `marks` are the marks of the trial; marks of copies count from its first
 * mark.
 */
export interface GroupContext extends StartContext {
  /** The spec of every copy, except for the name, which gets the copy's number. */
  readonly spec: ContainerSpec;
  /** Collects the output of the first copy. */
  readonly output: OutputBuffer;
}

/** Results of a group trial apart from its marks. */
export interface GroupResult {
  readonly copies: readonly Copy[];
  readonly figures: Readonly<Record<string, Figure>>;
}
