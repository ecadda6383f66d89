import type { EngineSession } from './engine-session.ts';

/**
 * Joins several engines into one session: each trial runs in the engine of its cell, and the loss of any engine is a loss of
 * the session.
 */
export function severalEngines(
  first: EngineSession,
  named: ReadonlyMap<string, EngineSession>,
): Pick<EngineSession, 'trials' | 'lost'> & { readonly named: ReadonlyMap<string, EngineSession> } {
  return {
    named,
    trials(options) {
      const runners = new Map([...named].map(([name, each]) => [name, each.trials(options)]));
      const usual = first.trials(options);
      return (spec, place) => {
        const { engine } = spec.cell;
        const runner = engine === undefined ? usual : runners.get(engine);
        if (runner === undefined) throw new Error(`trial ${spec.trialId}: there is no engine ${engine}`);
        return runner(spec, place);
      };
    },
    async lost() {
      for (const each of named.values()) {
        const how = await each.lost();
        if (how !== null) return how;
      }
      return null;
    },
  };
}
