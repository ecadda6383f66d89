import type { CheckDefinition } from '../../model/machine/check.ts';
import type { EngineFacts, HostFacts } from '../../model/machine/host.ts';
import type { RuntimeFamily } from '../../model/runtime/runtime.ts';

/** The engine that is checked. */
interface EngineState {
  readonly engine: EngineFacts;
  readonly host: HostFacts;
  /** Families of the runtimes to be measured. */
  readonly families: readonly RuntimeFamily[];
}

/** A check of the engine: a file of `engine/` that exports one by default. */
export interface EngineCheck extends CheckDefinition<EngineState> {
  /** Position in the list, lowest first. */
  readonly order: number;
}
